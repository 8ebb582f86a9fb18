"""How Sphinx makes a site of these pages: ``make docs``. Nothing here asks the network for anything."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import anywidget

import fiddler_widgets as fw

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "fiddler-widgets"
author = "the fiddler-widgets authors"
version = release = fw.__version__

# Nobody types in what a block printed.
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
# html_image: a picture with a class is chosen by the theme, and is an ordinary picture where Markdown is read as it is.
myst_enable_extensions = ["html_image"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "fiddler-widgets"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {"navigation_with_keys": True}
# The pages themselves are in the repository; a second copy of them would only make the site larger.
html_copy_source = False
html_show_copyright = False
pygments_style = "default"
pygments_dark_style = "github-dark"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# Single backticks in docstrings name something of Python, not always something that has a place on these pages.
default_role = "code"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
# Has Napoleon write the parameter `id_` with its underscore.
strip_signature_backslash = True

# Without the network there is no inventory of other projects to look these up in.
nitpick_ignore_regex = [
    (
        "py:(class|exc|obj|data)",
        r"(collections\.abc\.|concurrent\.futures\.|typing\.|types\.|uuid\.|pathlib\.|traitlets\.).*",
    ),
    ("py:(class|exc|obj)", r"UUID|datetime|(t\.)?Any|Callable|Iterable|Iterator|Mapping|Generator|Sequence|Self"),
    # What Sphinx makes of an annotation with a comma within brackets.
    ("py:class", r"(dict|Callable)\[.*"),
    ("py:exc", r"(Key|OS|Runtime|Timeout|Type|Value)Error"),
    ("py:(class|exc)", r"TimeoutError|Exception|str|Enum|tuple|NamedTuple|AnyWidget|anywidget\..*"),
    # Described in a sentence where they are met, and no names to import.
    ("py:class", r"(.*\.)?(_Callback|Reply|Phase|Subtask|DoneAndNotDoneJobs|Kind)"),
]

TRAIT_TYPES = {
    "Bool": "bool",
    "Dict": "dict",
    "Float": "float",
    "Tuple": "tuple[float, float] | None",
    "Unicode": "str",
}
"""What a trait is to a Python programmer."""


def add_traits(_app: Sphinx, what: str, _name: str, obj: Any, _options: Any, lines: list[str]) -> None:
    """Have the docstring of `JobWidget` end in its traits, which say for themselves what they hold."""
    if what != "class" or obj is not fw.JobWidget:
        return
    of_any_widget = anywidget.AnyWidget.class_trait_names()
    for name, trait in obj.class_traits(sync=True).items():
        if not name.startswith("_") and name not in of_any_widget:
            kind = TRAIT_TYPES[type(trait).__name__]
            lines += ["", f".. attribute:: {name}", f"   :type: {kind}", "", f"   {trait.help}"]


def own_signature(
    _app: Sphinx, _what: str, _name: str, obj: Any, _options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Show the arguments of `JobWidget` itself; Sphinx finds those of traitlets' ``__new__``, which takes anything."""
    if obj is not fw.JobWidget:
        return signature, returns
    whole = inspect.signature(fw.JobWidget.__init__)
    arguments = [argument for name, argument in whole.parameters.items() if name != "self"]
    shown = whole.replace(parameters=arguments, return_annotation=inspect.Signature.empty)
    # The annotations are text already, and would be shown with their quotes.
    return str(shown).replace("'", ""), returns


def setup(app: Sphinx) -> None:
    """Register what this file adds."""
    app.connect("autodoc-process-signature", own_signature)
    app.connect("autodoc-process-docstring", add_traits)
