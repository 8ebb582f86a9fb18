"""Where a card leads to: the platform's address, and the page of the job there. Nothing secret is in either."""

from __future__ import annotations

import logging
import string
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from fiddler_widgets import configs

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job

__all__ = ["Links", "links"]

_log = logging.getLogger("fiddler_widgets")

_LENGTH = 2000
_IGNORED = "configs.JOB_PAGE is ignored: %s; a template is such as '{url}/jobs?id={id}'"


class Links(NamedTuple):
    """Addresses, http or https; empty where there are none."""

    platform: str = ""
    page: str = ""


def links(job: Job) -> Links:
    """Where the card of a job leads to, by what is configured now."""
    platform = _platform(str(getattr(job.__job_record__.connection, "url", "")))
    template: object = configs.JOB_PAGE
    if template is None:
        return Links(platform)
    if not isinstance(template, str):
        _said(f"it is a {type(template).__name__}")
        return Links(platform)
    return Links(platform, "" if _trouble(template) else _page(template, platform, str(job.id)))


@lru_cache(maxsize=256)
def _platform(url: str) -> str:
    """An address without what may be secret in it: user, password, query and fragment."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return ""
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    address = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
    return address if host and _can_be_followed(address) else ""


@lru_cache(maxsize=256)
def _trouble(template: str) -> str:
    """What is the matter with a template, said in the log when it is first met; empty for a good one."""
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return _said("it has a brace without its other half")
    for _, field, spec, conversion in parsed:
        if field is not None and (field not in ("url", "id") or spec or conversion):
            return _said("it has a field other than {url} and {id}")
    if not _can_be_followed(template.format(url="https://host", id="id")):
        return _said("what it gives is no plain http or https address")
    return ""


@lru_cache(maxsize=1024)
def _page(template: str, platform: str, job_id: str) -> str:
    # Without the platform's address there is nothing to fill in, and nothing wrong with the template.
    page = template.format(url=platform, id=quote(job_id, safe=""))
    return page if _can_be_followed(page) else ""


def _can_be_followed(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # Reading the port checks it.
        whole = bool(parts.hostname) and parts.username is None and parts.password is None and parts.port != 0
    except ValueError:
        return False
    plain = address.isprintable() and not any(one in address for one in " \"'<>\\^`{|}")
    return parts.scheme in ("http", "https") and whole and plain and len(address) <= _LENGTH


@lru_cache(maxsize=64)
def _said(trouble: str) -> str:
    # Without the template, in which anything may be.
    _log.warning(_IGNORED, trouble)
    return trouble
