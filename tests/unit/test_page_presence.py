"""Whether anybody looks: pages that say goodbye, pages that say nothing, and kernels too busy to hear."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import comm
import pytest
from ipywidgets import VBox, Widget

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.widget import page_presence
from fiddler_widgets.widget.page_presence import Presence
from tests.unit.fake_kernel import FakeKernel, SavingComm
from tests.unit.fake_server import FakeServer, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fiddler_widgets.polling.poller import Poller


class Page:
    """A page that can be asked; a widget, as far as presence knows."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0
        self.presence = Presence(lambda: self.now)

    def send(self, content: object) -> None:
        """What the kernel says to it."""
        assert json.dumps(content) == '{"type": "ping"}'
        self.asked += 1

    def quiet_for(self, seconds: float, *, answering: bool = False) -> bool:
        """Let time go by as a card's heartbeats do; return whether the page was taken to be gone on the way."""
        gone = False
        for _ in range(int(seconds / configs.HEARTBEAT)):
            self.now += configs.HEARTBEAT
            before = self.asked
            gone = gone or self.presence.silent(self)
            if answering and self.asked > before:
                self.presence.message({"type": "hello", "view": "v"})
        return gone


@pytest.fixture
def page() -> Page:
    """A page that shows a card."""
    page = Page()
    page.presence.message({"type": "hello", "view": "v"})
    return page


def test_page_that_answers_is_there(page: Page) -> None:
    """For as long as it answers, at the cost of a question every few minutes."""
    assert not page.quiet_for(24 * 3600, answering=True)
    assert page.asked <= 24 * 3600 / (configs.UNSEEN_TIMEOUT / 2) + 1


def test_page_that_is_silent_is_gone(page: Page) -> None:
    """After the configured time and not before, and only after it was asked."""
    assert not page.quiet_for(configs.UNSEEN_TIMEOUT - 10)
    assert page.asked >= 1
    assert page.quiet_for(60)


def test_time_is_configurable(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """`configs.UNSEEN_TIMEOUT` is read at each look."""
    monkeypatch.setattr(configs, "UNSEEN_TIMEOUT", 3600)
    assert not page.quiet_for(3500)
    assert page.quiet_for(200)


def test_card_that_was_never_shown_is_not_missed() -> None:
    """Whoever made a card without showing it has other uses for it."""
    assert not Page().quiet_for(24 * 3600)


def test_card_whose_formats_were_given_away_is_missed() -> None:
    """Whoever took them may have put them on a page; if there is none, nobody needs it."""
    page = Page()
    page.presence.offered()
    assert page.quiet_for(2 * configs.UNSEEN_TIMEOUT)


def test_card_of_a_voila_page_is_missed_though_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was closed before it could say hello leaves nothing to return to."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "k")
    assert Page().quiet_for(2 * configs.UNSEEN_TIMEOUT)


def test_busy_kernel_is_no_reason() -> None:
    """While a computation keeps the kernel from hearing, silence proves nothing; once it is idle, it does."""

    async def main() -> None:
        page = Page()
        page.presence.message({"type": "hello", "view": "v"})
        # No turn of the loop: the cell computes.
        assert not page.quiet_for(10 * configs.UNSEEN_TIMEOUT)
        await asyncio.sleep(0)
        assert not page.quiet_for(5)
        assert page.asked
        for _ in range(5):
            await asyncio.sleep(0)
            if page.quiet_for(configs.UNSEEN_TIMEOUT / 8):
                return
        pytest.fail("an idle kernel with nobody there polls for ever")

    asyncio.run(main())


def test_answer_after_a_long_computation_counts() -> None:
    """A page that was waiting all the while is not gone."""

    async def main() -> None:
        page = Page()
        page.presence.message({"type": "hello", "view": "v"})
        page.quiet_for(10 * configs.UNSEEN_TIMEOUT)
        await asyncio.sleep(0)
        page.presence.message({"type": "hello", "view": "v"})
        assert not page.quiet_for(configs.UNSEEN_TIMEOUT / 3)

    asyncio.run(main())


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes are fractions of a second."""
    monkeypatch.setattr(configs, "UNSEEN_TIMEOUT", 0.8)
    monkeypatch.setattr(page_presence, "_GRACE", 0.1)


@pytest.mark.usefixtures("hurried", "engine")
def test_abandoned_card_stops_asking_and_says_so(server: FakeServer) -> None:
    """No request is made for a page that has crashed; when one returns, it is told and the card goes on."""
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    card._handle_custom_msg({"type": "hello", "view": "v"}, [])
    until(lambda: card.health == "stopped")
    assert "nobody has looked for 0.8 s" in card.health_detail
    asked = server.asked["job"]
    card._handle_custom_msg({"type": "hello", "view": "w"}, [])
    until(lambda: card.health == "live" and server.asked["job"] > asked)
    assert card.health_detail == "Was paused while nobody looked; watching again."


@pytest.mark.usefixtures("hurried")
def test_abandoned_voila_page_stops_asking_whatever_it_observes(
    server: FakeServer, engine: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Voilà nobody returns to a kernel: observers and callbacks of a dashboard are no reason to go on."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "k")
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    card.on_complete(lambda _: None)
    card.observe(lambda _: None, "progress")
    until(lambda: card.health == "stopped")
    until(lambda: not engine._agenda.channels)


@pytest.mark.usefixtures("hurried", "engine")
def test_wait_is_never_cut_short(server: FakeServer) -> None:
    """Somebody who waits is there, whatever the pages say."""
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    card._handle_custom_msg({"type": "hello", "view": "v"}, [])
    card._handle_custom_msg({"type": "bye", "view": "v"}, [])
    with pytest.raises(fw.JobTimeoutError):
        card.wait(timeout=2.5)
    assert server.asked["job"] > 8


@pytest.mark.usefixtures("engine")
def test_wait_in_voila_is_warned_of(
    server: FakeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A cell that blocks there keeps the page from being shown: our logger says so, and how to do better."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "k")
    server.fields["status"] = "SUCCESS"
    fw.JobWidget(fw.Job("job", connection=server)).wait(timeout=5)
    assert "on_complete" in caplog.text


# ---- where it is displayed, when cells are run again


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    """The kernel in which this test runs."""
    kernel = FakeKernel()
    monkeypatch.setattr("IPython.get_ipython", lambda: kernel)
    return kernel


@pytest.fixture
def card() -> Iterator[Widget]:
    """A widget in no other widget."""
    widget = Widget()
    yield widget
    widget.close()


def hello(page: Page, view: str) -> None:
    """A view begins."""
    page.presence.message({"type": "hello", "view": view})


def bye(page: Page, view: str) -> None:
    """A view ends."""
    page.presence.message({"type": "bye", "view": view})


def test_card_of_an_earlier_run_of_the_cell_is_displayed_no_more(kernel: FakeKernel, card: Widget) -> None:
    """Whether or not its page's goodbye gets through the blocked cell: hosts clear what the run before left."""
    page = Page()
    kernel.run("A")
    page.presence.shown()
    hello(page, "1")
    assert page.presence.displayed(card)
    kernel.run("A")
    assert not page.presence.displayed(card)
    page.presence.shown()
    assert page.presence.displayed(card)


def test_card_of_another_cell_is_still_displayed(kernel: FakeKernel, card: Widget) -> None:
    """Also where the cell that runs again had shown it as well."""
    page = Page()
    for cell in ("A", "B"):
        kernel.run(cell)
        page.presence.shown()
        hello(page, cell)
    kernel.run("A")
    assert page.presence.displayed(card)
    kernel.run("C")
    assert page.presence.displayed(card)


def test_card_put_into_an_output_that_was_there_is_displayed_in_every_run(kernel: FakeKernel, card: Widget) -> None:
    """By a handle's update: which cell the output belongs to is not known, and no second card is shown for it."""
    page = Page()
    kernel.run("A")
    page.presence.shown(update=True)
    kernel.run("A")
    assert page.presence.displayed(card)


def test_card_within_another_widget_is_displayed_in_every_run(kernel: FakeKernel, card: Widget) -> None:
    """The box is its user's to display."""
    page = Page()
    kernel.run("A")
    page.presence.shown()
    hello(page, "1")
    box = VBox([card])
    kernel.run("A")
    assert page.presence.displayed(card)
    box.close()


def test_goodbye_of_the_run_before_does_not_count_against_what_is_displayed_now(
    kernel: FakeKernel, card: Widget
) -> None:
    """The old view may go before the new one has come; when that goes too, the card is gone."""
    page = Page()
    kernel.run("A")
    page.presence.shown()
    hello(page, "1")
    kernel.run("A")
    page.presence.shown()
    bye(page, "1")
    assert page.presence.displayed(card)
    hello(page, "2")
    bye(page, "2")
    assert not page.presence.displayed(card)


@pytest.mark.parametrize("cell", [None, "A"])
@pytest.mark.parametrize(("goes_after", "is_cleared"), [(0.1, True), (2.0, True), (5.0, False)])
def test_card_that_goes_as_its_cell_begins_was_cleared(
    kernel: FakeKernel, card: Widget, cell: str | None, goes_after: float, *, is_cleared: bool
) -> None:
    """Known when it is clear that it is not being drawn anew; one that goes later was closed or is not wanted."""
    page = Page()
    for shown_in in (cell, "B"):
        kernel.run(shown_in)
        page.presence.shown()
    hello(page, "1")
    kernel.run(cell)
    assert page.presence.displayed(card)
    page.now += goes_after
    bye(page, "1")
    page.now += 0.2
    assert not page.presence.cleared(card, goes_after + 0.2)
    page.now += 1
    assert page.presence.cleared(card, goes_after + 1.2) == is_cleared
    page.presence.shown()
    assert not page.presence.cleared(card, goes_after + 1.2)


def test_card_that_is_drawn_anew_was_not_cleared(kernel: FakeKernel, card: Widget) -> None:
    """Its view goes and another comes."""
    page = Page()
    kernel.run(None)
    page.presence.shown()
    hello(page, "1")
    page.now += 0.5
    bye(page, "1")
    page.now += 0.3
    hello(page, "2")
    page.now += 2
    assert not page.presence.cleared(card, 2.8)


# ---- widgets of other libraries


class Contrary:
    """Has no notion of equality, as an array has none that is true or false."""

    def __eq__(self, other: object) -> bool:
        """Refuse to say."""
        raise ValueError("the truth value of an array is ambiguous")

    __hash__ = None  # type: ignore[assignment]


def refuse(_widget: object) -> object:
    """What must not be asked, or has no answer."""
    raise RuntimeError("not yet")


def foreign(children: object) -> Any:
    """A widget of another library, with whatever it calls its children."""
    return type("Foreign", (Widget,), {"children": children})()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("children", [None, 7, "text", {"a": 1}, [Contrary(), None], (Contrary(),), float("nan")])
def test_foreign_children_keep_no_wait_from_its_end(server: FakeServer, children: object) -> None:
    """As pyvuetify's, which are None until there are some; or arrays, properties and methods that raise."""
    others = [foreign(children), foreign(refuse), foreign(property(refuse))]
    server.fields["status"] = "SUCCESS"
    fw.Job("job", connection=server).wait(timeout=5)
    card = fw.JobWidget(fw.Job("job", connection=server))
    card.wait(timeout=5)
    assert not Page().presence.displayed(card)
    others[0].children = [Contrary(), card]
    assert Page().presence.displayed(card)
    for each in (*others, card):
        each.close()


def test_very_many_widgets_are_looked_through_quickly(card: Widget) -> None:
    """A dashboard of thousands of them delays no wait."""
    others = [foreign([Contrary()] * 5) for _ in range(3000)]
    began = time.process_time()
    assert not Page().presence.displayed(card)
    assert time.process_time() - began < 0.2
    for other in others:
        other.close()


# ---- whether there is a page at all


def test_kernel_that_is_told_of_no_cell_and_hears_no_page_is_headless(kernel: FakeKernel) -> None:
    """As with papermill; known once a page would have answered."""
    kernel.run(None)
    page = Page()
    assert not page.presence.unseen(1.0)
    assert page.presence.unseen(2.0)


def test_page_that_cannot_answer_is_a_page(kernel: FakeKernel) -> None:
    """In VS Code no answer gets through a blocked cell, but the request names the cell."""
    kernel.run("vscode-notebook-cell:/home/me/it.ipynb#W0sZmlsZQ==")
    assert not Page().presence.unseen(60.0)


def test_page_that_answers_is_a_page(kernel: FakeKernel, page: Page) -> None:
    """Whether or not its requests name a cell."""
    kernel.run(None)
    assert not page.presence.unseen(60.0)


@pytest.mark.parametrize("host", ["voila", "colab", "callback"])
def test_hosts_with_a_page_that_name_no_cell_are_not_headless(
    kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Voilà shows its page later; Colab names no cell; what runs because of a click was asked for by a page."""
    kernel.run(None)
    if host == "voila":
        monkeypatch.setenv("VOILA_KERNEL_ID", "k")
    elif host == "colab":
        monkeypatch.setitem(sys.modules, "google.colab", sys)
    else:
        kernel.request = {"header": {"msg_id": "1", "msg_type": "comm_msg"}, "metadata": {}}
    assert not Page().presence.unseen(60.0)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("answers", [True, False])
def test_wait_says_its_changes_where_no_page_answers(
    server: FakeServer,
    kernel: FakeKernel,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    answers: bool,
) -> None:
    """A line for each, on stderr; none where there is a page, which shows the card."""
    monkeypatch.setattr(logging.getLogger("fiddler_widgets"), "hasHandlers", lambda: False)
    monkeypatch.setattr(page_presence, "_PONG", 0.2)
    kernel.run(None)
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    monkeypatch.setattr(card, "send", lambda _: answers and card._handle_custom_msg({"type": "hello", "view": "v"}, []))

    def go_on() -> None:
        until(lambda: server.asked["job"] > 4)
        server.fields |= {"status": "SUCCESS", "progress": 100.0}

    thread = threading.Thread(target=go_on)
    thread.start()
    card.wait(timeout=20)
    thread.join()
    said = [line.split(" ", 1)[1] for line in capsys.readouterr().err.splitlines()]
    assert said == ([] if answers else ["job 'Upload' (job): STARTED, 10 %", "job 'Upload' (job): SUCCESS, 100 %"])


@pytest.mark.usefixtures("engine")
def test_page_that_does_not_answer_is_shown_no_controls(
    server: FakeServer, kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in VS Code, whose messages do not get through a blocked cell: some 1.5 s into the wait, and until its end."""
    saved: dict[str, dict[str, object]] = {}
    monkeypatch.setattr(SavingComm, "states", saved, raising=False)
    monkeypatch.setattr(comm, "create_comm", SavingComm)
    kernel.run("vscode-notebook-cell:/home/me/it.ipynb#W0sZmlsZQ==")
    card = fw.JobWidget(fw.Job("job", connection=server), interval=0.2)
    page = saved[card.model_id]
    hidden_after: list[float] = []

    def look() -> None:
        until(lambda: card.__card_watcher__._waits)
        begun = time.monotonic()
        assert page["_controls"]
        until(lambda: not page["_controls"])
        hidden_after.append(time.monotonic() - begun)
        server.fields |= {"status": "SUCCESS"}

    thread = threading.Thread(target=look)
    thread.start()
    card.wait(timeout=20)
    thread.join()
    assert hidden_after[0] == pytest.approx(1.5, abs=0.7)
    assert page["_controls"]
