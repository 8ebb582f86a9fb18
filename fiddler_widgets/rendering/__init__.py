"""From a job's state to what is said of it: words, text, HTML and SVG.

All of it is pure, and the live card, the saved card and the terminal say the same because they take it from here. Text
of the server is bounded and made harmless on its way. May import the leaves.
"""
