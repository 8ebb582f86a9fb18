"""Start, stop, close, display, collect, fork, interrupt and exit, at any moment and from any thread, many times over.

Whatever is done when: no exception that nobody asked for, no thread or subscription left, nothing sent after `close`,
and in the end a page that shows what the traits say.
"""
