"""The projects of a simulator; a project is removed together with its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fiddler_widgets.simulator.job_kinds import reference_to
from fiddler_widgets.simulator.listing import by_id, page
from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import conflict, json_of, text_in
from fiddler_widgets.simulator.routes import ORGANIZATION
from fiddler_widgets.simulator.uploads import stamps

if TYPE_CHECKING:
    from collections.abc import Callable

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.listing import Item
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Projects"]


class Projects:
    """The projects; used only on the server's thread."""

    def __init__(self, first: str) -> None:
        """Begin with one project, of this name."""
        self._items = [_new(first)]
        self._listeners: list[Callable[[str], None]] = []
        self.table: Table = {
            "/v3/projects": {"GET": self._list, "POST": self._create},
            "/v3/projects/*": {"GET": self._get, "DELETE": self._delete},
            # The oldest clients use this path, with the names of organisation and project.
            "/v2/projects/*": {"DELETE": self._delete_by_name},
        }

    def find(self, id_: str) -> Item:
        """Return the project with this id.

        Raises:
            Refused: There is none.
        """
        return by_id(self._items, id_, "Project")

    def when_removed(self, listener: Callable[[str], None]) -> None:
        """Have a function called with the id of each project that is removed."""
        self._listeners.append(listener)

    def _list(self, request: Request, _: str) -> Reply:
        return page(request.query, self._items)

    def _get(self, _: Request, id_: str) -> Reply:
        return data_reply(self.find(id_))

    def _create(self, request: Request, _: str) -> Reply:
        project = _new(text_in(json_of(request), "name"))
        if any(project["name"] == other["name"] for other in self._items):
            raise conflict("Project already exists")
        self._items.append(project)
        return data_reply(project)

    def _delete(self, _: Request, id_: str) -> Reply:
        return self._remove(self.find(id_))

    def _delete_by_name(self, _: Request, names: str) -> Reply:
        _organization, _colon, name = names.partition(":")
        return self._remove(self.find(str(reference_to("project", name)["id"])))

    def _remove(self, project: Item) -> Reply:
        self._items.remove(project)
        for listener in self._listeners:
            listener(str(project["id"]))
        return data_reply({})


def _new(name: str) -> Item:
    return {**reference_to("project", name), **stamps(), "organization": ORGANIZATION}
