"""What showing every started job costs the cells: those that start some, and those that start none.

Run in a real kernel. ``python benchmarks/auto_display.py`` prints medians in microseconds.
"""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import nbclient
import nbformat

from fiddler_widgets.simulator import Simulator

CELL = """
import statistics, time
from fiddler_widgets.extension import ipython

auto = next(iter(ipython._loaded.values())).auto_display
job = fiddler.Job.get({id!r})

def median(action, times):
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent) * 1e6

print(f"a cell that starts no job       {{median(auto._after_cell, 10_000):6.1f}} µs at its end")
print(f"a start, in the cell's thread   {{median(lambda: auto.note(job.id, job), 1_000):6.1f}} µs")
"""


def main() -> int:
    """Measure, and print."""
    with Simulator() as sim:
        job = sim.add_job("linear", duration=600)
        connect = f"import fiddler\nfiddler.init(url={sim.url!r}, token={sim.token!r})"
        v4: Any = nbformat.v4
        sources = ["%load_ext fiddler_widgets", connect, textwrap.dedent(CELL).format(id=job.id)]
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
        nbclient.NotebookClient(notebook, timeout=120).execute()
    print("".join(each.text for each in notebook.cells[-1].outputs if each.get("name") == "stdout"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
