"""Which host this is, from what it tells the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fiddler_widgets.environment import headless

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shell:
    """A kernel's shell that runs a cell."""

    kernel = object()

    def __init__(self, metadata: Mapping[str, object], content: Mapping[str, object]) -> None:
        self._request = {"header": {"msg_type": "execute_request"}, "metadata": metadata, "content": content}

    def get_parent(self) -> dict[str, Any]:
        """As ipykernel has it."""
        return self._request


@pytest.mark.parametrize(
    ("host", "metadata", "content", "variables", "expected"),
    [
        ("JupyterLab", {"cellId": "c"}, {"allow_stdin": True}, {"JPY_SESSION_NAME": "a.ipynb"}, False),
        ("JupyterLab with input switched off", {"cellId": "c"}, {"allow_stdin": False}, {}, False),
        ("nbclassic, PyCharm", {}, {"allow_stdin": True}, {"JPY_SESSION_NAME": "a.ipynb"}, False),
        ("Databricks", {}, {}, {"DATABRICKS_RUNTIME_VERSION": "15.4"}, False),
        ("a console", {}, {"allow_stdin": True}, {}, True),
        ("nbclient, papermill", {}, {"allow_stdin": False}, {}, True),
        ("papermill, started by a notebook", {}, {"allow_stdin": False}, {"JPY_SESSION_NAME": "a.ipynb"}, True),
    ],
)
def test_hosts_without_a_page_are_known(
    host: str,
    metadata: dict[str, object],
    content: dict[str, object],
    variables: dict[str, str],
    expected: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the cell that they tell of, and by whether there is somebody who can be asked for input."""
    shell = Shell(metadata, content)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    for name in ("JPY_SESSION_NAME", "DATABRICKS_RUNTIME_VERSION", "VOILA_KERNEL_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert headless() == expected, host
