"""Makes the picture of an unchanged notebook, without and with the extension: ``python -m tools.before_after``.

The same cells run in a real JupyterLab against a simulated platform, once as they are and once below the one line that
loads the extension; what the page shows of them stands side by side in ``docs/images/before-after.webp``.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect, sync_playwright

from fiddler_widgets.simulator import Scenario, Simulator
from tests.e2e.lab import TOKEN_FILE, LabNotebook, write_notebook
from tests.e2e.servers import lab_server
from tests.e2e.waiting import until
from tools.gallery import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE: Final = render.ROOT / "docs" / "images" / "before-after.webp"
WIDTH: Final = 760
SCALE: Final = 2
SETUP: Final = """\
import logging
import fiddler as fdl
import pandas as pd
fdl.init(url={url!r}, token=open({token!r}).read())
logging.disable(logging.INFO)
df = pd.DataFrame({{"CreditScore": [619, 608, 502]}})
model = fdl.Model.from_name("bank_churn", project_id=fdl.Project.from_name("bank_churn").id)"""
ONE: Final = """\
job = model.publish(
    source=df, environment=fdl.EnvType.PRE_PRODUCTION, dataset_name="baseline"
)
print(f"Started the upload of the baseline: {job.id}")
# job.wait()"""
SEVERAL: Final = """\
for batch in (df.iloc[:1], df.iloc[1:2], df.iloc[2:]):
    job = model.publish(source=batch)
    print(f"Started a batch: {job.id}")
    # job.wait()"""

STATES: Final = (("STARTED", 64), ("SUCCESS", 100), ("STARTED", 38), ("STARTED", 12))


def shoot(browser: Browser, *, extension: bool) -> Image.Image:
    """Run the cells and return what the page shows of the two that start jobs."""
    with (
        Simulator() as platform,
        tempfile.TemporaryDirectory() as folder,
        lab_server(Path(folder)) as (url, files),
    ):
        platform.publishing.scenario = Scenario.linear(600.0, 0.0)
        (files / TOKEN_FILE).write_text(platform.token, encoding="utf-8")
        load = "%load_ext fiddler_widgets\n" if extension else ""
        cells = [load + SETUP.format(url=platform.url, token=TOKEN_FILE), ONE, SEVERAL]
        write_notebook(files / "quickstart.ipynb", cells)
        page = browser.new_page(viewport={"width": WIDTH, "height": 1400}, device_scale_factor=SCALE)
        LabNotebook.ADDRESS = "doc/tree"
        notebook = LabNotebook(page, url, files / "quickstart.ipynb")
        for at in range(len(cells)):
            notebook.run_to_end(at, seconds=60)
        until(lambda: len(platform.jobs) == len(STATES), "the jobs")
        for job, (status, per_cent) in zip(platform.jobs, STATES, strict=True):
            job.set(status=status, progress=per_cent)
        if extension:
            for at, texts in ((1, ["64 %"]), (2, ["Succeeded", "38 %", "12 %"])):
                for text in texts:
                    expect(notebook.output(at).get_by_text(text).first).to_be_visible(timeout=60_000)
        page.mouse.move(1, 1)
        boxes = [box for at in (1, 2) if (box := notebook.cell(at).bounding_box())]
        left, top = boxes[0]["x"], boxes[0]["y"]
        height = max(box["y"] + box["height"] for box in boxes) - top
        shot = page.screenshot(clip={"x": left, "y": top, "width": boxes[0]["width"], "height": height})
        notebook.discard()
        page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


def main() -> int:
    """Make the picture; returns 0."""
    with sync_playwright() as playwright:
        browser = render.launch(playwright)
        before, after = shoot(browser, extension=False), shoot(browser, extension=True)
        browser.close()
    bar, gap = 36 * SCALE, 16 * SCALE
    height = bar + max(before.height, after.height)
    whole = Image.new("RGB", (before.width + gap + after.width, height), "white")
    draw = ImageDraw.Draw(whole)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 15 * SCALE)
    for image, left, title in ((before, 0, "As it is"), (after, before.width + gap, "With %load_ext fiddler_widgets")):
        whole.paste(image, (left, bar))
        draw.text((left + gap, 8 * SCALE), title, fill="#444", font=font)
    draw.line([(before.width + gap // 2, 0), (before.width + gap // 2, height)], fill="#ccc", width=SCALE)
    small = whole.resize((whole.width * 11 // 20, whole.height * 11 // 20), Image.Resampling.LANCZOS)
    small.save(PICTURE, "WEBP", quality=60, method=6)
    print(PICTURE.relative_to(render.ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
