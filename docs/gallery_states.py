"""The states of the card that `gallery.py` shows, as the traits that the kernel would send."""

from __future__ import annotations

from typing import Any, Final

NOW: Final = 1_772_539_200.0
"""When all this happens, in epoch seconds."""

Traits = dict[str, Any]

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
    clock = {"now": NOW, "watched": 192.0, "running": running, "beat": 5, "silent": 0.4, "retry": None}
    clock.update(other.pop("clock", {}))
    return {
        "job_id": "e9a2a782-1db4-4bb8-8db0-3fa5a278c068",
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
        "_clock": clock,
        "_controls": True,
        **other,
    }


def ended(status: str, progress: float, **other: Any) -> Traits:
    """Return the traits of a job that is over."""
    return traits(status, progress, "over", running=False, **other)


def given_up(health: str, detail: str, **other: Any) -> Traits:
    """Return the traits of a running job that is no longer watched."""
    usual = {"status": "STARTED", "progress": 42.5, "health_detail": detail}
    return traits(health=health, running=False, **{**usual, **other})


FAILED: Final = ended("FAILURE", 70.0, error_reason=REASON, error_message=MESSAGE, extras=EXTRAS)
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
    "queued": traits("PENDING", 0.0, name="Pre-production dataset upload", clock={"watched": 8.0}),
    "running": traits("STARTED", 42.5, time_left=[140.0, 200.0]),
    "indeterminate": traits("STARTED", 0.0, name="Surrogate model training", indeterminate=True),
    "retry": traits("RETRY", 12.0, name="Baseline computation"),
    "note": traits("STARTED", 42.5, health_detail="Stopped waiting; the job goes on."),
    "outage": traits(
        "STARTED",
        42.5,
        "retrying",
        health_detail="The server answered 503 (Service Unavailable).",
        clock={"silent": 40.0, "retry": 4.0},
    ),
    "stopped": given_up("stopped", "Stopped watching; the job goes on.", name="Baseline computation", progress=81.0),
    "timed-out": given_up("timed out", "Stopped watching after 30 min; the job goes on."),
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
    ),
    "error": given_up("error", "Fiddler redirects to login.example.com; the token was not sent there."),
    "succeeded": ended("SUCCESS", 100.0, name="Model artifact upload", clock={"watched": 764.0}),
    "failed": FAILED,
    "failed-details": FAILED,
    "revoked": ended("REVOKED", 55.0, name="Pre-production dataset upload"),
    "lost": traits("STARTED", 42.5),
    "unknown-status": traits("WAITING_FOR_QUOTA", 20.0),
    "no-controls": traits("STARTED", 42.5, _controls=False),
    "busy-kernel": traits("STARTED", 42.5),
    "running-details": traits("STARTED", 42.5, extras=EXTRAS),
    "long-names": traits(
        "STARTED",
        42.5,
        name="Ingestion of a_dataset_with_a_name_that_goes_on_and_on_" + "and_on_" * 30,
        info={**INFO, "project_name": "projet_" * 40},
    ),
    "hostile": ended(
        "FAILURE",
        33.0,
        name="\u202edaolpU tesatad\u202c <img src=x onerror=alert(1)> \u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a",
        error_reason="<script>alert(1)</script> \u202ereversed",
        error_message="<b>not bold</b>\n" + "W" * 30_000,
    ),
}
OPEN: Final = {"failed-details", "running-details"}
OVERVIEW: Final = ["running", "queued", "indeterminate", "outage", "succeeded", "failed", "stopped", "lost"]
