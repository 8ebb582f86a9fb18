"""What holds after each of these tests, and what they record."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

import comm
import ipywidgets
import pytest

from fiddler_widgets.journal import api as journal_api
from fiddler_widgets.polling import poller, shared_poller
from tests.http.concurrency.moments import RecordingComm

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _silence(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is logged as an error, and no thread or destructor raises, in any of these tests."""
    raised: list[str] = []
    in_thread, unraisable = threading.excepthook, sys.unraisablehook
    threading.excepthook = lambda args: raised.append(repr(args.exc_value))
    sys.unraisablehook = lambda args: raised.append(repr(args.exc_value))
    try:
        yield
        gc.collect()
    finally:
        threading.excepthook, sys.unraisablehook = in_thread, unraisable
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert (raised, errors) == ([], [])


@pytest.fixture(autouse=True)
def _own_poller(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A poller for each test, so that what one leaves behind is not found by the next; it ends with no thread."""
    # The poller of the process may still have threads, if a test of another file used it a moment ago.
    others = set(threading.enumerate())
    own = poller.Poller(linger=0.5)
    monkeypatch.setattr(shared_poller, "_shared", own)
    yield
    ipywidgets.Widget.close_all()
    own.close(8)
    journal_api.close()
    left = [thread for thread in threading.enumerate() if thread not in others]
    assert [thread.name for thread in left if thread.name.startswith("fiddler-widgets")] == []


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Every message to the page, from here on: comm, type and data."""
    messages: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(RecordingComm, "sent", messages, raising=False)
    monkeypatch.setattr(comm, "create_comm", RecordingComm)
    return messages
