"""How each host dresses a page: its own style sheets where it is installed, and nothing at all where it is unknown."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

SHARE: Final = Path(sys.prefix) / "share" / "jupyter"

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Theme:
    """The dress of a page.

    Attributes:
        name: Of the contact sheet's file.
        title: For readers.
        style: Returns the host's style sheets, as text.
        body: Attributes of the page's body.
        scheme: What the reader's system prefers.
        forced: Whether the reader's system imposes its colours.
        card: Width of a card, in CSS pixels.
        columns: How many stand side by side.
    """

    name: str
    title: str
    style: Callable[[], str]
    body: str = ""
    scheme: Scheme = "light"
    forced: bool = False
    card: int = 480
    columns: int = 2


def lab(kind: str) -> Callable[[], str]:
    """JupyterLab's theme, and the ground of a notebook."""
    path = SHARE / "lab" / "themes" / "@jupyterlab" / f"theme-{kind}-extension" / "index.css"
    return lambda: path.read_text("utf-8") + "body { background: var(--jp-layout-color0); }"


def voila(kind: Scheme) -> Callable[[], str]:
    """What Voilà's page loads: the style sheet of the nbconvert template that it extends, and its copy of a theme."""
    template = SHARE / "nbconvert" / "templates" / "lab" / "static" / "index.css"
    theme = SHARE / "voila" / "themes" / "@jupyterlab" / f"theme-{kind}-extension" / "index.css"
    ground = "body { background: var(--jp-layout-color0); color: var(--jp-ui-font-color1); }"
    return lambda: template.read_text("utf-8") + theme.read_text("utf-8") + ground


def marimo() -> str:
    """Return marimo's style sheet, which knows no variables of JupyterLab's: only `color-scheme` reaches the card."""
    # Not at import time: pictures of the other hosts can do without it.
    import marimo as package  # noqa: PLC0415

    assets = Path(package.__file__).parent / "_static" / "assets"
    return "".join(sheet.read_text("utf-8") for sheet in sorted(assets.glob("index-*.css")))


def unknown(scheme: Scheme) -> Callable[[], str]:
    """Nothing but the system's colours."""
    return lambda: f":root {{ color-scheme: {scheme}; }} body {{ background: Canvas; color: CanvasText; }}"


def _jupyter(kind: str, name: str, extra: str = "") -> str:
    return f'data-jp-theme-light="{str(kind == "light").lower()}" data-jp-theme-name="{name}" {extra}'


LIGHT: Final = Theme("lab-light", "JupyterLab, light", lab("light"), _jupyter("light", "JupyterLab Light"))
DARK: Final = Theme("lab-dark", "JupyterLab, dark", lab("dark"), _jupyter("dark", "JupyterLab Dark"), "dark")
FORCED: Final = Theme(
    "forced-light", "Forced colours, light", lab("light"), _jupyter("light", "JupyterLab Light"), forced=True
)
ALL: Final = [
    LIGHT,
    DARK,
    Theme(
        "lab-high-contrast",
        "JupyterLab, dark with high contrast",
        lab("dark-high-contrast"),
        _jupyter("dark", "JupyterLab Dark High Contrast"),
        "dark",
    ),
    Theme(
        "voila-light",
        "Voilà, light",
        voila("light"),
        _jupyter("light", "JupyterLab Light", 'class="jp-Notebook theme-light"'),
    ),
    Theme(
        "voila-dark",
        "Voilà, dark",
        voila("dark"),
        _jupyter("dark", "JupyterLab Dark", 'class="jp-Notebook theme-dark"'),
        "dark",
    ),
    Theme("marimo-light", "marimo, light", marimo, 'class="light light-theme"'),
    Theme("marimo-dark", "marimo, dark", marimo, 'class="dark dark-theme"', "dark"),
    Theme("unknown-light", "A host that says nothing, light", unknown("light")),
    Theme("unknown-dark", "A host that says nothing, dark", unknown("dark"), scheme="dark"),
    FORCED,
    Theme(
        "forced-dark",
        "Forced colours, dark",
        lab("dark"),
        _jupyter("dark", "JupyterLab Dark"),
        "dark",
        forced=True,
    ),
    Theme(
        "narrow-light",
        "JupyterLab, light, on 320 pixels",
        lab("light"),
        _jupyter("light", "JupyterLab Light"),
        card=288,
        columns=1,
    ),
]
"""Every theme that has a contact sheet."""

THEMES: Final = {theme.name: theme for theme in ALL}
