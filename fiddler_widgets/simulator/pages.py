"""Pages for people, as what stands between a client and the platform sends them in place of an answer."""

from __future__ import annotations

__all__ = ["BLOCKED", "DEFAULT_BACKEND", "PROXY_PASSWORD", "SIGN_IN"]

SIGN_IN = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><h1>Sign in to continue</h1><p>Your session has ended.</p></body></html>
"""
"""A proxy's sign-in."""

BLOCKED = b"""<!DOCTYPE html>
<html><head><title>Request blocked</title></head>
<body><h1>Access denied</h1><p>The request looks like an attack. Reference: 18.5c2e1402.</p></body></html>
"""
"""A web application firewall that took a request for an attack."""

DEFAULT_BACKEND = b"default backend - 404"
"""An ingress of Kubernetes that has no backend for a path, as while the platform is deployed anew."""

PROXY_PASSWORD = b"""<!DOCTYPE html>
<html><head><title>Proxy Authentication Required</title></head>
<body><h1>The proxy wants to know who you are</h1></body></html>
"""
"""A forward proxy that asks for a name and password."""
