"""The static card: what it says, with and without its style sheet, and that nothing in it can do harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.rendering import badges, static_card
from fiddler_widgets.rendering.static_card import CardSnapshot

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


def seen(health: Health = Health.OVER, detail: str = "", **fields: Any) -> CardSnapshot:
    """A job that was watched for two minutes until a known time."""
    data = {"id": ID, "name": "Upload", "status": "SUCCESS", "progress": 100.0, **fields}
    return CardSnapshot(ID, JobState.from_wire({"data": data}, expected_id=ID), health, detail, 125.2, 1_795_000_000.0)


class _Text(HTMLParser):
    """The text and the tags, as a host leaves them that takes away styles, scripts, classes and unknown tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside != "style":
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


def test_success_reads_well_without_any_style() -> None:
    """Status, name, per cent, what it works on, times and id, in reading order."""
    text = _Text(static_card.html(seen(info={"project_name": "bank", "resource_type": "DATASET"}))).text
    assert text == (
        "Succeeded Upload 100 % project bank watched for 2 min 5 s, ended by 2026-11-18 11:06 UTC "
        f"Details Job id {ID} Status SUCCESS Last seen 2026-11-18 11:06:40 UTC Project bank"
    )


def test_failure_gives_reason_and_whole_message() -> None:
    """Both stand open, with line breaks kept."""
    html = static_card.html(seen(status="FAILURE", progress=40, error_reason="Oops", error_message="one\ntwo"))
    assert "Failed" in _Text(html).text
    assert '<div class="fw-reason" dir="auto">Oops</div>' in html
    assert '<pre dir="auto">one\ntwo</pre>' in html


def test_failure_and_revocation_say_what_to_do_now() -> None:
    """The same words as on the live card; a job that went well needs none."""
    failed = seen(status="FAILURE", extras={"a": {"status": "FAILURE"}})
    assert (
        "What now: fix the cause, then start the job again. See Details for the errors of its subtasks."
        in _Text(static_card.html(failed)).text
    )
    assert "start it again if it is needed" in _Text(static_card.html(seen(status="REVOKED"))).text
    assert "What now" not in static_card.html(seen())


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("\n".join(f"line {number}" for number in range(1, 41)), "line 1\nline 2\nline 3\nline 4"),
        ("Traceback (most recent call last):\n" + "  File x\n" * 30 + "ValueError: text\n", "ValueError: text"),
    ],
)
def test_long_message_is_folded(message: str, first: str) -> None:
    """What says most stands open, the whole is a click away."""
    html = static_card.html(seen(status="FAILURE", error_message=message))
    assert f'<pre dir="auto">{first}</pre>\n<details><summary>The whole message</summary>' in html
    assert f'<pre dir="auto">{message}</pre></details>' in html


def test_retries_are_told() -> None:
    """How often the job began anew; nothing where it did not."""
    assert "Retries seen 2" in _Text(static_card.html(seen()._replace(retries=2))).text
    assert "Retries" not in static_card.html(seen())


@pytest.mark.parametrize("health", [Health.LIVE, Health.STARTING])
def test_job_that_goes_on_says_as_of_when(health: Health) -> None:
    """A saved card never passes for a live one."""
    html = static_card.html(seen(health, status="STARTED", progress=42.55))
    text = _Text(html).text
    assert text.startswith("Last seen: running Upload 42.5 %")
    assert "as of 2026-11-18 11:06:40 UTC" in text
    assert "Saved copy The job was not over when this was saved." in text
    assert f'To follow it: fiddler_widgets.JobWidget("{ID}")' in text
    assert "data-fw-held" in html


@pytest.mark.parametrize("health", [Health.STARTING, Health.REFUSED])
def test_state_of_unknown_age_is_as_of_its_display_or_earlier(health: Health) -> None:
    """No answer has come yet, and nobody knows how old what the official client knew is."""
    unknown = seen(health, "The token was refused.", status="STARTED", progress=30)
    unknown = unknown._replace(at=None, watched=0.0, shown_at=1_795_000_000.0)
    html = static_card.html(unknown)
    assert "as of 2026-11-18 11:06:40 UTC or earlier" in _Text(html).text
    assert "<dt>Last seen" not in html


def test_job_without_any_answer_is_unseen_as_of_its_display() -> None:
    """Nothing is older than that."""
    text = _Text(
        static_card.html(CardSnapshot(ID, None, Health.STARTING, "", 0.0, None, shown_at=1_795_000_000.0))
    ).text
    assert "as of 2026-11-18 11:06:40 UTC Saved copy" in text


def test_watching_that_ended_says_why() -> None:
    """The health and its sentence stand where the reader looks."""
    text = _Text(static_card.html(seen(Health.REFUSED, "The token was refused.", status="STARTED"))).text
    assert "Watching ended: token refused The token was refused. To follow it:" in text
    assert "Saved copy" not in text


@pytest.mark.parametrize("health", [Health.STOPPED, Health.TIMED_OUT])
def test_saved_card_does_not_claim_that_the_job_goes_on(health: Health) -> None:
    """That was true when the watching ended."""
    text = _Text(static_card.html(seen(health, "Stopped watching; the job goes on.", status="STARTED"))).text
    assert "The job was not over when this was saved." in text
    assert "goes on" not in text


def test_job_that_was_never_seen() -> None:
    """There is a card even so."""
    text = _Text(static_card.html(CardSnapshot(ID, None, Health.NOT_FOUND, "There is no such job.", 0.0, None))).text
    assert text == (
        "Unknown Job e9a2a782 Watching ended: job not found There is no such job. "
        f'To follow it: fiddler_widgets.JobWidget("{ID}") '
        f"Details Job id {ID} Status not known yet"
    )


def test_subtasks_list_the_failed_ones_first() -> None:
    """With counts, words and errors."""
    extras = {
        "one": {"status": "SUCCESS", "error_message": None},
        "two": {"status": "FAILURE", "error_message": "no space"},
        "three": "nonsense",
    }
    text = _Text(static_card.html(seen(extras=extras))).text
    assert "1 of 3 subtasks failed" in text
    assert text.endswith("Subtasks 1 of 3 done, 1 failed Failed two no space Unknown three Succeeded one")


def test_many_subtasks_are_bounded() -> None:
    """A hundred are listed, and the rest counted."""
    html = static_card.html(seen(extras={str(number): {"status": "SUCCESS"} for number in range(1000)}))
    assert "and 900 more" in html
    assert len(html) < 20_000


HOSTILE = '</style></div><script>alert(1)</script><img src=x onerror="x">\u202e\x1b[31m&amp;'


@pytest.mark.parametrize("field", ["name", "status", "error_reason", "error_message"])
def test_hostile_text_stays_text(field: str) -> None:
    """No tag, no attribute and no control character of the server's gets through."""
    fields: dict[str, Any] = {"status": "FAILURE", field: HOSTILE}
    html = static_card.html(seen(**fields))
    page = _Text(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    known = {"class", "style", "dir", "role", "aria-label", "aria-valuenow", "data-fw-tone", "data-fw-held"}
    assert {name for name, _ in page.attributes} <= known
    assert "\u202e" not in html
    assert "\x1b" not in html


def test_hostile_info_and_subtasks_stay_text() -> None:
    """The same for keys and values in there."""
    page = _Text(static_card.html(seen(info={HOSTILE: HOSTILE}, extras={HOSTILE: {"status": HOSTILE}})))
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_huge_message_is_bounded_and_says_so() -> None:
    """A megabyte does not go into the notebook."""
    html = static_card.html(seen(status="FAILURE", name="n" * 1_000_000, error_message="x" * 1_000_000))
    assert len(html) < 20_000
    assert "x…</pre>" in html


def test_ordinary_card_is_small_and_stands_alone() -> None:
    """Below 6 KB with its style sheet; no script, no address to fetch anything from."""
    html = static_card.html(seen(info={"project_name": "bank", "model_name": "churn", "resource_type": "DATASET"}))
    assert len(html.encode()) < 6 * 1024
    assert not re.search(r"<script|<link|@import|src=|href=|https?:(?!//www\.w3\.org/2000/svg)", html)


def test_two_runs_differ_in_few_lines() -> None:
    """Neither ids made up on the way nor anything else that changes without a reason."""
    one, other = (static_card.html(seen()._replace(watched=watched)).splitlines() for watched in (60, 70))
    assert len(one) == len(other)
    assert sum(line != its for line, its in zip(one, other, strict=True)) == 1


def test_icons_are_those_of_the_live_card() -> None:
    """Each one that a badge may have is in the frontend, under the same name."""
    bundle = resources.files("fiddler_widgets").joinpath("static/job_widget.js").read_text("utf-8")
    for name, path in badges.ICONS.items():
        assert re.search(rf'{name}:\s+"{re.escape(path)}"', bundle), name
    assert {badges.badge(status).icon for status in ("", "ODD", *fw.JobStatus)} <= set(badges.ICONS)
