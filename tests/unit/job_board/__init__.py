"""`JobBoard`: jobs, traits, messages and waits, against a server without a network."""
