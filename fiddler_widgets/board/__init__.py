"""The live board of many jobs: one widget with a table of rows, of which only changes go to the page.

`JobBoard` is the public widget; `table` and the modules beside it are pure. May import all other folders but
`extension` and `simulator`.
"""
