"""Where a card leads to: only what is configured, only http and https, and nothing secret."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.rendering import static_card
from fiddler_widgets.widget import links as module
from fiddler_widgets.widget.links import links
from tests.unit.fake_server import FakeServer, until

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
URL = "https://company.fiddler.ai"


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nothing was said yet."""
    for cached in (module._trouble, module._said):
        cached.cache_clear()


def job(url: object = URL, id_: str = ID) -> Any:
    """A job that is asked for there."""
    return SimpleNamespace(id=id_, __job_record__=SimpleNamespace(connection=SimpleNamespace(url=url)))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (URL, URL),
        ("http://127.0.0.1:8080/fiddler/", "http://127.0.0.1:8080/fiddler"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://me:secret@company.fiddler.ai:443/a?token=secret#secret", "https://company.fiddler.ai:443/a"),
        ("javascript:alert(1)", ""),
        ("ftp://company.fiddler.ai", ""),
        ("https://company.fiddler.ai:x", ""),
        ("https://a b", ""),
        ('https://a/"onclick="x', ""),
        ("", ""),
        (None, ""),
    ],
)
def test_address_of_the_platform(url: object, shown: str) -> None:
    """As it was given, without a user, a password or a query; empty where it leads nowhere."""
    assert links(job(url)).platform == shown


def test_no_page_unless_configured() -> None:
    """By default nothing is known of the platform's pages."""
    assert configs.JOB_PAGE is None
    assert links(job()).page == ""


def test_page_of_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the template, with the id encoded; read anew each time."""
    monkeypatch.setattr(configs, "JOB_PAGE", "{url}/jobs?id={id}")
    assert links(job()).page == f"{URL}/jobs?id={ID}"
    assert links(job(id_='a&b="/ü')).page == f"{URL}/jobs?id=a%26b%3D%22%2F%C3%BC"
    monkeypatch.setattr(configs, "JOB_PAGE", "http://intranet/job/{id}#top")
    assert links(job(None)).page == f"http://intranet/job/{ID}#top"


def test_page_of_a_platform_that_is_not_known_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The template is right, only there is nothing to fill in yet."""
    monkeypatch.setattr(configs, "JOB_PAGE", "{url}/jobs?id={id}")
    assert links(job("")).page == ""
    assert not caplog.records


@pytest.mark.parametrize(
    "template",
    [
        "{url}/jobs/{secret}",
        "{url.__class__}",
        "{url!r}",
        "{id:>80}",
        "{}",
        "{url",
        "javascript:alert('{id}')",
        "{id}",
        "//company/{id}",
        "ftp://company/{id}",
        "{url}@elsewhere/{id}",
        "https://me:secret@company/{id}",
        "https://company:x/{id}",
        "https://company/{{{id}}}",
        "https://company/ {id}",
        "https:///{id}",
        b"https://secret/{id}",
        7,
    ],
)
def test_bad_template_is_said_once_and_ignored(
    template: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without quoting it: anything may be in it."""
    monkeypatch.setattr(configs, "JOB_PAGE", template)
    with caplog.at_level(logging.WARNING, "fiddler_widgets"):
        for each in (job(), job(id_="other")):
            assert links(each) == (URL, "")
    (record,) = caplog.records
    assert "JOB_PAGE is ignored" in record.getMessage()
    assert "secret" not in record.getMessage()


def test_card_says_where_it_leads_to(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the first look, to its page."""
    monkeypatch.setattr(configs, "JOB_PAGE", "{url}/jobs?id={id}")
    server.url = "https://me:secret@company.fiddler.ai"
    card = fw.JobWidget(fw.Job(ID, connection=server), interval=0.2)
    until(lambda: card.health == "live")
    assert (card._said["platform"], card._said["link"]) == (URL, f"{URL}/jobs?id={ID}")
    assert "secret" not in str(card.get_state())


def test_static_card_links_the_name() -> None:
    """To the job's page, in a tab of its own that learns nothing; the platform is named in the details."""
    state = JobState(id=ID, name="<b>Upload", status=fw.JobStatus.SUCCESS, progress=None)
    known = static_card.CardSnapshot(ID, state, Health.OVER, "", 0.0, 1.0)
    linked = static_card.html(known._replace(platform=URL, page=f"{URL}/jobs?id=1&x=2"))
    page = f"{URL}/jobs?id=1&amp;x=2"
    assert f'<a href="{page}" target="_blank" rel="noopener noreferrer">&lt;b&gt;Upload</a></strong>' in linked
    assert f'<dt>Platform</dt><dd dir="auto">{URL}</dd>' in linked
    for text in ("<a ", "Platform"):
        assert text not in static_card.html(known)
