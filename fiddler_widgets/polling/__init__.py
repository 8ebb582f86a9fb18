"""Decide when to look at each job, and look at all jobs of the process with a few threads.

The modules that decide (forecast, schedule, rate limit, job monitor) do no I/O and are told the time by their caller.
The poller runs them with one stream of requests per job, and hands a `Report` to every subscriber. May import the
leaves, and `client` for types only.
"""
