"""The live card: its traits, its watching, its pages, and what it leaves in a saved notebook.

`JobWidget` is the public widget; the modules beside it each know one thing, such as whether a page shows the card. May
import all other folders but `extension` and `simulator`.
"""
