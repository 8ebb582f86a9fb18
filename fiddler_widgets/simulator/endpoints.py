"""Which part of the platform answers which path and method."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fiddler_widgets.simulator.routes import NOT_ALLOWED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.replies import Reply

    Handler = Callable[[Request, str], Reply]
    Table = Mapping[str, Mapping[str, Handler]]

__all__ = ["Endpoints"]


class Endpoints:
    """Tables of path and method to what answers.

    A path may have one `*`, for an id; what answers is called with the request and
    that id, which is empty where the path has no `*`.
    """

    def __init__(self, *tables: Table) -> None:
        """Take the tables together; no path is in two of them."""
        self._table = [
            (re.compile(re.escape(path).replace(r"\*", "([^/]+)")), methods)
            for table in tables
            for path, methods in table.items()
        ]

    def answer(self, request: Request) -> Reply | None:
        """Answer a request, or say that no table has its path: `None`.

        Raises:
            Refused: It makes no sense.
        """
        for path, methods in self._table:
            match = path.fullmatch(request.path)
            if match is not None:
                handler = methods.get(request.method)
                return NOT_ALLOWED if handler is None else handler(request, unquote("".join(match.groups())))
        return None
