"""The IPython extension, `%load_ext fiddler_widgets`: jobs of the official client become live cards.

Unloading it restores everything as it was. It is imported only when it is loaded. May import all other folders except
`simulator`.
"""
