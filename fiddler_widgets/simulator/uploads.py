"""Files that clients upload, in one piece or in parts: their bytes are counted and dropped, but for both ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad, form_of, json_of, missing, text_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fiddler_widgets.simulator.connection import Request
    from fiddler_widgets.simulator.endpoints import Table
    from fiddler_widgets.simulator.replies import Reply

__all__ = ["Upload", "Uploads", "stamps"]

_ENDS = 64 * 1024
_USER = {
    "id": "0a53b1b4-6f34-4b7e-9c2f-5a1b6b2f7d10",
    "full_name": "Simulated User",
    "email": "user@example.com",
}


def stamps() -> dict[str, object]:
    """Return when something was made and changed, and by whom, on the wire: now, by the simulator's user."""
    now = datetime.now(tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    return {"created_at": now, "updated_at": now, "created_by": _USER, "updated_by": _USER}


@dataclass
class Upload:
    """A file on the simulator.

    Attributes:
        name: Its name.
        parts: Its parts so far: number to id and size in bytes.
        complete: Whether all of it is there.
        id: Its id, a UUID as text.
        stamps: When it was begun, and by whom, as on the wire.
        beginning: Its first bytes, 64 KiB at most.
        end: Its last bytes, 64 KiB at most, as long as its parts come in order.
    """

    name: str
    parts: dict[int, tuple[str, int]] = field(default_factory=dict)
    complete: bool = False
    id: str = field(default_factory=lambda: str(uuid4()))
    stamps: Mapping[str, object] = field(default_factory=stamps)
    beginning: bytes = field(default=b"", repr=False)
    end: bytes = field(default=b"", repr=False)

    def add(self, number: int, content: bytes) -> str:
        """Take a part; return its id. One that comes again, after an answer that was lost, replaces itself."""
        part_id = str(uuid4())
        self.parts[number] = (part_id, len(content))
        if number == 1:
            self.beginning = content[:_ENDS]
        self.end = content[-_ENDS:]
        return part_id

    @property
    def size(self) -> int:
        """How many bytes were uploaded."""
        return sum(size for _, size in self.parts.values())

    def data(self) -> dict[str, object]:
        """Return what the wire's `data` says of the file."""
        return {
            "id": self.id,
            "filename": self.name,
            "status": "SUCCESSFUL" if self.complete else "INITIALIZED",
            "type": PurePath(self.name).suffix.lstrip(".").upper(),
            **self.stamps,
        }


class Uploads:
    """The files of one simulator; used on the server's thread alone."""

    def __init__(self) -> None:
        self._files: dict[str, Upload] = {}
        self.table: Table = {
            "/v3/files/upload": {"POST": self._upload},
            "/v3/files/multipart-init": {"POST": self._begin},
            "/v3/files/multipart-upload": {"POST": self._add_part},
            "/v3/files/multipart-complete": {"POST": self._complete},
        }

    def whole(self, file_id: str) -> Upload:
        """Return a file that is there as a whole.

        Raises:
            Refused: There is none of this id, or parts of it are still to come.
        """
        found = self._file(file_id)
        if not found.complete:
            raise bad(f"File {found.name!r} is not uploaded completely.")
        return found

    def _file(self, file_id: str) -> Upload:
        found = self._files.get(file_id)
        if found is None:
            raise missing("File")
        return found

    def _upload(self, request: Request, _: str) -> Reply:
        content = form_of(request)[1]
        file = Upload(content.filename, complete=True)
        file.add(1, content.body)
        self._files[file.id] = file
        return data_reply(file.data())

    def _begin(self, request: Request, _: str) -> Reply:
        file = Upload(text_in(json_of(request), "filename"))
        self._files[file.id] = file
        return data_reply(file.data())

    def _add_part(self, request: Request, _: str) -> Reply:
        fields, content = form_of(request)
        file = self._file(fields.get("file_id", ""))
        number = fields.get("part_number", "")
        if not (number.isascii() and number.isdigit() and 0 < len(number) < 6) or file.complete:  # noqa: PLR2004
            raise bad("part_number: the number of a part that is still to come is required.")
        return data_reply({"part_id": file.add(int(number), content.body)})

    def _complete(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        file = self._file(text_in(document, "file_id"))
        here = [{"number": number, "id": part_id} for number, (part_id, _bytes) in sorted(file.parts.items())]
        if not here or document.get("parts") != here:
            raise bad("parts: not those that were uploaded.")
        file.complete = True
        return data_reply(file.data())
