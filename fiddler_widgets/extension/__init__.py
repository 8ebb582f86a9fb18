"""What `%load_ext fiddler_widgets` does: jobs of the official client become live cards.

It is put on and taken off without a trace, and is imported only when it is asked for. May import all other folders but
`simulator`.
"""
