"""Ask the platform about one job, once and safely.

A connection has the address, the token and the options of requests. Each request is bounded in time and size, and each
failure becomes an `ApiError` in plain words. `default_connection` decides which connection counts: that of `fw.init` or
that of the official client. May import the leaves: `configs`, `exceptions`, `models`, `messages`, `environment`.
"""
