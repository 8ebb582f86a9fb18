"""Finding the handler for the path and method of a request."""

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
    """Handlers by path and method.

    A path may have one `*`, for an id; a handler is called with the request and that
    id, which is empty if the path has no `*`.
    """

    def __init__(self, *tables: Table) -> None:
        """Join the tables, of which no two have the same path."""
        self._table = [
            (re.compile(re.escape(path).replace(r"\*", "([^/]+)")), methods)
            for table in tables
            for path, methods in table.items()
        ]

    def answer(self, request: Request) -> Reply | None:
        """Answer a request; `None` if no table has its path.

        Raises:
            Refused: The request is not valid.
        """
        for path, methods in self._table:
            match = path.fullmatch(request.path)
            if match is not None:
                handler = methods.get(request.method)
                return NOT_ALLOWED if handler is None else handler(request, unquote("".join(match.groups())))
        return None
