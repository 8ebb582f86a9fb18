"""The card's colours come from its host: computed by a real browser, on pages that are modelled after hosts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.rendering import static_card
from fiddler_widgets.rendering.card_content import card_content
from fiddler_widgets.rendering.static_card import CardSnapshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

STATIC = Path(fw.__file__).parent / "static"
ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"

# VS Code's renderers give --jp- values of a light theme, whatever the editor's own theme is.
JUPYTER_LIGHT = "--jp-ui-font-color1: rgb(1, 1, 1); --jp-layout-color1: rgb(254, 254, 254);"
HOSTS = {
    "JupyterLab dark": ("", "--jp-ui-font-color1: rgb(224, 224, 224); --jp-layout-color1: rgb(17, 17, 17);"),
    "VS Code dark": (
        "vscode-dark",
        f"{JUPYTER_LIGHT} --vscode-foreground: rgb(204, 204, 204); --vscode-editor-background: rgb(31, 31, 31);",
    ),
    "VS Code light": (
        "vscode-light",
        f"{JUPYTER_LIGHT} --vscode-foreground: rgb(59, 59, 59); --vscode-editor-background: rgb(255, 255, 255);",
    ),
    "unknown": ("", ""),
}
COLOURS = {
    "JupyterLab dark": ("rgb(224, 224, 224)", "rgb(17, 17, 17)"),
    "VS Code dark": ("rgb(204, 204, 204)", "rgb(31, 31, 31)"),
    "VS Code light": ("rgb(59, 59, 59)", "rgb(255, 255, 255)"),
    "unknown": ("rgb(0, 0, 0)", "rgb(255, 255, 255)"),
}

SHOW = """async ([bundle, traits]) => {
  const url = URL.createObjectURL(new Blob([bundle], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const model = { get: (name) => traits[name], send() {}, on() {}, off() {} };
  const el = document.createElement("div");
  document.body.append(el);
  await widget.render({ model, el, signal: new AbortController().signal });
}"""
COMPUTED = """node => { const style = getComputedStyle(node); return [style.color, style.backgroundColor]; }"""


STATE = JobState(ID, "Upload", fw.JobStatus.STARTED, 20.0)


def traits() -> dict[str, Any]:
    """Return what a running job's widget has."""
    times = {"now": 1e9, "watched": 1.0, "beat": 5, "silent": 0, "retry": None, "stall": None}
    clock = {**times, "running": True, "retries": 0}
    job = {"job_id": ID, "status": "STARTED", "progress": 20.0, "indeterminate": False, "error_message": ""}
    private = {"_clock": clock, "_said": card_content(ID, STATE, Health.LIVE, ""), "_history": {}, "_controls": True}
    return {**job, **private, "health": "live", "time_left": None}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("kind", ["live", "static"])
def test_text_and_ground_are_those_of_the_host(page: Page, host: str, kind: str) -> None:
    """Live and saved card alike."""
    body_class, variables = HOSTS[host]
    css = (STATIC / "job_widget.css").read_text("utf-8") if kind == "live" else ""
    seen = CardSnapshot(ID, STATE, Health.LIVE, "", 1.0, 1e9)
    body = "" if kind == "live" else static_card.html(seen)
    style = f"<style>:root {{ {variables} }} {css}</style>"
    page.set_content(f"<!doctype html><meta charset=utf-8>{style}<body class={json.dumps(body_class)}>{body}")
    if kind == "live":
        page.evaluate(SHOW, [(STATIC / "job_widget.js").read_text("utf-8"), traits()])
    card = page.locator(".fw-card" if kind == "live" else ".fw-static")
    assert tuple(card.evaluate(COMPUTED)) == COLOURS[host]
