"""The names that users import: all there, none besides, and each says that it lives in `fiddler_widgets`."""

from __future__ import annotations

import inspect
import pickle
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import anywidget
import pytest

import fiddler_widgets as fw


def test_all_lists_each_public_name_and_no_other() -> None:
    """What `fiddler_widgets` offers without an underscore is what `__all__` lists, but for its own folders."""
    folders = {name for name, value in vars(fw).items() if isinstance(value, ModuleType)} - {"configs", "journal"}
    # The future import, and the two functions that IPython calls.
    known = {"annotations", "load_ipython_extension", "unload_ipython_extension", "TYPE_CHECKING"}
    # One that comes with its first use.
    assert issubclass(fw.JobBoard, object)
    offered = {name for name in vars(fw) if not name.startswith("_")} - folders - known
    assert offered | {"__version__"} == set(fw.__all__)


def test_all_is_sorted() -> None:
    """A name has one place in the list."""
    assert fw.__all__ == sorted(fw.__all__)


@pytest.mark.parametrize("name", [name for name in fw.__all__ if name not in ("__version__", "configs", "journal")])
def test_public_name_says_that_it_lives_in_the_package(name: str) -> None:
    """Whatever room a class or function is in, its module is the one that users import it from."""
    public = getattr(fw, name)
    assert public.__module__ == "fiddler_widgets"
    assert public.__doc__


@pytest.mark.parametrize("name", [name for name in fw.__all__ if inspect.isclass(getattr(fw, name))])
def test_public_class_is_pickled_by_its_public_name(name: str) -> None:
    """A pickle names `fiddler_widgets` only, so that it loads when modules have moved."""
    data = pickle.dumps(getattr(fw, name))
    assert b"fiddler_widgets." not in data
    assert pickle.loads(data) is getattr(fw, name)  # noqa: S301 (made here)


def test_importing_the_package_imports_no_extension_and_no_simulator() -> None:
    """Who uses neither pays for neither."""
    program = (
        "import sys, fiddler_widgets; print([n for n in sys.modules if 'widgets.extension' in n or 'simulator' in n])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


CARD = {"job", "closed", "start", "stop", "close", "wait", "wait_async", "on_complete"}
BOARD = (CARD - {"job"}) | {
    "jobs",
    "failed",
    "shown",
    "rows",
    "add",
    "remove",
    "clear_finished",
    "as_completed",
    "recent",
}


@pytest.mark.parametrize(("widget", "documented"), [("JobWidget", CARD), ("JobBoard", BOARD)])
def test_widget_has_no_public_name_that_the_documentation_does_not_list(widget: str, documented: set[str]) -> None:
    """Besides what any widget has, a card and a board offer what docs/api.md lists, and their traits."""
    kind = getattr(fw, widget)
    of_any_widget = set(dir(anywidget.AnyWidget))
    traits = {name for name in kind.class_trait_names() if not name.startswith("_")}
    offered = {name for name in dir(kind) if not name.startswith("_")}
    assert offered - of_any_widget - traits == documented - of_any_widget
    page = Path(__file__).parents[2] / "docs" / "api.md"
    # The documentation is not there where the wheel is tested without its sources.
    if page.exists():
        listed = re.search(rf"autoclass:: {widget}\n   :members: (.*)", page.read_text(encoding="utf-8"))
        assert listed is not None
        assert set(listed[1].split(", ")) == documented


def test_no_module_is_longer_than_300_lines() -> None:
    """Where one gets longer, two rooms want to be apart."""
    modules = Path(fw.__file__).parent.rglob("*.py")
    lengths = {module.name: len(module.read_text(encoding="utf-8").splitlines()) for module in modules}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_module_but_compat_reaches_into_private_names() -> None:
    """What rests on private parts of other libraries is in one place, with what is lost where a part goes."""
    modules = Path(fw.__file__).parent.rglob("*.py")
    assert {module.name for module in modules if "SLF001" in module.read_text(encoding="utf-8")} == {"compat.py"}
