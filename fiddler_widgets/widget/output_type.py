"""What the kernel and the JupyterLab extension have in common; the extension's side is ``js/src/lab/output_type.js``.

A leaf, read by ``tests/unit/test_protocol.py``, which compares the two.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COMM_TARGET", "OUTPUT_MARK", "OUTPUT_TYPE", "PUBLISHED_AGAIN"]

OUTPUT_TYPE: Final = "application/x.fiddler-widgets+json"
"""The format that stands beside the widget's in an output while it is live: ``{"model_id": ...}``.

Hosts without the extension do not know it. Not below ``application/vnd.``, since some hosts prefer all of that to HTML.
"""

COMM_TARGET: Final = "fiddler_widgets"
"""The comms by which a page reaches a widget that it has no model of."""

PUBLISHED_AGAIN: Final = "fiddler_widgets"
"""In a display's ``transient``, which is not saved: the id of the widget whose output is published again."""

OUTPUT_MARK: Final = "fiddler_widgets"
"""In an output's metadata, which is saved: ``{"output_id": ...}``, the display id, whatever the output shows by now.

Two outputs with the same one are what two readers of a shared notebook have put in one's place at once.
"""
