"""Where this runs: which host there is, and which run of which cell its outputs go to now."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import ipywidgets

__all__ = [
    "can_tell_silence",
    "headless",
    "in_marimo",
    "in_notebook",
    "in_voila",
    "notebook",
    "notebook_display",
    "request_kind",
    "running_cell",
    "server_log",
    "shell",
]


def shell() -> Any:
    """The running IPython, or ``None``."""
    get: Callable[[], Any] | None = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get() if get is not None else None


def in_notebook() -> bool:
    """Whether this is a Jupyter kernel, where cards can be seen."""
    return hasattr(shell(), "kernel")


def in_voila() -> bool:
    """Whether this is the kernel of one page of Voilà, to which nobody returns once that page is closed."""
    return "VOILA_KERNEL_ID" in os.environ


def in_marimo() -> bool:
    """Whether this is a marimo notebook, which shows widgets by means of its own."""
    running: Callable[[], bool] | None = getattr(sys.modules.get("marimo"), "running_in_notebook", None)
    return running is not None and running()


def running_cell() -> tuple[str | None, str | None]:
    """The id of the cell that runs, and that of this run of it.

    JupyterLab, Notebook 7 and VS Code tell the kernel which cell a request comes from; of what runs cells without a
    page (nbclient, papermill) and of consoles the first is ``None``.
    """
    header, metadata, _ = _request()
    cell = metadata.get("cellId")
    return cell if isinstance(cell, str) else None, header.get("msg_id")


def notebook() -> str:
    """The path of the notebook that runs, as far as its host tells the kernel; empty where none is known."""
    if not in_notebook():
        return ""
    # Jupyter's own servers set the one, VS Code the other.
    told = getattr(shell(), "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    return told if isinstance(told, str) else ""


def headless() -> bool:
    """Whether the running cell is one of nbclient, papermill or a console, which show no widgets."""
    header, metadata, content = _request()
    return (
        in_notebook()
        and header.get("msg_type") == "execute_request"
        and "cellId" not in metadata
        and not (in_voila() or _has_page(content))
    )


def _has_page(content: dict[str, Any]) -> bool:
    """Whether a host has a page though it does not tell of the cell: Colab, Databricks, nbclassic, PyCharm."""
    if "google.colab" in sys.modules or "DATABRICKS_RUNTIME_VERSION" in os.environ:
        return True
    # Whoever can be asked for input is a person; at a notebook of Jupyter's servers, or else in a console.
    return content.get("allow_stdin") is True and bool(notebook())


def can_tell_silence() -> bool:
    """Whether a page that says nothing can be told from one that shows no widgets.

    Not in Colab, which passes nothing on between cells, nor where outputs are not published again.
    """
    return in_notebook() and not in_voila() and "google.colab" not in sys.modules


def request_kind() -> str | None:
    """What the kernel is asked to do now: ``execute_request`` for a cell, ``comm_msg`` for a widget's callback."""
    kind = _request()[0].get("msg_type")
    return kind if isinstance(kind, str) else None


def _request() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The header, the metadata and the content of what the kernel is asked to do now."""
    try:
        request: Any = getattr(shell(), "get_parent", dict)()
    except LookupError:
        # A thread that is part of no cell, on ipykernel 7.0.
        request = {}
    if not isinstance(request, dict):
        request = {}
    return request.get("header") or {}, request.get("metadata") or {}, request.get("content") or {}


def server_log() -> Any:
    """The kernel's own log, which goes to the server's; ``None`` outside of a kernel.

    What a cell logs is output of that cell, which Voilà shows to nobody.
    """
    return getattr(getattr(shell(), "kernel", None), "log", None)


def notebook_display(widget: ipywidgets.Widget) -> None:
    """Display a widget in the running cell, where there is one."""
    if in_marimo():
        sys.modules["marimo"].output.append(widget)
    elif in_notebook():
        from IPython.display import display  # noqa: PLC0415 (a terminal user pays nothing for it)

        display(widget)  # type: ignore[no-untyped-call]
