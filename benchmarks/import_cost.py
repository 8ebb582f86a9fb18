#!/usr/bin/env python3
"""What importing costs in time and memory, each module in fresh interpreters, side by side.

python benchmarks/import_cost.py [rounds]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

STATEMENTS = {
    "anywidget and requests": "import anywidget, requests",
    "fiddler_widgets": "import fiddler_widgets",
    "fiddler (official client)": "import fiddler",
}
PROGRAM = """
import resource, time
began = time.perf_counter()
{statement}
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(statement: str, cache: str) -> tuple[float, float]:
    """Seconds and MB of one import in a fresh interpreter, whose compiled modules lie in `cache`."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(  # noqa: S603 (our own interpreter and program)
        [sys.executable, "-c", PROGRAM.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "PYTHONPYCACHEPREFIX": cache},
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), float(kilobytes) / 1024


def main() -> None:
    """Print medians, and ratios to the first row; the rounds interleave, so that noise meets all alike."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as cache:
        bare = statistics.median(measure("pass", cache)[1] for _ in range(5))
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in STATEMENTS}
        for number in range(rounds + 1):
            for name, statement in STATEMENTS.items():
                seen = measure(statement, cache)
                # The first round compiles, as the first use after an installation does.
                if number:
                    runs[name].append(seen)
    medians = {name: [statistics.median(column) for column in zip(*row, strict=True)] for name, row in runs.items()}
    base_seconds, base_memory = next(iter(medians.values()))
    print(f"{'import':28} {'time':>8} {'ratio':>6} {'memory':>8} {'ratio':>6}   (medians of {rounds})")
    for name, (seconds, memory) in medians.items():
        ratio = (memory - bare) / (base_memory - bare)
        print(f"{name:28} {seconds * 1000:5.0f} ms {seconds / base_seconds:6.2f} {memory - bare:5.1f} MB {ratio:6.2f}")


if __name__ == "__main__":
    main()
