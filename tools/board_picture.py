"""Makes the picture of a board of jobs in a real JupyterLab: ``python -m tools.board_picture``.

Forty simulated jobs of several kinds and projects; the picture goes to ``docs/images/board-light.webp`` and
``docs/images/board-dark.webp``.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from fiddler_widgets.simulator import Simulator
from tests.e2e.boards import Board
from tests.e2e.lab import TOKEN_FILE, LabNotebook, connecting, write_notebook
from tests.e2e.servers import lab_server
from tools.gallery import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from fiddler_widgets.simulator import SimulatedJob

IMAGES: Final = render.ROOT / "docs" / "images"
WIDTH: Final = 1000
SCALE: Final = 2
KINDS: Final = ("Publish events of", "Upload dataset of", "Train surrogate of", "Feature importance of")
OVER, RUNNING, QUEUED = 22, 10, 8
MODELS: Final = ("bank_churn", "fraud", "credit_risk", "demand", "returns")


def progress_of(number: int) -> int:
    """Return the per cent of a job that runs, from 5 to 94."""
    return (number * 37) % 90 + 5


def fill(platform: Simulator) -> list[SimulatedJob]:
    """Return forty jobs, most of which run or are over."""
    jobs = []
    for number in range(OVER + RUNNING + QUEUED):
        kind, model = KINDS[number % len(KINDS)], MODELS[number % len(MODELS)]
        job = platform.add_job("linear", name=f"{kind} {model}", info={"project_name": model, "model_name": model})
        if number < OVER:
            job.set(status="SUCCESS", progress=100)
        elif number < OVER + RUNNING:
            job.set(status="STARTED", progress=progress_of(number))
        else:
            job.set(status="PENDING", progress=0)
        jobs.append(job)
    jobs[4].set(status="FAILURE", progress=70, error_reason="DataValidationError", error_message="row 7 has no balance")
    jobs[13].set(
        status="FAILURE", progress=12, error_reason="MemoryError", error_message="The worker ran out of memory."
    )
    return jobs


def shoot(browser: Browser, *, dark: bool) -> Image.Image:
    """Return what the page shows of the board."""
    with Simulator() as platform, tempfile.TemporaryDirectory() as folder, lab_server(Path(folder)) as (url, files):
        jobs = fill(platform)
        (files / TOKEN_FILE).write_text(platform.token, encoding="utf-8")
        ids = [job.id for job in jobs]
        cells = [connecting(platform), f"ids = {ids!r}", "board = fw.JobBoard(ids, height=300)\nboard"]
        write_notebook(files / "board.ipynb", cells)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1200}, device_scale_factor=SCALE)
        LabNotebook.ADDRESS = "doc/tree"
        notebook = LabNotebook(page, url, files / "board.ipynb")
        if dark:
            theme = "JupyterLab Dark"
            page.evaluate(f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{ theme: '{theme}' }})")
            expect(page.locator('body[data-jp-theme-light="false"]')).to_be_attached(timeout=30_000)
        for at in range(len(cells)):
            notebook.run_to_end(at)
        board = Board(notebook.output(2))
        board.says(f"{OVER} of {len(jobs)} over")
        for number in range(OVER, OVER + RUNNING):
            jobs[number].set(progress=progress_of(number) + 3)
        expect(board.row(jobs[4].name).first).to_be_visible(timeout=20_000)
        page.mouse.move(1, 1)
        page.wait_for_timeout(8_000)  # time left is told after some moves
        shot = board.root.screenshot()
        notebook.discard()
        page.close()
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    return image.resize((image.width * 11 // 20, image.height * 11 // 20), Image.Resampling.LANCZOS)


def main() -> int:
    """Make the pictures; returns 0."""
    with sync_playwright() as playwright:
        browser = render.launch(playwright)
        for kind, dark in (("light", False), ("dark", True)):
            shoot(browser, dark=dark).save(IMAGES / f"board-{kind}.webp", "WEBP", quality=60, method=6)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
