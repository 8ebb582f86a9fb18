"""Whether any page can draw a widget, decided from what is heard and when, and how often its output is renewed then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import compat
from fiddler_widgets.widget import frontend_check, page_answers
from fiddler_widgets.widget.frontend_check import Silence
from fiddler_widgets.widget.page_answers import PageAnswers
from fiddler_widgets.widget.renewals import Renewals
from tests.clock import Clock
from tests.unit.fake_kernel import FakeKernel, FakePublisher
from tests.unit.fake_server import FakeServer, until

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def clock() -> Clock:
    """A clock of the test's own."""
    return Clock()


@pytest.fixture
def silence(clock: Clock) -> Silence:
    """The first widget of a kernel."""
    return Silence(PageAnswers(), clock)


# ---- the decision


def test_silence_of_three_seconds_means_that_nobody_draws_it(silence: Silence, clock: Clock) -> None:
    """Not sooner, and only of a widget that is displayed."""
    assert silence.heard_all() is None
    assert not silence.absent
    assert silence.displayed() == 3
    clock.now += 2
    assert silence.heard_all() == 1
    assert not silence.absent
    clock.now += 1
    assert silence.heard_all() is None
    assert silence.absent


def test_kernel_that_has_not_listened_knows_nothing(silence: Silence, clock: Clock) -> None:
    """However long a cell blocks it."""
    silence.displayed()
    clock.now += 3600
    assert not silence.absent
    silence.answered()
    silence.heard_all()
    assert not silence.absent


def test_answer_that_comes_after_all_brings_the_widget_back(silence: Silence, clock: Clock) -> None:
    """Once and for good; that it was missed until then is said once."""
    silence.displayed()
    clock.now += 3
    silence.heard_all()
    assert silence.answered()
    assert not silence.absent
    assert not silence.answered()
    assert silence.displayed() is None
    clock.now += 3600
    assert silence.heard_all() is None
    assert not silence.absent


def test_page_that_closes_the_comm_draws_nothing(silence: Silence) -> None:
    """JupyterLab without the manager of widgets does, at once; one that has answered has other reasons."""
    assert silence.refused()
    assert silence.absent
    assert not silence.refused()
    assert silence.answered()
    assert not silence.refused()
    assert not silence.absent


def test_further_widgets_of_a_kernel_without_a_page_begin_as_html(clock: Clock) -> None:
    """They need not show an error for three seconds each, and any answer ends it for those to come."""
    kernel = PageAnswers()
    first, second, third = (Silence(kernel, clock) for _ in range(3))
    first.displayed()
    clock.now += 3
    first.heard_all()
    assert second.absent
    assert second.answered()
    assert not third.absent
    # It has answered for another one.
    assert first.absent


def test_page_that_has_answered_before_is_given_time(clock: Clock) -> None:
    """With many cards at once a page is slow: none of them may flicker."""
    kernel = PageAnswers()
    first, second = Silence(kernel, clock), Silence(kernel, clock)
    first.answered()
    assert second.displayed() == 60
    clock.now += 59
    assert second.heard_all() == 1
    clock.now += 1
    second.heard_all()
    assert second.absent
    # That says nothing of all the others.
    assert not Silence(kernel, clock).absent


# ---- how often


def test_changes_are_published_once_a_second(clock: Clock) -> None:
    """The first at once, the last of those that come sooner a second later, and nobody is told twice to come back."""
    renewals = Renewals(clock)
    assert renewals.due(news=True, static=True) == 0
    clock.now += 0.4
    assert renewals.due(news=True, static=True) == pytest.approx(0.6)
    assert renewals.due(news=True, static=True) is None
    clock.now += 0.6
    assert renewals.due(news=True, static=True) == 0


def test_what_does_not_change_is_published_again_now_and_then(clock: Clock) -> None:
    """It says as of when it is true."""
    renewals = Renewals(clock)
    renewals.due(news=True, static=True)
    published = 0
    for _ in range(120):
        clock.now += 1
        published += renewals.due(news=False, static=True) == 0
    assert published == 4


def test_output_beside_a_live_widget_is_not_held_back(clock: Clock) -> None:
    """Nor published without need."""
    renewals = Renewals(clock)
    assert [renewals.due(news=news, static=False) for news in (True, True, False)] == [0, 0, None]
    clock.now += 3600
    assert renewals.due(news=False, static=False) is None


# ---- what is heard


def message(kind: str, comm_id: str, method: str = "custom") -> list[bytes]:
    """A message as it arrives."""
    content = {"comm_id": comm_id, "data": {"method": method, "content": {"type": "ready"}}}
    header = json.dumps({"msg_type": kind}).encode()
    return [b"a page", b"<IDS|MSG>", b"signature", header, b"{}", b"{}", json.dumps(content).encode()]


class OldKernel:
    """A kernel whose messages wait in a queue."""

    def __init__(self) -> None:
        self.arrived: list[list[bytes]] = []
        self.msg_queue = self
        self.shell_stream = self
        self._queue: list[tuple[int, object, tuple[object, ...]]] = []

    def flush(self, flag: int) -> None:
        """Take in what has arrived."""
        assert flag == 1
        for frames in self.arrived:
            self._queue.append((len(self._queue), None, (frames,)))
        self.arrived.clear()


def test_queue_of_a_blocked_kernel_is_looked_at_and_left_as_it_is() -> None:
    """Each message once; what is no page's, or makes no sense, is nobody's business."""
    heard: list[tuple[str, bool]] = []
    kernel = OldKernel()
    queue = compat.ShellQueue.of(kernel, lambda *one: heard.append(one))
    assert queue is not None
    kernel.arrived += [
        message("comm_msg", "a"),
        message("comm_msg", "b", "update"),
        message("execute_request", "c"),
        [b"nonsense"],
        message("comm_close", "d"),
    ]
    queue.look()
    queue.look()
    assert heard == [("a", False), ("d", True)]
    assert len(kernel._queue) == 5
    assert compat.ShellQueue.of(object(), lambda *_: None) is None


# ---- a card


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> FakePublisher:
    """A notebook in which this test runs, in a kernel of its own."""
    shell = FakeKernel()
    shell.run("a cell")
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    answers = PageAnswers()
    monkeypatch.setattr(page_answers, "page_answers", answers)
    monkeypatch.setattr(frontend_check, "page_answers", answers)
    # This kernel hears everything at once.
    monkeypatch.setattr(answers, "when_heard", lambda then: then())
    monkeypatch.setattr(frontend_check, "_PATIENCE", 0.2)
    return shell.display_pub


@pytest.fixture
def make(server: FakeServer) -> Callable[..., fw.JobWidget]:
    """Makes a quick card of a job on that server."""

    def make_card(**options: Any) -> fw.JobWidget:
        return fw.JobWidget(fw.Job(ID, connection=server), interval=0.2, **options)

    return make_card


def test_card_that_no_page_answers_for_becomes_html_and_goes_on(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """In its own output, which says each progress, and that nothing is live there; at the end the usual card."""
    card = make()
    card._ipython_display_()
    assert WIDGET in notebook.last()
    until(lambda: WIDGET not in notebook.last())
    assert "draws no widgets" in notebook.last()["text/html"]
    server.fields |= {"progress": 55.0}
    until(lambda: "55 %" in notebook.last()["text/html"])
    server.fields |= {"status": "SUCCESS"}
    until(lambda: "Succeeded" in notebook.last()["text/html"])
    assert "draws no widgets" not in notebook.last()["text/html"]
    assert len({display_id for display_id, _, _ in notebook.published}) == 1
    card.close()


def test_widget_comes_back_when_a_page_answers(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """In the same output; from then on progress is published no more."""
    card = make()
    card._ipython_display_()
    until(lambda: WIDGET not in notebook.last())
    card._handle_custom_msg({"type": "ready"}, [])
    until(lambda: WIDGET in notebook.last())
    published, asked = len(notebook.published), server.asked[ID]
    server.fields |= {"progress": 55.0}
    until(lambda: server.asked[ID] > asked + 3)
    assert card.progress == 55
    assert len(notebook.published) == published
    card.close()


def test_card_that_nobody_can_draw_is_not_paused(
    notebook: FakePublisher,
    make: Callable[..., fw.JobWidget],
    server: FakeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its reader has no way to say that they are there."""
    card = make()
    card._ipython_display_()
    until(lambda: WIDGET not in notebook.last())
    # Not before that is known: until then the card may be paused as any other.
    monkeypatch.setattr(fw.configs, "UNSEEN_TIMEOUT", 0.2)
    asked = server.asked[ID]
    until(lambda: server.asked[ID] > asked + 5)
    assert card.health == "live"
    card.close()


def test_board_that_no_page_answers_for_becomes_html_and_goes_on(notebook: FakePublisher, server: FakeServer) -> None:
    """Each progress of a row, and as of when; the widget comes back where a page answers after all."""
    board = fw.JobBoard([fw.Job(ID, connection=server)], interval=0.2)
    board._ipython_display_()
    until(lambda: WIDGET not in notebook.last())
    assert "draws no widgets" in notebook.last()["text/html"]
    server.fields |= {"progress": 55.0}
    until(lambda: "55 %" in notebook.last()["text/html"])
    assert "as of 20" in notebook.last()["text/html"]
    board._handle_custom_msg({"type": "ready"}, [])
    until(lambda: WIDGET in notebook.last())
    assert "draws no widgets" not in notebook.last()["text/html"]
    board.close()
