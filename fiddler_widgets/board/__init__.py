"""The live board of many jobs: one widget with a table of rows; only changes of the table are sent to the page.

`JobBoard` is the public widget; `table`, `rows`, `summary` and `row_filter` are pure. May import all other folders
except `extension` and `simulator`.
"""
