"""Have every IPython kernel of this user load the extension, by a startup file in the default profile."""

from __future__ import annotations

import contextlib
import pathlib
from typing import NamedTuple

__all__ = ["Startup", "startup"]

_NAME = "50-fiddler-widgets.py"


class Startup(NamedTuple):
    """The startup file of one IPython profile.

    Attributes:
        path: Its path, whether it exists or not.
    """

    path: pathlib.Path

    def text(self) -> str:
        """The content of the file, as this version writes it."""
        return pathlib.Path(__file__).with_name("startup_file.py").read_text(encoding="utf-8")

    def enable(self) -> bool:
        """Write the file; returns whether that changed anything.

        Raises:
            OSError: It cannot be written.
        """
        if self.is_current():
            return False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.text(), encoding="utf-8")
        return True

    def disable(self) -> bool:
        """Remove the file; returns whether it existed.

        Raises:
            OSError: It cannot be removed.
        """
        enabled = self.is_enabled()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        return enabled

    def is_enabled(self) -> bool:
        """Whether the file exists, as written by this or by another version."""
        return self.path.is_file()

    def is_current(self) -> bool:
        """Whether the file exists as this version writes it."""
        return self.is_enabled() and self.path.read_text(encoding="utf-8") == self.text()


def startup() -> Startup:
    """The startup file of this user's default profile, which kernels use; ``IPYTHONDIR`` is honoured.

    Raises:
        ImportError: IPython is not installed.
    """
    from IPython.paths import get_ipython_dir  # noqa: PLC0415 (only these commands need it)

    return Startup(pathlib.Path(get_ipython_dir()) / "profile_default" / "startup" / _NAME)
