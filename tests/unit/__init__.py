"""Tests without sockets or sleeps."""
