"""What users hold in code: `Job`, and waiting for one job or for many.

A `Job` is a handle on a job's id, connection and last state; every wait is one subscription with a deadline of its own.
How a job looks in a notebook is registered from outside. May import the leaves, `client`,
`polling` and `journal`.
"""
