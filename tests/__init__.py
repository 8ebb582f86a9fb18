"""All tests: `unit`, `http` (real sockets) and `e2e` (real JupyterLab, Voilà and Chromium)."""
