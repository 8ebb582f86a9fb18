#!/usr/bin/env python3
"""One picture for each kind of job: when the schedule looks at it, and when a fixed pause does; in virtual time.

The jobs are those of the corpora of schedule.py that run for about a minute and a half. The averages of all of them are
told; the one that comes closest to these is drawn.

python benchmarks/schedule_pictures.py [folder]        writes the pictures of docs/how-it-works.md anew
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from kinds_corpus import known_kinds, misleading, unknown  # noqa: E402 - needs the path
from poll_corpus_own import SimulatedJob, corpus, watch  # noqa: E402 - needs the path
from schedule import FIXED, Fixed  # noqa: E402 - needs the path
from tasks_corpus import task_jobs  # noqa: E402 - needs the path

from fiddler_widgets.polling.schedule import AdaptiveSchedule  # noqa: E402 - needs the path

if TYPE_CHECKING:
    from collections.abc import Callable

    from poll_corpus_own import Pacing

__all__ = ["KINDS", "pictures"]

FOLDER = HERE.parent / "docs" / "images"

_COUNT = 4000
"""How many jobs of each corpus are looked through."""

_SHORTEST, _LONGEST = 60.0, 120.0


class Kind(NamedTuple):
    """A kind of job: the name of its picture, what is known of it, and jobs of that kind."""

    name: str
    title: str
    jobs: Callable[[], list[SimulatedJob]]


KINDS = (
    Kind(
        "schedule-rising",
        "Progress that rises",
        lambda: [job for job in corpus(5 * _COUNT) if job.kind in {"linear", "linear, whole per cent"}],
    ),
    Kind(
        "schedule-tasks",
        "Progress in four steps, as tasks end",
        lambda: [job for job in task_jobs(5 * _COUNT) if job.kind == "4 tasks"],
    ),
    Kind(
        "schedule-past", "No progress, and past runs", lambda: [job for job in known_kinds(_COUNT) if len(job.past) > 1]
    ),
    Kind("schedule-nothing", "Nothing is known", lambda: unknown(_COUNT)),
    Kind("schedule-misled", "No progress, and past runs that mislead", lambda: misleading(_COUNT)),
)


class Watch(NamedTuple):
    """When a job was looked at, and how long after its end it was noticed; in seconds."""

    looks: tuple[float, ...]
    late: float


def watched(pacing: Pacing, job: SimulatedJob) -> Watch:
    """Watch a job to its end."""
    looks = tuple(now for now, _ in watch(pacing, job))
    return Watch(looks, looks[-1] - job.end)


class Averages(NamedTuple):
    """Of all jobs of a kind: how many there are, their looks, and how late they are noticed, in seconds."""

    jobs: int
    looks: float
    late: float


class Drawn(NamedTuple):
    """What a picture shows: a job, its watches by both schedules, and the averages of all."""

    job: SimulatedJob
    adaptive: Watch
    fixed: Watch
    adaptive_averages: Averages
    fixed_averages: Averages


def typical(kind: Kind) -> Drawn:
    """The job of a kind that comes closest to the averages."""
    jobs = [job for job in kind.jobs() if job.attempts == ((0.0, job.end),) and _SHORTEST <= job.end <= _LONGEST]
    adaptive = [watched(AdaptiveSchedule(past=job.past), job) for job in jobs]
    fixed = [watched(Fixed(), job) for job in jobs]
    of_adaptive, of_fixed = _averages(adaptive), _averages(fixed)

    def distance(index: int) -> float:
        pairs = ((adaptive[index], of_adaptive), (fixed[index], of_fixed))
        return sum(
            abs(one.late - mean.late) / mean.late + abs(len(one.looks) - mean.looks) / mean.looks for one, mean in pairs
        )

    # Past runs of many times the length would leave no room for the job itself.
    drawable = [index for index, job in enumerate(jobs) if max(job.past, default=0.0) <= 1.5 * job.end]
    best = min(drawable, key=distance)
    return Drawn(jobs[best], adaptive[best], fixed[best], of_adaptive, of_fixed)


def _averages(watches: list[Watch]) -> Averages:
    looks = statistics.mean(len(one.looks) for one in watches)
    return Averages(len(watches), looks, statistics.mean(one.late for one in watches))


# ---- drawing

_LEFT, _RIGHT = 108.0, 560.0
_TOP, _BOTTOM = 44.0, 104.0
_ROWS = {"adaptive": 126.0, "fixed": 150.0}

_STYLE = """
    text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: #24292f; }
    .title { font-size: 15px; font-weight: 600; }
    .quiet { fill: #57606a; font-size: 12px; }
    .page { fill: #ffffff; stroke: #d0d7de; }
    .line { stroke: #d0d7de; }
    .progress { fill: #dbe9f9; stroke: #0969da; stroke-width: 1.5; }
    .look { fill: #57606a; }
    .seen { fill: #bc4c00; }
    .late { stroke: #bc4c00; stroke-width: 4; }
    .end { stroke: #24292f; stroke-dasharray: 4 3; }
    .past { stroke: #8250df; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9198a1; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .line { stroke: #3d444d; }
      .progress { fill: #12304f; stroke: #4493f8; }
      .look { fill: #9198a1; }
      .seen { fill: #f0883e; }
      .late { stroke: #f0883e; }
      .end { stroke: #e6edf3; }
      .past { stroke: #ab7df8; }
    }"""


def _told(averages: Averages) -> str:
    return f"{averages.looks:.0f} looks, {averages.late:.1f} s late"


def _description(kind: Kind, drawn: Drawn) -> str:
    return (
        f"{kind.title}. On average of {drawn.adaptive_averages.jobs} simulated jobs of one to two minutes:"
        f" {_told(drawn.adaptive_averages)}; with a fixed pause of {FIXED:g} s {_told(drawn.fixed_averages)}."
        f" The one that is drawn runs for {drawn.job.end:.0f} s."
    )


def _progress_shape(job: SimulatedJob, x: Callable[[float], float]) -> str:
    points, previous = [], None
    for step in range(401):
        share = step / 400
        value = job.progress(min(share, 0.9999)) or 0.0
        if previous is not None and value - previous > 5:  # noqa: PLR2004 - a stair, drawn upright
            points.append((x(share * job.end), previous))
        if previous is None or step in (0, 400) or value != previous:
            points.append((x(share * job.end), value))
        previous = value
    line = " ".join(f"{left:.1f},{_BOTTOM - (_BOTTOM - _TOP) * value / 100:.1f}" for left, value in points)
    return f'<polygon class="progress" points="{_LEFT:.1f},{_BOTTOM:g} {line} {x(job.end):.1f},{_BOTTOM:g}"/>'


def picture(kind: Kind) -> str:
    """The picture of a kind, as SVG."""
    drawn = typical(kind)
    job = drawn.job
    last = max(drawn.adaptive.looks[-1], drawn.fixed.looks[-1], *job.past)

    def x(seconds: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * seconds / last

    marks = []
    if any(job.progress(share) for share in (0.0, 0.5, 0.99)):
        marks += [_progress_shape(job, x), f'<text class="quiet" x="12" y="{_BOTTOM - 4:g}">progress</text>']
    else:
        marks.append(f'<path class="line" d="M{_LEFT:g} {_BOTTOM:g}H{x(job.end):.1f}"/>')
        marks.append(f'<text class="quiet" x="12" y="{_BOTTOM - 4:g}">no progress</text>')
    if job.past:
        runs = " ".join(f"M{x(seconds):.1f} {_TOP + 22:g}v16" for seconds in job.past)
        marks.append(f'<path class="past" d="{runs}"/>')
        marks.append(f'<text class="quiet" x="12" y="{_TOP + 34:g}">past runs</text>')
    for shown, averages, row, label in (
        (drawn.adaptive, drawn.adaptive_averages, _ROWS["adaptive"], "this schedule"),
        (drawn.fixed, drawn.fixed_averages, _ROWS["fixed"], f"every {FIXED:g} s"),
    ):
        marks.append(f'<path class="late" d="M{x(job.end):.1f} {row:g}H{x(shown.looks[-1]):.1f}"/>')
        marks += [f'<circle class="look" cx="{x(look):.1f}" cy="{row:g}" r="3"/>' for look in shown.looks[:-1]]
        marks.append(f'<circle class="seen" cx="{x(shown.looks[-1]):.1f}" cy="{row:g}" r="4"/>')
        marks.append(f'<text class="quiet" x="12" y="{row + 4:g}">{label}</text>')
        marks.append(f'<text x="{_RIGHT + 14:g}" y="{row + 4:g}">{_told(averages)}</text>')
    marks.append(f'<text class="quiet" x="{_RIGHT + 14:g}" y="{_BOTTOM - 4:g}">on average</text>')
    marks.append(f'<path class="end" d="M{x(job.end):.1f} {_TOP - 6:g}V{_ROWS["fixed"] + 8:g}"/>')
    marks += [
        f'<text class="quiet" x="{x(seconds):.1f}" y="176" text-anchor="middle">{seconds} s</text>'
        for seconds in range(0, int(last) + 1, 20)
    ]
    body = "\n  ".join(marks)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 188" role="img" aria-labelledby="title desc">
  <title id="title">{escape(kind.title)}: when the schedule looks</title>
  <desc id="desc">{escape(_description(kind, drawn))}</desc>
  <style>{_STYLE}
  </style>
  <rect class="page" x="0.5" y="0.5" width="719" height="187" rx="8"/>
  <text class="title" x="12" y="26">{escape(kind.title)}</text>
  {body}
</svg>
"""


def pictures() -> dict[str, str]:
    """All pictures, by the names of their files."""
    return {f"{kind.name}.svg": picture(kind) for kind in KINDS}


def main() -> None:
    """Write the pictures, and say what they show."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for kind in KINDS:
        (folder / f"{kind.name}.svg").write_text(picture(kind), encoding="utf-8")
        print(_description(kind, typical(kind)))


if __name__ == "__main__":
    main()
