"""The Python API for jobs: `Job`, and waiting for one job or for many.

A `Job` is a handle on a job's id, connection and last state; every wait is one subscription with its own deadline.
`widget` registers how a job looks in a notebook. May import the leaves, `client`, `polling` and `journal`.
"""
