"""The ways in which an answer can go wrong, each a pure change of the good answer."""

from __future__ import annotations

import codecs
import json
import zlib
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from fiddler_widgets.simulator import pages
from fiddler_widgets.simulator.replies import Reply, dump, error_reply, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Fault", "Misbehaviour"]

_MIB = 2**20
_OTHER_ID = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True)
class Fault:
    """One way in which an answer goes wrong; the static methods make the usual ones.

    Attributes:
        name: Its name in `SeenRequest.fault`.
        change: Makes the bad reply from the good one.
    """

    name: str
    change: Callable[[Reply], Reply]

    @staticmethod
    def status(
        code: int,
        *,
        retry_after: float | str | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fault:
        """Answer with a status, by default in the platform's error envelope.

        Args:
            code: The HTTP status.
            retry_after: For `Retry-After`: seconds, or text such as an HTTP date.
            body: The body to send instead of the envelope.
            headers: Further headers.
        """
        text = phrase(code)
        reply = error_reply(code, text, text.replace(" ", ""))
        if body is not None:
            reply = replace(reply, body=body)
        extra = dict(headers or {})
        if retry_after is not None:
            seconds = isinstance(retry_after, (int, float))
            extra["Retry-After"] = f"{retry_after:g}" if seconds else str(retry_after)
        return _always(f"status {code}", replace(reply, headers=tuple(extra.items())))

    @staticmethod
    def reset(*, in_body: bool = False) -> Fault:
        """Cut the connection with a TCP RST.

        Args:
            in_body: Send the header and half of the body first.
        """
        if not in_body:
            return _always("reset", Reply(None, then="reset"))
        return Fault("reset in body", lambda good: _half(good, then_reset=True))

    @staticmethod
    def close() -> Fault:
        """Close the connection properly, without an answer."""
        return _always("close", Reply(None, then="close"))

    @staticmethod
    def hang() -> Fault:
        """Take the request and never answer."""
        return _always("hang", Reply(None, then="hang"))

    @staticmethod
    def slow_header(pace: float = 1.0) -> Fault:
        """Send the header byte by byte, `pace` seconds apart."""
        return Fault("slow header", lambda good: replace(good, head_pace=pace))

    @staticmethod
    def slow_body(pace: float = 1.0) -> Fault:
        """Send the body byte by byte, `pace` seconds apart."""
        return Fault("slow body", lambda good: replace(good, body_pace=pace))

    @staticmethod
    def delay(seconds: float) -> Fault:
        """Wait some seconds, then give the good answer."""
        return Fault("delay", lambda good: replace(good, delay=good.delay + seconds))

    @staticmethod
    def truncated_json() -> Fault:
        """Send half of the JSON, with a header for this length."""
        return Fault(
            "truncated json",
            lambda good: replace(good, body=good.body[: len(good.body) // 2]),
        )

    @staticmethod
    def cut_body() -> Fault:
        """Send half of what `Content-Length` promises, then close."""
        return Fault("cut body", lambda good: _half(good, then_reset=False))

    @staticmethod
    def huge_body(size: int = 64 * _MIB) -> Fault:
        """Send the good answer, then blanks until it has `size` bytes.

        Only the size of such an answer is wrong. It is streamed, and is never
        in memory as a whole.
        """

        def change(good: Reply) -> Reply:
            return replace(good, padding=max(0, size - len(good.body)))

        return Fault("huge body", change)

    @staticmethod
    def gzip_bomb(mebibytes: int = 64) -> Fault:
        """Send a small gzip body that unpacks to so many MiB of a good answer."""
        return Fault("gzip bomb", lambda good: _bomb(good, mebibytes))

    @staticmethod
    def html(status: int = 200) -> Fault:
        """Answer with an HTML page, as a proxy's sign-in does."""
        return _always("html", Reply(status, pages.SIGN_IN, "text/html; charset=utf-8"))

    @staticmethod
    def firewall(code: int = 403) -> Fault:
        """Answer instead of the platform, like a firewall that takes the request for an attack."""
        return _always("firewall", Reply(code, pages.BLOCKED, "text/html; charset=utf-8"))

    @staticmethod
    def ingress() -> Fault:
        """Answer 404 instead of the platform, like an ingress while the platform is being deployed."""
        return _always("ingress", Reply(404, pages.DEFAULT_BACKEND, "text/html"))

    @staticmethod
    def proxy_password() -> Fault:
        """Ask for a name and password, as a forward proxy does for requests and for CONNECT."""
        headers = (("Proxy-Authenticate", 'Basic realm="proxy"'),)
        return _always("proxy password", Reply(407, pages.PROXY_PASSWORD, "text/html", headers=headers))

    @staticmethod
    def byte_order_mark() -> Fault:
        """Put a byte order mark before the good answer."""
        return Fault("byte order mark", lambda good: replace(good, body=codecs.BOM_UTF8 + good.body))

    @staticmethod
    def redirect(to: str, code: int = 302) -> Fault:
        """Redirect the client to the URL or path `to`."""
        return _always("redirect", Reply(code, pages.SIGN_IN, "text/html", headers=(("Location", to),)))

    @staticmethod
    def wrong_id(other: str = _OTHER_ID) -> Fault:
        """Answer about another job."""
        return _on_data("wrong id", lambda data: {**data, "id": other})

    @staticmethod
    def odd_progress(literal: str | None) -> Fault:
        """Answer with any JSON literal as `progress`.

        Args:
            literal: The JSON text of the value, such as `NaN`, `"42"` with its
                quotes, `true`, `-5`, `250` or `null`; `None` omits the field.
        """
        if literal is None:
            return Fault.without("progress")
        mark = "\N{REPLACEMENT CHARACTER}progress"
        marked = _on_data("", lambda data: {**data, "progress": mark})

        def change(good: Reply) -> Reply:
            body = marked.change(good).body.replace(dump(mark), literal.encode(), 1)
            return replace(good, body=body)

        return Fault("odd progress", change)

    @staticmethod
    def without(*fields: str) -> Fault:
        """Omit fields of the job, such as `"info"`."""
        return _on_data(
            "without " + ", ".join(fields),
            lambda data: {k: v for k, v in data.items() if k not in fields},
        )

    @staticmethod
    def without_data() -> Fault:
        """Send the envelope without its `data`."""
        return _always("without data", Reply(200, dump({"api_version": "3.0", "kind": "NORMAL"})))

    @staticmethod
    def list_body() -> Fault:
        """Send a list instead of an object."""
        return Fault("list body", lambda good: replace(good, body=b"[" + good.body + b"]"))

    @staticmethod
    def invalid_utf8() -> Fault:
        """Put bytes that are not UTF-8 into the job's name."""
        return Fault(
            "invalid utf-8",
            lambda good: replace(good, body=good.body.replace(b'"name": "', b'"name": "\xff\xfe', 1)),
        )

    @staticmethod
    def body(raw: bytes, content_type: str = "application/json", *, status: int = 200) -> Fault:
        """Answer with any bytes."""
        return _always("body", Reply(status, raw, content_type))


class Misbehaviour:
    """Decides for each request which fault is due; safe to use from any thread."""

    def __init__(self) -> None:
        """Begin without a fault."""
        self._lock = Lock()
        self._plans: list[_Plan] = []

    def plan(self, fault: Fault, after: int, times: int | None) -> None:
        """Plan a fault: see `SimulatedJob.misbehave`.

        Raises:
            ValueError: If `after` or `times` is negative.
        """
        if after < 0 or (times is not None and times < 0):
            raise ValueError(f"after={after} and times={times} must not be negative.")
        if times == 0:
            return
        with self._lock:
            self._plans.append(_Plan(fault, after, times))

    def clear(self) -> None:
        """Forget every plan."""
        with self._lock:
            self._plans.clear()

    def next(self) -> Fault | None:
        """Count one request, and return the fault that it meets, if any."""
        if not self._plans:
            return None
        with self._lock:
            due = [plan.fault for plan in self._plans if plan.count()]
            self._plans = [plan for plan in self._plans if plan.times != 0]
        return due[-1] if due else None


@dataclass
class _Plan:
    """A fault, the good requests before it, and how often it is still due."""

    fault: Fault
    after: int
    times: int | None

    def count(self) -> bool:
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def _always(name: str, reply: Reply) -> Fault:
    return Fault(name, lambda _good: reply)


def _on_data(name: str, edit: Callable[[dict[str, object]], dict[str, object]]) -> Fault:
    def change(good: Reply) -> Reply:
        document = json.loads(good.body)
        if "data" not in document:
            return good
        return replace(good, body=dump({**document, "data": edit(document["data"])}))

    return Fault(name, change)


def _half(good: Reply, *, then_reset: bool) -> Reply:
    return replace(
        good,
        body=good.body[: len(good.body) // 2],
        content_length=len(good.body),
        then="reset" if then_reset else "close",
    )


def _bomb(good: Reply, mebibytes: int) -> Reply:
    gzip_format = 31
    packer = zlib.compressobj(wbits=gzip_format)
    blanks = b" " * _MIB
    parts = [packer.compress(good.body)]
    parts += [packer.compress(blanks) for _ in range(mebibytes)]
    parts.append(packer.flush())
    return replace(good, body=b"".join(parts), headers=(("Content-Encoding", "gzip"),))
