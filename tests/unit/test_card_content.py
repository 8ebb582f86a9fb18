"""What a card says besides its times: every status, every health, and text of any shape."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from fiddler_widgets.models import Health, JobStatus
from fiddler_widgets.rendering.badges import badge
from fiddler_widgets.rendering.card_content import card_content, card_name, tasks
from tests.unit import shared_card_content
from tests.unit.shared_card_content import ID, NAME, state_of

ENDED = [health for health in Health if health.ended and health is not Health.OVER]


def said(status: str = "STARTED", health: Health = Health.LIVE, detail: str = "", **fields: Any) -> dict[str, Any]:
    """Return what the card of such a job says."""
    return card_content(ID, state_of(status, **fields), health, detail)


def tasks_of(extras: dict[str, Any], status: str = "STARTED") -> dict[str, Any]:
    """Return the subtasks of such a job."""
    return tasks(state_of(status, extras=extras))


# ---- the badge


@pytest.mark.parametrize(
    ("status", "word", "tone", "icon"),
    [
        ("PENDING", "Queued", "idle", "clock"),
        ("STARTED", "Running", "run", "spinner"),
        ("RETRY", "Retrying", "warn", "retry"),
        ("SUCCESS", "Succeeded", "ok", "tick"),
        ("FAILURE", "Failed", "bad", "cross"),
        ("REVOKED", "Revoked", "idle", "barred"),
        ("", "Unknown", "idle", "question"),
        ("WAITING_FOR_QUOTA", "WAITING_FOR_QUOTA", "idle", "question"),
    ],
)
def test_badge_of_a_status(status: str, word: str, tone: str, icon: str) -> None:
    """Word, tone and icon together, never colour alone; a status that is not known is shown as it came."""
    assert badge(status) == (word, tone, icon)


def test_badge_before_the_first_answer() -> None:
    """Connecting while an answer may yet come; unknown for a job that was never seen."""
    assert said("", Health.STARTING)["status"] == said("", Health.RETRYING)["status"] == "Connecting"
    assert said("", Health.NOT_FOUND)["status"] == "Unknown"


def test_no_two_statuses_look_alike() -> None:
    """Each has a word and an icon of its own, for those who see no colour."""
    badges = [badge(status) for status in JobStatus]
    assert len({one.word for one in badges}) == len({one.icon for one in badges}) == len(badges)


# ---- the name


def test_name_is_the_short_id_until_it_is_known() -> None:
    """Before the first answer there is only an id; a name of blanks is none."""
    assert said("")["name"] == "Job e9a2a782"
    assert said(name="  ")["name"] == "Job e9a2a782"
    assert said()["name"] == NAME
    assert card_name("x" * 100, None) == "Job " + "x" * 13 + "…"


# ---- the health


@pytest.mark.parametrize(
    ("health", "tone", "head"),
    [
        (Health.RETRYING, "warn", "Reconnecting"),
        (Health.STOPPED, "idle", "Stopped watching"),
        (Health.TIMED_OUT, "warn", "Watching timed out"),
        (Health.REFUSED, "warn", "Watching ended: token refused"),
        (Health.NOT_FOUND, "warn", "Watching ended: job not found"),
        (Health.ERROR, "warn", "Watching ended: error"),
    ],
)
def test_trouble_is_a_notice(health: Health, tone: str, head: str) -> None:
    """With a heading that speaks of the watching, and the sentence below it; red is for jobs that failed."""
    notice = said(health=health, detail="something went wrong")["notice"]
    keeps_trying = " The card keeps trying." if health is Health.RETRYING else ""
    assert (notice["tone"], notice["head"], notice["detail"]) == (tone, head, "Something went wrong." + keeps_trying)
    assert said(health=health)["chip"] == ""


def test_good_health_is_a_quiet_word() -> None:
    """And no notice."""
    assert (said()["chip"], said()["notice"]) == ("live", None)
    assert (said(health=Health.STARTING)["chip"], said(health=Health.STARTING)["notice"]) == ("connecting", None)
    assert said("", Health.STARTING)["chip"] == ""


def test_what_is_said_while_all_is_well_is_a_notice_without_a_heading() -> None:
    """As after a wait that was interrupted."""
    notice = said(detail="Stopped waiting; the job goes on.")["notice"]
    assert notice == {"tone": "idle", "icon": "info", "head": "", "detail": "Stopped waiting; the job goes on."}


def test_notice_does_not_repeat_its_heading() -> None:
    """Of "Stopped watching; the job goes on." only the second half is left."""
    notice = said(health=Health.STOPPED, detail="Stopped watching; the job goes on.")["notice"]
    assert (notice["head"], notice["detail"]) == ("Stopped watching", "The job goes on.")


@pytest.mark.parametrize(("status", "health"), list(product(("SUCCESS", "FAILURE", "REVOKED"), Health)))
def test_the_end_of_a_job_is_no_trouble(status: str, health: Health) -> None:
    """Whatever becomes of the watching: the status alone ends the show."""
    its = said(status, health, "some detail")
    assert (its["final"], its["held"], its["notice"], its["chip"]) == (True, False, None, "")


def test_what_nobody_watches_any_more_is_held() -> None:
    """And what is watched is not."""
    assert all(said(health=health)["held"] for health in ENDED)
    assert not any(said(health=health)["held"] for health in Health if not health.ended)


def test_what_is_waited_for_stands_where_the_particulars_will() -> None:
    """So that the card does not jump at the first answer."""
    assert said("", Health.STARTING, "Waiting for the first answer.")["what"] == "Waiting for the first answer."
    assert said(health=Health.STARTING, detail="Waiting", info={"project_name": "bank"})["what"] == "project\u00a0bank"


def test_details_have_the_status_as_it_is_on_the_wire() -> None:
    """And how the watching goes, in full."""
    assert said(detail="All is well.")["rows"] == [["Status", "STARTED"], ["Watching", "live: All is well."]]
    assert said("")["rows"] == [["Status", "not known yet"], ["Watching", "live"]]


# ---- a failure


@pytest.mark.parametrize(
    ("reason", "message", "headline"),
    [
        (None, None, "The job failed without saying why"),
        (None, "boom", "The job failed"),
        ("Bad file", "boom", "Bad file"),
        (" Bad file ", None, "Bad file"),
    ],
)
def test_failure_has_a_headline(reason: str | None, message: str | None, headline: str) -> None:
    """A platform that does not say why is not papered over."""
    failure = said("FAILURE", Health.OVER, error_reason=reason, error_message=message)["failure"]
    assert (failure["reason"], failure["tone"]) == (headline, "bad")


def test_failure_is_not_claimed_of_a_job_that_only_reports_an_error() -> None:
    """A retry may tell what went wrong before; a job without errors has no failure."""
    failure = said("RETRY", error_message="worker lost")["failure"]
    assert (failure["reason"], failure["tone"]) == ("The platform reports an error", "warn")
    assert said()["failure"] is None


def test_failure_gives_the_lead_of_a_long_message_only() -> None:
    """A short one is shown whole."""
    long = "\n".join(f"line {number}" for number in range(40))
    assert said("FAILURE", error_message=long)["failure"]["lead"].startswith("line 0\n")
    assert said("FAILURE", error_message="short")["failure"]["lead"] == ""


# ---- subtasks


@pytest.mark.parametrize(
    ("statuses", "words", "ill"),
    [
        ([], "", False),
        (["SUCCESS", "STARTED"], "1 of 2 subtasks done", False),
        (["SUCCESS", "FAILURE", None], "1 of 3 subtasks failed", True),
    ],
)
def test_subtasks_are_counted_at_a_glance(statuses: list[str | None], words: str, ill: bool) -> None:  # noqa: FBT001
    """Those that failed, else those that are done."""
    its = said(extras={str(number): {"status": status} for number, status in enumerate(statuses)})
    assert (its["tasks"], its["ill"]) == (words, ill)


def test_subtasks_of_the_details_have_the_failed_ones_first() -> None:
    """Each with the number of its kind, and its error in full."""
    error = "e" * 5000
    found = tasks_of(
        {
            "a": {"status": "SUCCESS"},
            "b": {"status": "FAILURE", "error_message": f" {error} "},
            "c": {"status": "ODD"},
            "d": None,
        }
    )
    assert found["counted"] == "1 of 4 done, 1 failed"
    rows = [(id_, found["kinds"][kind][0], error) for id_, kind, error in found["rows"]]
    assert rows == [("b", "Failed", error), ("c", "ODD", ""), ("d", "Unknown", ""), ("a", "Succeeded", "")]
    assert found["kinds"][0] == ["Failed", "bad", "cross"]


def test_subtasks_are_bounded_at_a_thousand() -> None:
    """What is beyond is counted; no subtasks are nothing at all."""
    found = tasks_of({str(number): {"status": "PENDING"} for number in range(1200)})
    assert (len(found["rows"]), found["more"]) == (1000, "and 200 more")
    assert tasks_of({"a": {}})["more"] == ""
    assert tasks_of({}) == tasks(None) == {}


@pytest.mark.parametrize("status", ["STARTED", "PENDING", "RETRY"])
def test_no_subtask_goes_on_when_its_job_is_over(status: str) -> None:
    """Whatever was last said of it."""
    word = badge(status).word
    assert tasks_of({"a": {"status": status}})["kinds"] == [list(badge(status))]
    assert tasks_of({"a": {"status": status}}, "FAILURE")["kinds"] == [[f"Was {word.lower()}", "idle", "dots"]]
    assert tasks_of({"a": {"status": "SUCCESS"}}, "FAILURE")["kinds"] == [["Succeeded", "ok", "tick"]]


# ---- what to do now


@pytest.mark.parametrize(
    ("status", "failed", "words"),
    [
        ("STARTED", False, ""),
        ("STARTED", True, "wait; the job goes on, and may yet fail. See Details for the errors of its subtasks."),
        ("RETRY", False, "nothing; the platform tries the job again by itself."),
        ("FAILURE", False, "fix the cause, then start the job again."),
        ("FAILURE", True, "start the job again. See Details for the errors of its subtasks."),
        ("REVOKED", True, "the job was cancelled and will not finish; start it again if it is needed."),
        ("SUCCESS", True, ""),
    ],
)
def test_what_to_do_now_is_said_where_something_went_wrong(status: str, failed: bool, words: str) -> None:  # noqa: FBT001
    """With the job, or with a part of it."""
    its = said(status, extras={"a": {"status": "FAILURE"}} if failed else {})["next"]
    assert its.endswith(words)
    assert its.startswith("What now: ") is bool(words)


def test_status_that_is_not_known_is_owned_up_to() -> None:
    """It is followed all the same."""
    assert "new to the card" in said("WAITING_FOR_QUOTA")["notice"]["detail"]
    assert said("WAITING_FOR_QUOTA", detail="Something else.")["notice"]["detail"] == "Something else."


# ---- text of any shape


HOSTILE = "\x1b[31m\u202e" + "<b>" + "x" * 1_000_000


@pytest.mark.parametrize("health", Health)
def test_face_is_bounded_and_harmless(health: Health) -> None:
    """A megabyte anywhere does not reach the page, nor does a control character or an override of direction."""
    info = {"project_name": HOSTILE, "model": {"name": HOSTILE}, HOSTILE: HOSTILE}
    extras = {HOSTILE: {"status": HOSTILE, "error_message": HOSTILE}}
    its = said(
        HOSTILE, health, HOSTILE, name=HOSTILE, info=info, error_reason=HOSTILE, error_message="short", extras=extras
    )
    text = json.dumps(its, ensure_ascii=False)
    assert len(text) < 12_000
    assert not set("\x1b\u202e") & set(text)


def test_face_is_the_same_while_only_times_and_progress_change() -> None:
    """So that a page is told of it no more often than it changes."""
    assert said(progress=10) == said(progress=90)


def test_the_frontends_tests_begin_from_this_content() -> None:
    """`python -m tests.unit.shared_card_content` writes it anew."""
    assert shared_card_content.FILE.read_text("utf-8") == shared_card_content.contents()
