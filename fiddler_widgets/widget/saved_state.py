"""What a card leaves in the widget state of a notebook that is run without a page: little, and the same in each run.

nbclient and papermill save the state of every widget with the notebook: each card would bring the whole frontend, under
a name made up anew, so that two runs of one notebook had little in common.
"""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NO_FILES", "lasting_ids"]

NO_FILES = {"_esm": "export default {};", "_css": ""}
"""What takes the frontend's place in the state of a card that no page needs; a module that can be loaded, but empty."""

_SPACE = uuid.UUID("6f9b3f0e-5f0c-4c39-a1ad-6cf60e9a7d0e")
_counts: defaultdict[str, Iterator[int]] = defaultdict(itertools.count)


def lasting_ids(job_id: str) -> tuple[str, str]:
    """Ids for the models of a card and of its layout: those of the first card of a job are the same in every run.

    Args:
        job_id: The job's id.
    """
    name = f"{job_id} {next(_counts[job_id])}"
    return uuid.uuid5(_SPACE, f"card {name}").hex, uuid.uuid5(_SPACE, f"layout {name}").hex
