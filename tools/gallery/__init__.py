"""Every state of the card in the dress of every host: pictures to look at, and to compare with.

``python -m tools.gallery`` makes them (``make gallery``); `tests/e2e/test_gallery.py` compares.
"""
