"""The states of the card, as the traits that the kernel would send."""

from __future__ import annotations

from typing import Any, Final

from fiddler_widgets.models import Health, JobState
from fiddler_widgets.rendering import card_content, static_card
from fiddler_widgets.rendering.static_card import CardSnapshot

NOW: Final = 1_772_539_200.0
"""When all this happens, in epoch seconds."""

Traits = dict[str, Any]

ID: Final = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
INFO: Final[Traits] = {
    "resource_type": "DATASET",
    "resource_name": "churn_2025",
    "project_name": "bank_churn",
    "model": {"id": "5b0c9c1e-93c4-4b0c-8b51-3f6a4f3d8a11", "name": "churn_classifier", "version": "v3"},
    "project": {"id": "9d7ff4d4-9ad5-4a7b-8a02-6f0c1e4d2b77", "name": "bank_churn"},
}
EXTRAS: Final[Traits] = {
    "3f5025e5-19f5-4f1a-8a26-f4a17e2f6f5e": {"status": "SUCCESS", "result": {}, "error_message": None},
    "77aa1c50-8a0e-4a30-9f4e-0c6c5a0a5f21": {
        "status": "FAILURE",
        "error_message": "Column 'balance' holds text in 1,204 rows",
    },
    "b6c3b3ce-6b7a-4d0e-bb41-2c9de3f0a9b4": {"status": "SUCCESS"},
    "c0ffee00-2f0b-4ea1-9f88-6b1b2f8f4c3d": {"status": "STARTED"},
    "d15ea5e0-7c1d-4a9c-93f1-8f7e6d5c4b3a": {"status": "PENDING"},
}
REASON: Final = "The file does not match the model's schema"
MESSAGE: Final = """Ingestion of churn_2025.csv stopped at row 18,233:
  column 'balance': expected FLOAT, found "n/a" in 1,204 rows
  column 'tenure': 12 values lie outside of the declared range 0…480
Correct the file, or declare 'balance' as nullable, and publish again."""
TRACE: Final = "\n".join(
    [
        "Traceback (most recent call last):",
        *(
            f'  File "/srv/fiddler/ingestion/step_{step}.py", line {40 + step}, in run_step\n'
            f"    rows = self.source.read(batch={step * 1000}, schema=self.schema)"
            for step in range(40)
        ),
        "ValueError: column 'balance': could not convert 'n/a' to FLOAT at row 18,233",
    ]
)


def history(progress: float, *, over: bool = False) -> Traits:
    """Return what was seen of a job that got so far in 192 seconds, through an outage."""
    shares = [(0.0, 0.0, "q"), (20.0, 0.0, "r"), (90.0, 0.4, "r"), (140.0, 0.7, "o"), (160.0, 0.75, "r")]
    steps = [[at, round(progress * share, 1), kind] for at, share, kind in shares]
    return {"start": NOW - 192, "steps": [*steps, [192.0, progress, "e"]] if over else steps}


STALLED: Final[Traits] = {"start": NOW - 900, "steps": [[0.0, 0.0, "r"], [240.0, 40.0, "r"], [480.0, 61.0, "r"]]}


def traits(status: str, progress: float, health: str = "live", *, running: bool = True, **other: Any) -> Traits:
    """Return the traits of one job.

    Args:
        status: The status on the wire.
        progress: Per cent.
        health: The health of the watching.
        running: Whether the kernel is watching.
        **other: Traits that differ from the usual; ``clock`` amends ``_clock``.

    Returns:
        A value for every trait that the frontend reads.
    """
    clock = {
        "now": NOW,
        "watched": 192.0,
        "running": running,
        "beat": 5,
        "silent": 0.4,
        "retry": None,
        "phase": 172.0,
        "still": 4.0,
        "stall": None,
        "retries": 0,
    }
    clock.update(other.pop("clock", {}))
    usual = {
        "job_id": ID,
        "name": "Ingestion dataset Upload",
        "status": status,
        "progress": progress,
        "indeterminate": False,
        "error_reason": "",
        "error_message": "",
        "info": INFO,
        "extras": {},
        "health": health,
        "health_detail": "",
        "time_left": None,
        "layout": {},
        "_clock": clock,
        "_controls": True,
        "_history": {},
        "_notify": False,
        "_number": 1,
    }
    values = {**usual, **other}
    # In the very words that the kernel finds for such a job.
    wire = {**values, "id": ID, "progress": None if values["indeterminate"] else progress}
    known = JobState.from_wire({"data": wire}, expected_id=ID) if status else None
    said = card_content.card_content(ID, known, Health(health), values["health_detail"])
    return {"_said": said, "_tasks": card_content.tasks(known), **values}


def ended(status: str, progress: float, **other: Any) -> Traits:
    """Return the traits of a job that is over."""
    return traits(status, progress, "over", running=False, **other)


def given_up(health: str, detail: str, **other: Any) -> Traits:
    """Return the traits of a running job that is no longer watched."""
    usual = {"status": "STARTED", "progress": 42.5, "health_detail": detail}
    return traits(health=health, running=False, **{**usual, **other})


def subtasks(total: int, *, failed: int, done: int) -> Traits:
    """Return ``extras`` of so many subtasks; the failed ones come last, as they may on the wire."""
    statuses = ["SUCCESS"] * done + ["STARTED"] * (total - done - failed) + ["FAILURE"] * failed
    extras: Traits = {}
    for number, status in enumerate(statuses):
        task: Traits = {"status": status}
        if status == "FAILURE":
            task["error_message"] = f"Part {number}: column 'balance' holds text in {number * 17 + 4} rows"
        extras[f"{number:08x}-2f0b-4ea1-9f88-6b1b2f8f4c3d"] = task
    return extras


FAILED: Final = ended(
    "FAILURE", 70.0, error_reason=REASON, error_message=MESSAGE, extras=EXTRAS, _history=history(70.0, over=True)
)
STATES: Final[dict[str, Traits]] = {
    "starting": traits(
        "",
        0.0,
        "starting",
        name="",
        info={},
        health_detail="Waiting for the first answer.",
        clock={"watched": 0.3, "silent": None},
    ),
    "queued": traits("PENDING", 0.0, name="Pre-production dataset upload", clock={"watched": 8.0, "phase": 8.0}),
    "running": traits("STARTED", 42.5, time_left=[140.0, 200.0]),
    "indeterminate": traits("STARTED", 0.0, name="Surrogate model training", indeterminate=True),
    "stalled": traits("STARTED", 61.0, _history=STALLED, clock={"watched": 900.0, "still": 420.0, "stall": 120.0}),
    "retry": traits("RETRY", 12.0, name="Baseline computation", clock={"retries": 1}),
    "note": traits("STARTED", 42.5, health_detail="Stopped waiting; the job goes on. This card still follows it."),
    "outage": traits(
        "STARTED",
        42.5,
        "retrying",
        health_detail="The server answered 503 (Service Unavailable).",
        clock={"silent": 40.0, "retry": 4.0},
    ),
    "stopped": given_up("stopped", "Stopped watching; the job goes on.", name="Baseline computation", progress=81.0),
    "timed-out": given_up("timed out", "Stopped watching after 30 min; the job goes on.", clock={"watched": 1800.0}),
    "refused": given_up(
        "refused",
        "The token was refused (401). Create a new API key in the platform's settings (Credentials) "
        "and give it to fw.init(token=...).",
    ),
    "not-found": given_up(
        "not found",
        "The server does not know this job (404). "
        "Check the id, and that fw.init() leads to the platform on which the job was started.",
        name="",
        status="",
        info={},
        clock={"watched": 11.0},
    ),
    "error": given_up(
        "error",
        "The server redirected (302) to login.example.com. "
        "The token was not sent there. If that is the right place, give its address to fw.init(url=...); "
        "if not, ask who runs the platform.",
    ),
    "succeeded": ended("SUCCESS", 100.0, name="Model artifact upload", clock={"watched": 764.0}),
    "failed": FAILED,
    "failed-details": FAILED,
    "long-trace": ended("FAILURE", 70.0, error_reason="Ingestion failed", error_message=TRACE),
    "revoked": ended("REVOKED", 55.0, name="Pre-production dataset upload"),
    "lost": traits("STARTED", 42.5),
    "unknown-status": traits("WAITING_FOR_QUOTA", 20.0),
    "no-controls": traits("STARTED", 42.5, _controls=False),
    "busy-kernel": traits("STARTED", 42.5),
    "running-details": traits("STARTED", 42.5, time_left=[140.0, 200.0], extras=EXTRAS, _history=history(42.5)),
    "subtasks": traits("STARTED", 80.0, extras=subtasks(10, failed=2, done=6)),
    "thousand-subtasks": traits("STARTED", 40.0, extras=subtasks(1000, failed=0, done=400)),
    "long-names": traits(
        "STARTED",
        42.5,
        name="Ingestion of a_dataset_with_a_name_that_goes_on_and_on_" + "and_on_" * 30,
        info={**INFO, "project_name": "projet_" * 40},
    ),
    # An Arabic and a Hebrew name, with Latin and digits inside: "upload of the data set churn_2025 (3)".
    "rtl": ended(
        "FAILURE",
        33.0,
        name="\u0631\u0641\u0639 \u0645\u062c\u0645\u0648\u0639\u0629 \u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a"
        " churn_2025 (3)",
        info={**INFO, "project_name": "\u05e0\u05d8\u05d9\u05e9\u05ea \u05dc\u05e7\u05d5\u05d7\u05d5\u05ea 2025"},
        error_reason="\u0627\u0644\u0645\u0644\u0641 \u0644\u0627 \u064a\u0637\u0627\u0628\u0642 schema v3.",
        error_message="\u0627\u0644\u0635\u0641 18,233: \u0627\u0644\u0639\u0645\u0648\u062f balance.",
    ),
    "hostile": ended(
        "FAILURE",
        33.0,
        name="\u202edaolpU tesatad\u202c <img src=x onerror=alert(1)> \u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a",
        error_reason="<script>alert(1)</script> \u202ereversed",
        error_message="<b>not bold</b>\n" + "W" * 30_000,
    ),
}
"""The states by name, in the order of a job's life; what goes wrong and what is odd comes after."""


def saved(name: str) -> str:
    """Return the card of a state as a notebook holds it, as HTML."""
    its = STATES[name]
    wire = {**its, "id": ID, "progress": None if its["indeterminate"] else its["progress"]}
    state = JobState.from_wire({"data": wire}, expected_id=ID) if its["status"] else None
    clock = its["_clock"]
    health, detail = Health(its["health"]), its["health_detail"]
    seen = its["_history"] or history(its["progress"], over=state is not None and state.final)
    return static_card.html(CardSnapshot(ID, state, health, detail, clock["watched"], NOW, clock["retries"], seen))


SAVED: Final = {
    f"saved-{name}": saved(name)
    for name in ("running", "stopped", "succeeded", "failed", "failed-details", "long-trace", "revoked", "rtl")
}
"""The cards that a saved notebook holds, by name."""

NAMES: Final = [*STATES, *SAVED]
"""All of them, in the order in which they are shown."""

OPEN: Final = {"failed-details", "running-details", "subtasks", "thousand-subtasks"}
"""Those whose details are open."""

OVERVIEW: Final = ["running", "queued", "indeterminate", "outage", "succeeded", "failed", "stopped", "lost"]
"""What the first picture of the README shows."""

DESCRIPTIONS: Final = {
    "starting": "waiting for the first answer",
    "queued": "queued",
    "running": "running at 42.5 %, with the time left",
    "indeterminate": "running, progress unknown",
    "stalled": "running without any progress for minutes",
    "retry": "tried again by the platform",
    "note": "a wait that was interrupted",
    "outage": "an outage, with the next try",
    "stopped": "stopped by its reader",
    "timed-out": "watched for as long as it was to be",
    "refused": "token refused",
    "not-found": "job not found",
    "error": "another error, here a redirect",
    "succeeded": "succeeded",
    "failed": "failed, with reason and message",
    "failed-details": "failed, with open details",
    "long-trace": "failed with a long traceback, folded",
    "revoked": "revoked",
    "lost": "connection to the kernel lost",
    "unknown-status": "a status that is not known",
    "no-controls": "no buttons, where a click reaches nobody",
    "busy-kernel": "a button pressed, and no answer yet",
    "running-details": "running, with open details",
    "subtasks": "ten subtasks, two of them failed",
    "thousand-subtasks": "a thousand subtasks",
    "long-names": "names that are too long",
    "rtl": "names that are written from right to left",
    "hostile": "names that try to do harm",
    "saved-running": "in a saved notebook: running when it was saved",
    "saved-stopped": "in a saved notebook: no longer watched",
    "saved-succeeded": "in a saved notebook: succeeded",
    "saved-failed": "in a saved notebook: failed",
    "saved-failed-details": "in a saved notebook: failed, with open details",
    "saved-long-trace": "in a saved notebook: failed with a long traceback, folded",
    "saved-revoked": "in a saved notebook: revoked",
    "saved-rtl": "in a saved notebook: names that are written from right to left",
}
"""Each state in a few words, for those who cannot see the picture."""
