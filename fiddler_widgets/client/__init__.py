"""Ask the platform about one job, once and safely.

A connection knows the address, the token and how requests get there; one request is bounded in time and size, and what
goes wrong becomes an `ApiError` in plain words. Here it is also decided which connection counts: that of `fw.init`, or
that of the official client. May import the leaves: `configs`, `exceptions`, `models`, `messages`, `environment`.
"""
