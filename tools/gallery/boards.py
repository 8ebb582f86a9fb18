"""Boards of jobs in the dress of every host: a few that between them show all that a board can show."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fiddler_widgets.board.rows import first_values, row_values
from fiddler_widgets.board.summary import Summary
from fiddler_widgets.board.table import Table
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.polling.report import Report
from tools.gallery import render, themes
from tools.gallery.states import NOW, STATES, Traits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

    from tools.gallery.compare import Sheet
    from tools.gallery.themes import Theme

WIDE: Final = 720
"""Pixels of a board where there is room."""

THEMES: Final = [
    themes.LIGHT,
    themes.DARK,
    themes.THEMES["lab-high-contrast"],
    themes.FORCED,
    themes.THEMES["narrow-light"],
    replace(
        themes.LIGHT, name="right-to-left", title="JupyterLab, right to left", body=f'{themes.LIGHT.body} dir="rtl"'
    ),
]
"""The dresses of boards: fewer than of cards, whose colours they share."""

# A job's name, model, status and progress; health of its watching; the seconds that it may still take; its error.
Kind = tuple[str, str, str, float | None, Health, tuple[float, float] | None, str]
JOBS: Final[tuple[Kind, ...]] = (
    ("Publish events", "bank_churn", "STARTED", 42.5, Health.LIVE, (95, 140), ""),
    ("Upload dataset", "bank_churn", "SUCCESS", 100, Health.OVER, None, ""),
    ("Train surrogate", "fraud", "FAILURE", 70, Health.OVER, None, "column 'balance' holds text in 1,204 rows"),
    ("Feature importance", "fraud", "PENDING", 0, Health.LIVE, None, ""),
    ("Publish events", "fraud", "RETRY", 18, Health.LIVE, None, "the worker ran out of memory"),
    ("Upload dataset", "credit_risk", "STARTED", 8, Health.RETRYING, None, ""),
    ("Train surrogate", "credit_risk", "STARTED", None, Health.LIVE, None, ""),
    ("Feature impact", "credit_risk", "STARTED", 61, Health.STOPPED, None, ""),
    ("Publish events of the last quarter, all regions", "demand", "REVOKED", 33, Health.OVER, None, ""),
    ("Upload dataset", "demand", "SUCCESS", 100, Health.OVER, None, ""),
)


def _rows(*, answered: bool) -> tuple[Table, Summary]:
    table, summary = Table(), Summary()
    for number, (name, model, status, progress, health, left, error) in enumerate(JOBS):
        id_ = f"e9a2a782-1db4-4bb8-8db0-{number:012d}"
        began = NOW - 60 * (number + 2)
        values = first_values(id_, None, began)
        if answered:
            info = {"project_name": model, "model_name": model}
            wire = {"id": id_, "name": name, "status": status, "progress": progress, "info": info}
            wire |= {"error_reason": "DataError", "error_message": error} if error else {}
            state = JobState.from_wire({"data": wire}, expected_id=id_)
            for at in (began, NOW - 20 * (number + 1)):
                report = Report(state, health, answered=True, good_at=0.0, left=left)
                values |= row_values(values, id_, report, now=at, age=0.0, pause=6.0)
            values["seen"] = round(NOW - 2)
        table.add(values)
        summary.add(values, 1)
    table.skip()
    return table, summary


def _board(*, answered: bool = True, jobs: bool = True, **view: Any) -> Traits:
    table, summary = _rows(answered=answered) if jobs else (Table(), Summary())
    head = {
        "beat": 5.0,
        "now": NOW + 1,
        "number": table.number,
        "watching": jobs,
        "notice": None,
        "left": None,
        "done": summary.done,
        "total": summary.total,
        "cleared": 0,
        "controls": True,
    }
    card = {**STATES["running"], "_clock": {**STATES["running"]["_clock"], "now": NOW + 1}}
    return {
        "_table": base64.b64encode(table.snapshot(NOW + 1)).decode(),
        "_delta": {},
        "_head": head,
        "_cards": {str(row): card for row in view.get("open", ())},
        "_view": view,
        "filter": "",
        "progress": summary.progress,
        "_height": 0,
        "_notify": False,
        "layout": {},
    }


BOARDS: Final[dict[str, Traits]] = {
    "board": _board(),
    "board-groups": _board(group="model", shut=["bank_churn"]),
    "board-open": _board(open=[0]),
    "board-new": _board(answered=False),
    "board-empty": _board(jobs=False),
}
"""The traits of each board, as the kernel would send them."""

SHOW: Final = """async ({ bundle, boards }) => {
  const widget = (await import(URL.createObjectURL(new Blob([bundle], { type: "text/javascript" })))).default;
  const stack = document.createElement("div");
  document.getElementById("frame").replaceChildren(stack);
  for (const [name, given] of Object.entries(boards)) {
    const figure = document.createElement("figure");
    figure.dataset.state = name;
    figure.innerHTML = "<figcaption></figcaption><div class='box'></div>";
    figure.firstChild.textContent = name;
    stack.append(figure);
    const bytes = Uint8Array.from(atob(given._table), (letter) => letter.charCodeAt(0));
    const traits = { ...given, _table: new DataView(bytes.buffer) };
    const model = {
      get(name) {
        if (!Object.hasOwn(traits, name)) throw new Error(`no trait ${name}`);
        return traits[name];
      },
      set(name, value) { traits[name] = value; },
      save_changes() {},
      send() {},
      on() {},
      off() {},
    };
    const { signal } = new AbortController();
    widget.initialize({ model, signal });
    await widget.render({ model, el: figure.lastChild, signal });
  }
}"""


OBSERVED: Final = """() => new Promise((done) => {
  const observer = new ResizeObserver(() => {
    observer.disconnect();
    done();
  });
  observer.observe(document.body);
})"""
"""Waits until all observers of sizes that were there before have been told."""


@contextlib.contextmanager
def opened(browser: Browser, theme: Theme, names: Sequence[str] | None = None, css: str = "") -> Iterator[Page]:
    """Show boards below one another on a page in the dress of a host.

    Args:
        browser: A running Chromium.
        theme: The dress.
        names: Which boards; by default all.
        css: More style sheets, after the widget's own.
    """
    wide = replace(theme, card=min(theme.card, WIDE) if theme.columns == 1 else WIDE, columns=1)
    own = (render.STATIC / "job_board.css").read_text("utf-8")
    fonts = f".fw-board.fw-board.fw-board {{ --fw-font: {render.SANS}; --fw-mono: {render.MONO}; }}"
    page = render.open_page(browser, wide, css=own + fonts + css)
    try:
        bundle = (render.STATIC / "job_board.js").read_text("utf-8")
        shown = {name: BOARDS[name] for name in names or BOARDS}
        page.evaluate(SHOW, {"bundle": bundle, "boards": shown})
        # A board learns how wide it is from an observer, in a frame of the browser's own, and draws in the next one by
        # the page's clock; what it has drawn may change its size once more.
        for _ in range(3):
            page.evaluate(OBSERVED)
            page.clock.run_for(100)
        yield page
    finally:
        page.close()


def sheet(browser: Browser, theme: Theme, names: Sequence[str] | None = None, css: str = "") -> Sheet:
    """Draw boards in the dress of a host, as `render.sheet` does cards; parameters as for `opened`."""
    with opened(browser, theme, names, css) as page:
        return render.photograph(page)
