"""Widgets of cards that are over leave the page that has them, unless anything can still show them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import comm
import pytest
from ipywidgets import HTML, Layout, VBox

import fiddler_widgets as fw
from fiddler_widgets import compat
from fiddler_widgets.widget import page_presence
from tests.unit.fake_kernel import FakeKernel
from tests.unit.fake_server import FakeServer, until
from tests.unit.test_page_comms import PageComm

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    """A kernel in which this test is a cell of a page."""
    shell = FakeKernel()
    shell.run("a cell")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell


@pytest.fixture
def shown(kernel: FakeKernel, server: FakeServer) -> fw.JobWidget:
    """A card that a page shows."""
    card = fw.JobWidget(fw.Job(ID, connection=server), interval=0.2)
    card._ipython_display_()
    says(card, "ready")
    says(card, "hello", view="v")
    until(lambda: card.health == "live")
    assert kernel.display_pub.published
    return card


def says(card: fw.JobWidget, kind: str, **content: object) -> None:
    """What a page says."""
    card._handle_custom_msg({"type": kind, **content}, [])


def end(card: fw.JobWidget, server: FakeServer) -> None:
    """The job is over, and its static card takes the view's place."""
    server.fields |= {"status": "SUCCESS"}
    until(lambda: card.health == "over")
    says(card, "bye", view="v")
    card.__card_watcher__.post(lambda: None)


def test_widget_goes_with_its_last_view_and_comes_back_where_it_is_needed(
    shown: fw.JobWidget, server: FakeServer
) -> None:
    """Under the same id, with all that it says."""
    id_ = shown.model_id
    shown._lifetime._referred = False
    end(shown, server)
    until(lambda: shown._lifetime.off_page)
    assert shown.model_id == id_
    assert not shown._lifetime.off_page
    assert shown.status == "SUCCESS"


def test_widget_goes_though_its_page_had_a_live_view_before_its_own(shown: fw.JobWidget, server: FakeServer) -> None:
    """A page that is slow to draw shows one by a comm, until it has the widget's own view."""
    comm = PageComm()
    shown.__take_comm__(comm)
    comm.says(type="ready")
    comm.says(type="hello", view="w")
    comm.says(type="bye", view="w")
    end(shown, server)
    until(lambda: shown._lifetime.off_page)


def test_widget_that_comes_back_hears_pages_as_before(
    shown: fw.JobWidget, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its comm is a new one, on which clicks and what threads print need the same care."""
    shown.model_id  # noqa: B018 (asking for it is what refers to the widget)
    shown._lifetime._referred = False
    end(shown, server)
    until(lambda: shown._lifetime.off_page)
    prepared: list[object] = []
    for name in ("answer_on_arrival_shell", "keep_outputs_in_place"):
        monkeypatch.setattr(compat, name, lambda comm, *_: prepared.append(comm))
    shown.model_id  # noqa: B018
    assert prepared == [shown.comm, shown.comm]


def test_widget_stays_that_is_referred_to_while_it_is_published(shown: fw.JobWidget, server: FakeServer) -> None:
    """The card asks for its own id then, which is not to refer to it, but another thread's asking is."""
    with shown._lifetime.not_referred():
        cell = threading.Thread(target=lambda: shown.model_id)
        cell.start()
        cell.join()
    end(shown, server)
    shown.__card_watcher__.mailbox.settle(2)
    shown.__card_watcher__.post(shown._publish)
    shown.__card_watcher__.mailbox.settle(2)
    assert not shown._lifetime.off_page


def opened_again(card: fw.JobWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refer to a card, and return the ids of the models that are opened by that."""
    opened: list[str] = []
    create = comm.create_comm

    def noting(**given: Any) -> Any:
        opened.append(given["comm_id"])
        return create(**given)

    with monkeypatch.context() as patch:
        patch.setattr(comm, "create_comm", noting)
        card.model_id  # noqa: B018 (asking for it is what refers to the widget)
    return opened


def test_widget_that_comes_back_has_its_layout_before_it(
    shown: fw.JobWidget, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is loaded at that moment knows neither, and waits but 2 s for what a model refers to."""
    end(shown, server)
    until(lambda: shown._lifetime.off_page)
    assert opened_again(shown, monkeypatch) == [shown.layout.model_id, shown.model_id]


@pytest.mark.parametrize("user", ["another widget", "its user"])
def test_layout_that_is_not_the_cards_alone_is_left_as_it_is(
    shown: fw.JobWidget, server: FakeServer, monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    """What else shows with it would not follow a new model of it."""
    layout = shown.layout if user == "another widget" else Layout()
    other = HTML(layout=layout)
    shown.layout = layout
    end(shown, server)
    until(lambda: shown._lifetime.off_page)
    assert opened_again(shown, monkeypatch) == [shown.model_id]
    assert other.layout.comm is layout.comm


def test_widget_stays_whose_view_has_not_been_heard_of_yet(kernel: FakeKernel, server: FakeServer) -> None:
    """While a cell blocks, a page's words wait; the model's comes before its view's, which may be there to stay."""
    assert not kernel.display_pub.published
    server.fields |= {"status": "SUCCESS"}
    card = fw.JobWidget(fw.Job(ID, connection=server), interval=0.2)
    card._ipython_display_()
    until(lambda: card.health == "over")
    for kind in ("ready", "hello"):
        says(card, kind, view="v")
        card.__card_watcher__.post(card._publish)
        card.__card_watcher__.mailbox.settle(2)
        assert not card._lifetime.off_page
    says(card, "bye", view="v")
    card.__card_watcher__.post(card._publish)
    until(lambda: card._lifetime.off_page)


def test_widget_goes_whose_view_never_came(
    kernel: FakeKernel, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its output was replaced before the page had drawn it: after a while it is taken to have none."""
    assert not kernel.display_pub.published
    monkeypatch.setattr(page_presence, "_GRACE", 0.3)
    server.fields |= {"status": "SUCCESS"}
    card = fw.JobWidget(fw.Job(ID, connection=server), interval=0.2)
    card._ipython_display_()
    until(lambda: card.health == "over")
    says(card, "ready")
    card.__card_watcher__.post(card._publish)
    until(lambda: card._lifetime.off_page)


def in_a_box(card: fw.JobWidget) -> object:
    """Something else shows it."""
    return VBox([card])


def read_anew(card: fw.JobWidget) -> None:
    """Its page was loaded anew, and has outputs that the kernel does not reach."""
    says(card, "ready")


def linked(card: fw.JobWidget) -> str:
    """Something on the page refers to it."""
    return str(card.model_id)


def given_away(card: fw.JobWidget) -> Any:
    """Its formats were given to somebody who may display them yet."""
    return card._repr_mimebundle_()


@pytest.mark.parametrize("use", [in_a_box, read_anew, linked, given_away])
def test_widget_that_may_be_seen_stays(
    shown: fw.JobWidget, server: FakeServer, use: Callable[[fw.JobWidget], object]
) -> None:
    """Whatever else becomes of its outputs."""
    used = use(shown)
    end(shown, server)
    shown.__card_watcher__.mailbox.settle(2)
    shown.__card_watcher__.post(shown._publish)
    assert not shown._lifetime.off_page
    del used


def test_widget_whose_end_no_page_saw_stays(shown: fw.JobWidget, server: FakeServer) -> None:
    """The page that comes next needs it, to put the static card in its place."""
    says(shown, "bye", view="v")
    server.fields |= {"status": "SUCCESS"}
    until(lambda: shown.health == "over")
    shown.__card_watcher__.mailbox.settle(2)
    shown.__card_watcher__.post(shown._publish)
    shown.__card_watcher__.mailbox.settle(2)
    assert not shown._lifetime.off_page


def test_widget_with_another_view_stays(shown: fw.JobWidget, server: FakeServer) -> None:
    """As in a second output that cannot be published again."""
    says(shown, "hello", view="w")
    end(shown, server)
    shown.__card_watcher__.post(shown._publish)
    assert not shown._lifetime.off_page
    says(shown, "bye", view="w")
    until(lambda: shown._lifetime.off_page)
