"""Decide when to look at each job, and look at all jobs of the process with a few threads.

What decides (forecast, schedule, rate limit, job monitor) is pure and has no clock of its own; the poller runs it, with
one stream of requests for each job, and hands a `Report` to all who subscribed. May import the leaves, and `client` for
types only.
"""
