"""HTML pages and texts that something between a client and the platform sends instead of an answer."""

from __future__ import annotations

__all__ = ["BLOCKED", "DEFAULT_BACKEND", "PROXY_PASSWORD", "SIGN_IN"]

SIGN_IN = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><h1>Sign in to continue</h1><p>Your session has ended.</p></body></html>
"""
"""The sign-in page of a proxy."""

BLOCKED = b"""<!DOCTYPE html>
<html><head><title>Request blocked</title></head>
<body><h1>Access denied</h1><p>The request looks like an attack. Reference: 18.5c2e1402.</p></body></html>
"""
"""The page of a web application firewall that took a request for an attack."""

DEFAULT_BACKEND = b"default backend - 404"
"""The text of a Kubernetes ingress without a backend for a path, as while the platform is being deployed."""

PROXY_PASSWORD = b"""<!DOCTYPE html>
<html><head><title>Proxy Authentication Required</title></head>
<body><h1>The proxy wants to know who you are</h1></body></html>
"""
"""The page of a forward proxy that asks for a name and password."""
