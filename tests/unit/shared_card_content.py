"""What the kernel says of a job in each status and each health, for the frontend's tests to begin from.

``python -m tests.unit.shared_card_content`` writes it to ``tests/shared/card_content.json``; a test sees that it is up
to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from fiddler_widgets.models import Health, JobState, JobStatus
from fiddler_widgets.rendering.card_content import card_content

FILE: Final = Path(__file__).parents[1] / "shared" / "card_content.json"
ID: Final = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
NAME: Final = "Ingestion dataset Upload"
DETAILS: Final = {
    Health.STARTING: "Waiting for the first answer.",
    Health.RETRYING: "The server answered 503 (Service Unavailable).",
    Health.STOPPED: "Stopped watching; the job goes on.",
    Health.TIMED_OUT: "Stopped watching after 30 min; the job goes on.",
    Health.REFUSED: "The token was refused (401).",
    Health.NOT_FOUND: "The server does not know this job (404).",
    Health.ERROR: "Fiddler redirects to login.example.com.",
}


def state_of(status: str, **fields: Any) -> JobState | None:
    """Return the answer about such a job; ``None`` for the empty status, which is that of a job not seen yet."""
    wire = {"id": ID, "name": NAME, "status": status, "progress": 42.5, **fields}
    return JobState.from_wire({"data": wire}, expected_id=ID) if status else None


def contents() -> str:
    """Return all of them as JSON, by status and health."""
    found = {
        f"{status}|{health}": card_content(ID, state_of(status), health, DETAILS.get(health, ""))
        for status in ("", *(status.value for status in JobStatus), "WAITING_FOR_QUOTA")
        for health in Health
    }
    lines = (f"  {json.dumps(key)}: {json.dumps(said, ensure_ascii=False)}" for key, said in found.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(contents(), encoding="utf-8")
