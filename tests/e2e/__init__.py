"""Tests in real Chromium, with a real JupyterLab and a real Voilà."""
