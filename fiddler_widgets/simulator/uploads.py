"""Files that clients upload, as a whole or in parts: their bytes are counted; only their first and last are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from fiddler_widgets.simulator.replies import data_reply
from fiddler_widgets.simulator.request_bodies import bad_request, form_of, json_of, not_found, text_in

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
    """Return the fields on when and by whom an item was made and changed: now, by the simulator's user."""
    now = datetime.now(tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    return {"created_at": now, "updated_at": now, "created_by": _USER, "updated_by": _USER}


@dataclass
class Upload:
    """A file on the simulator.

    Attributes:
        name: Its name.
        parts: Its parts so far: id and size in bytes, by number.
        complete: Whether it is uploaded completely.
        id: Its id, a UUID as text.
        stamps: When and by whom it was begun, as in answers.
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
        """Add a part, and return its id; a part that is sent again, after its answer was lost, replaces the first."""
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
        """Return the `data` of an answer about the file."""
        return {
            "id": self.id,
            "filename": self.name,
            "status": "SUCCESSFUL" if self.complete else "INITIALIZED",
            "type": PurePath(self.name).suffix.lstrip(".").upper(),
            **self.stamps,
        }


class Uploads:
    """The files of one simulator; used only on the server's thread."""

    def __init__(self) -> None:
        self._files: dict[str, Upload] = {}
        self.table: Table = {
            "/v3/files/upload": {"POST": self._upload},
            "/v3/files/multipart-init": {"POST": self._begin},
            "/v3/files/multipart-upload": {"POST": self._add_part},
            "/v3/files/multipart-complete": {"POST": self._complete},
        }

    def whole(self, file_id: str) -> Upload:
        """Return a file that is uploaded completely.

        Raises:
            Refused: There is none with this id, or parts of it are missing.
        """
        file = self._file(file_id)
        if not file.complete:
            raise bad_request(f"File {file.name!r} is not uploaded completely.")
        return file

    def _file(self, file_id: str) -> Upload:
        file = self._files.get(file_id)
        if file is None:
            raise not_found("File")
        return file

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
            raise bad_request("part_number: the number of a part that is still to come is required.")
        return data_reply({"part_id": file.add(int(number), content.body)})

    def _complete(self, request: Request, _: str) -> Reply:
        document = json_of(request)
        file = self._file(text_in(document, "file_id"))
        uploaded_parts = [{"number": number, "id": part_id} for number, (part_id, _bytes) in sorted(file.parts.items())]
        if not uploaded_parts or document.get("parts") != uploaded_parts:
            raise bad_request("parts: not those that were uploaded.")
        file.complete = True
        return data_reply(file.data())
