"""Have every IPython of this user load the extension by itself: one startup file in the default profile."""

from __future__ import annotations

import contextlib
import pathlib
from typing import NamedTuple

__all__ = ["Startup", "startup"]

_NAME = "50-fiddler-widgets.py"


class Startup(NamedTuple):
    """The startup file of one IPython profile.

    Attributes:
        path: Where it is, or would be.
    """

    path: pathlib.Path

    def text(self) -> str:
        """What the file has to hold."""
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
        """Take the file away; returns whether it was there.

        Raises:
            OSError: It cannot be taken away.
        """
        enabled = self.is_enabled()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        return enabled

    def is_enabled(self) -> bool:
        """Whether the file is there, of this or of another version."""
        return self.path.is_file()

    def is_current(self) -> bool:
        """Whether the file is there as this version writes it."""
        return self.is_enabled() and self.path.read_text(encoding="utf-8") == self.text()


def startup() -> Startup:
    """The startup file of this user's default profile, which kernels use; ``IPYTHONDIR`` counts.

    Raises:
        ImportError: There is no IPython here.
    """
    from IPython.paths import get_ipython_dir  # noqa: PLC0415 (only these commands need it)

    return Startup(pathlib.Path(get_ipython_dir()) / "profile_default" / "startup" / _NAME)
