"""From a job's state to its presentation: words, text, HTML and SVG.

All of it is pure. The live card, the saved card and the terminal use the same functions, so they say the same. Text of
the server is cut and sanitised here. May import the leaves.
"""
