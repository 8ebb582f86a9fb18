"""Kernel and page agree on messages and payloads, and what is sent is what was agreed on."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.polling.report import Report
from fiddler_widgets.rendering import card_content
from fiddler_widgets.rendering.history import History
from fiddler_widgets.widget import output_type, protocol
from fiddler_widgets.widget.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = Path(__file__).parents[2] / "js" / "src" / "protocol.js"
EXTENSION = SOURCE.with_name("lab") / "output_type.js"
PAYLOADS = ("Clock", "Notice", "Failure", "Said", "Tasks", "HistoryPayload")
STATE = JobState(
    id="job",
    name="Upload",
    status=fw.JobStatus.FAILURE,
    progress=40.0,
    error_reason="Bad",
    error_message="row 7",
    extras={"one": {"status": "FAILURE", "error_message": "row 7"}},
)
RUNNING = dataclasses.replace(STATE, status=fw.JobStatus.STARTED)


@pytest.fixture
def page_side() -> str:
    """Return the page's side; the sources are in a checkout, not in a wheel."""
    if not SOURCE.exists():
        pytest.skip("the frontend's sources are in a checkout, not in a wheel")
    return SOURCE.read_text(encoding="utf-8")


def keys(payload: str) -> set[str]:
    """Return the keys of a payload in Python."""
    return set(getattr(protocol, payload).__annotations__)


def test_messages_have_the_same_names_on_both_sides(page_side: str) -> None:
    """Each constant of the page is one of the kernel, with the same value, and the other way round."""
    page = dict(re.findall(r'^export const (\w+) = "(\w+)";$', page_side, re.MULTILINE))
    kernel = {name: value for name, value in vars(protocol).items() if name.isupper() and isinstance(value, str)}
    assert page == kernel


def test_extension_of_jupyterlab_has_the_same_names(page_side: str) -> None:
    """As above, but for the widgets' own format, which the kernel's side does not tell."""
    del page_side
    source = EXTENSION.read_text(encoding="utf-8")
    page = dict(re.findall(r'^export const (\w+) = "(.+)";$', source, re.MULTILINE))
    del page["WIDGET_TYPE"]
    assert page == {name: getattr(output_type, name) for name in output_type.__all__}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_have_the_same_keys_on_both_sides(page_side: str, payload: str) -> None:
    """What one side writes is what the other reads."""
    definition = re.search(rf"@typedef {{object}} {payload}\n(.*?)\*/", page_side, re.DOTALL)
    assert definition is not None
    assert set(re.findall(r"@property {.+?} \[?(\w+)", definition[1])) == keys(payload)


def history() -> History:
    """Return what was seen of a job in two looks."""
    seen = History()
    seen.see(100.0, Report(RUNNING, Health.LIVE, "", answered=True))
    seen.see(110.0, Report(STATE, Health.OVER, "", answered=True))
    return seen


def sent() -> Mapping[str, Mapping[str, Any]]:
    """Return a payload of each kind, as it is sent."""
    said = card_content.card_content("job", STATE, Health.OVER, "")
    outage = card_content.card_content("job", RUNNING, Health.RETRYING, "The server is away.")
    report = Report(STATE, Health.OVER, "")
    return {
        "Clock": Stopwatch().clock(report, 1.0) | history().times(120.0),
        "Said": said,
        "Failure": said["failure"],
        "Notice": outage["notice"],
        "Tasks": card_content.tasks(STATE),
        "HistoryPayload": history().as_dict(),
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_sent_has_the_keys_that_were_agreed_on(payload: str) -> None:
    """No key is missing, and none is sent that nobody reads."""
    assert sent()[payload].keys() == keys(payload)
