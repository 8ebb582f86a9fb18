"""`JobWidget`: traits, messages, waits, callbacks and views, against a server without a network."""
