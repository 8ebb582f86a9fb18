"""A card's own outputs in a notebook: what is published there, when, and that the last word is true."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

import fiddler_widgets as fw
from fiddler_widgets import configs
from fiddler_widgets.models import JobState
from fiddler_widgets.widget import notebook_output, page_presence
from fiddler_widgets.widget.output_type import OUTPUT_MARK, OUTPUT_TYPE
from fiddler_widgets.widget.shared_widgets import jobs_display
from tests.unit.fake_kernel import FakeKernel, FakePublisher
from tests.unit.fake_server import FakeServer, until
from tests.unit.virtual import http_error

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> FakePublisher:
    """A notebook in which this test runs."""
    shell = FakeKernel()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell.display_pub


@pytest.fixture
def make(server: FakeServer) -> Callable[..., fw.JobWidget]:
    """Makes a quick card of a job on that server."""

    def make_card(**options: Any) -> fw.JobWidget:
        return fw.JobWidget(fw.Job(ID, connection=server), interval=0.2, **options)

    return make_card


def test_output_holds_text_and_html_beside_the_widget(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget]
) -> None:
    """All from the start, under an id of its own, with a format for the JupyterLab extension."""
    make()._ipython_display_()
    display_id, update, formats = notebook.published[0]
    assert display_id
    assert not update
    assert formats.keys() == {WIDGET, OUTPUT_TYPE, "text/plain", "text/html"}


def test_end_is_published_without_the_widget(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """In the same place, with the final status."""
    card = make()
    card._ipython_display_()
    server.fields |= {"status": "SUCCESS"}
    until(lambda: WIDGET not in notebook.last())
    assert "SUCCESS" in notebook.last()["text/plain"]
    assert "Succeeded" in notebook.last()["text/html"]
    assert {entry[0] for entry in notebook.published} == {notebook.published[0][0]}
    assert notebook.published[-1][1]


def test_output_is_known_again_by_an_id_in_its_metadata(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """The same from the first display to the end, and another for each output, beside what metadata there is."""
    cards = [make(), make()]
    for card in cards:
        card._ipython_display_()
    server.fields |= {"status": "SUCCESS"}
    until(lambda: len(notebook.published) >= 4 and WIDGET not in notebook.published[-2][2] | notebook.last())
    ids = [display_id for display_id, _, _ in notebook.published]
    assert len(set(ids)) == 2
    assert [metadata[OUTPUT_MARK] for metadata in notebook.metadata] == [{"output_id": each} for each in ids]
    outputs = notebook_output.Outputs()
    assert outputs.show({"text/plain": "x"}, {"isolated": True})
    assert notebook.metadata[-1] == {"isolated": True, OUTPUT_MARK: {"output_id": notebook.published[-1][0]}}


def test_change_of_status_refreshes_the_output_and_progress_does_not(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """One publication for each status that was seen, with the widget still there."""
    server.fields |= {"status": "PENDING", "progress": 0.0}
    card = make()
    until(lambda: card.status == "PENDING")
    card._ipython_display_()
    for progress in (10.0, 20.0):
        server.fields |= {"status": "STARTED", "progress": progress}
        until(lambda expected=progress: card.progress == expected)  # type: ignore[misc]
    until(lambda: len(notebook.published) >= 2)
    assert len(notebook.published) == 2
    assert "STARTED" in notebook.last()["text/plain"]
    assert WIDGET in notebook.last()


def test_end_of_the_watching_is_published_too(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """A saved card says that its token was refused, and as of when the rest is true."""
    card = make()
    until(lambda: card.health == "live")
    card._ipython_display_()
    server.error = http_error(401)
    until(lambda: len(notebook.published) >= 2)
    assert "refused" in notebook.last()["text/plain"]
    assert "as of 20" in notebook.last()["text/html"]


def test_each_display_has_an_output_of_its_own(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """A card in two cells is frozen in both."""
    card = make()
    card._ipython_display_()
    card._ipython_display_()
    server.fields |= {"status": "SUCCESS"}
    until(lambda: sum(WIDGET not in formats for _, _, formats in notebook.published) == 2)
    assert len({display_id for display_id, _, _ in notebook.published}) == 2


def test_job_that_is_over_is_shown_without_a_widget(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """There is nothing left to be live about."""
    server.fields |= {"status": "FAILURE", "error_message": "no space"}
    card = make()
    until(lambda: card.health == "over")
    card._ipython_display_()
    assert WIDGET not in notebook.last()
    assert "no space" in notebook.last()["text/html"]


def test_job_that_is_known_to_be_over_is_shown_without_a_widget_at_once(
    notebook: FakePublisher, server: FakeServer
) -> None:
    """Before the card has looked for itself: what ends so soon after a cell is lost on what runs notebooks."""
    server.hanging.add(ID)
    known = JobState.from_wire({"data": {"id": ID, "name": "Upload", "status": "SUCCESS"}}, expected_id=ID)
    card = fw.JobWidget(fw.Job(ID, connection=server, state=known))
    card._ipython_display_()
    assert card.health == "starting"
    assert notebook.last().keys() == {"text/plain", "text/html"}
    assert "ended by" in notebook.last()["text/plain"]
    server.released.set()


def test_end_that_comes_while_the_card_is_being_shown_is_not_missed(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output is put right in its turn."""
    card = make()
    until(lambda: card.health == "live")
    publish = notebook.publish

    def slow(*args: Any, **kwargs: Any) -> None:
        if not kwargs.get("update"):
            server.fields |= {"status": "SUCCESS"}
            until(lambda: card.health == "over")
        publish(*args, **kwargs)

    monkeypatch.setattr(notebook, "publish", slow)
    card._ipython_display_()
    until(lambda: WIDGET not in notebook.last())


def test_card_that_was_never_displayed_by_itself_publishes_nothing(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """Within a layout widget it stays live."""
    card = make()
    server.fields |= {"status": "SUCCESS"}
    until(lambda: card.health == "over")
    card.__card_watcher__.mailbox.settle(5)
    assert notebook.published == []


@pytest.mark.parametrize("way", ["argument", "configuration"])
def test_freezing_can_be_switched_off(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the bundle is left to IPython, and nothing is published later."""
    monkeypatch.setattr(configs, "FREEZE", way != "configuration")
    card = make(freeze=False) if way == "argument" else make()
    with pytest.raises(NotImplementedError):
        card._ipython_display_()
    assert notebook.published == []
    assert WIDGET in card._repr_mimebundle_()[0]


def test_voila_is_left_alone(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output cannot be published again there, and is saved nowhere."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    with pytest.raises(NotImplementedError):
        make()._ipython_display_()
    assert notebook.published == []


def test_output_that_captures_has_no_ids(make: Callable[..., fw.JobWidget], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is captured within a cell is not a place to publish to."""
    shell = FakeKernel()
    shell.display_pub = object()  # type: ignore[assignment]
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    with pytest.raises(NotImplementedError):
        make()._ipython_display_()


def test_kernel_on_its_way_out_harms_nothing(
    notebook: FakePublisher, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """The watching goes on, and its callbacks come."""
    card = make()
    card._ipython_display_()
    notebook.broken = True
    server.fields |= {"status": "SUCCESS"}
    told = threading.Event()
    card.on_complete(lambda _: told.set())
    assert told.wait(10)


@pytest.mark.parametrize("way", ["wait", "await"])
def test_wait_displays_the_card_again_that_its_page_has_cleared(
    notebook: FakePublisher,
    make: Callable[..., fw.JobWidget],
    server: FakeServer,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """A page clears the output of the run before when the wait has begun already; once is enough."""
    monkeypatch.setattr(page_presence, "_MOVE", 0.1)
    monkeypatch.setattr("fiddler_widgets.widget.card_wait.notebook_display", lambda widget: widget._ipython_display_())
    card = make()
    card._ipython_display_()
    card._handle_custom_msg({"type": "hello", "view": "v"}, [])
    asked = server.asked[ID]

    def clear() -> None:
        until(lambda: server.asked[ID] > asked + 1)
        card._handle_custom_msg({"type": "bye", "view": "v"}, [])
        until(lambda: displayed() == 2)
        now = server.asked[ID]
        until(lambda: server.asked[ID] > now + 2)
        server.fields |= {"status": "SUCCESS"}

    def displayed() -> int:
        return sum(not update for _, update, _ in notebook.published)

    page = threading.Thread(target=clear)
    page.start()
    if way == "wait":
        card.wait(timeout=20)
    else:
        asyncio.run(asyncio.wait_for(card, 20))
    page.join()
    assert displayed() == 2


def test_job_is_shown_by_its_shared_card(notebook: FakePublisher, server: FakeServer) -> None:
    """`job` as a cell's last expression has the same kind of output."""
    job = fw.Job(ID, connection=server)
    job._ipython_display_()
    assert notebook.last().keys() == {WIDGET, OUTPUT_TYPE, "text/plain", "text/html"}
    assert jobs_display.card(job).job is job


def test_job_outside_of_a_notebook_is_text(server: FakeServer) -> None:
    """The next way is taken, and it is plain."""
    job = fw.Job(ID, connection=server)
    with pytest.raises(NotImplementedError):
        job._ipython_display_()
    assert job._repr_mimebundle_().keys() == {"text/plain"}


def test_outputs_kept_up_to_date_are_bounded(notebook: FakePublisher) -> None:
    """A card that is shown in a loop does not grow for ever."""
    outputs = notebook_output.Outputs()
    for _ in range(100):
        assert outputs.show({"text/plain": "x"}, {})
    notebook.published.clear()
    outputs.publish({"text/plain": "y"}, {})
    assert len(notebook.published) == 20


# ---- what IPython displays


class Kernel7(FakePublisher):
    """A publisher with hooks, as ipykernel's."""

    pub_socket = topic = None

    def __init__(self) -> None:
        super().__init__()
        self.session = self
        self.hooks: list[Callable[[Any], Any]] = []

    def register_hook(self, hook: Callable[[Any], Any]) -> None:
        """As ipykernel's."""
        self.hooks.append(hook)

    def unregister_hook(self, hook: Callable[[Any], Any]) -> None:
        """Whether or not it is there."""
        self.hooks = [each for each in self.hooks if each is not hook]

    def display(self, formats: dict[str, Any], display_id: str | None = None, *, update: bool = False) -> None:
        """As IPython's, from formats."""
        kind = "update_display_data" if update else "display_data"
        content = {"data": dict(formats), "metadata": {}, "transient": {"display_id": display_id} if display_id else {}}
        message = {"header": {"msg_type": kind}, "content": content}
        for hook in self.hooks:
            message = hook(message)
            if message is None:
                return
        self.send(None, message)

    def send(self, _socket: object, message: Any, ident: object = None) -> None:  # noqa: ARG002
        """As a session's."""
        update = message["header"]["msg_type"] == "update_display_data"
        content = message["content"]
        transient = {"display_id": "", **content["transient"]}
        super().publish(content["data"], content["metadata"], transient=transient, update=update)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel7:
    """A notebook whose displays go through hooks."""
    shell = FakeKernel()
    shell.display_pub = Kernel7()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell.display_pub


def test_bundle_that_nobody_displays_is_kept_up_to_date_nowhere(
    kernel: Kernel7, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """Formatting shows nothing, then or later."""
    card = make()
    card._repr_mimebundle_()
    server.fields |= {"status": "SUCCESS"}
    until(lambda: card.health == "over")
    card.__card_watcher__.mailbox.settle(5)
    assert kernel.published == []


@pytest.mark.parametrize("display_id", [None, "theirs"])
def test_bundle_that_is_displayed_is_kept_up_to_date(
    kernel: Kernel7, make: Callable[..., fw.JobWidget], server: FakeServer, display_id: str | None
) -> None:
    """Under the id that it was displayed with, or one that it is given on its way."""
    card = make()
    formats, _ = card._repr_mimebundle_()
    kernel.display(formats, display_id)
    assert kernel.published[0][0] == display_id or display_id is None
    server.fields |= {"status": "SUCCESS"}
    until(lambda: WIDGET not in kernel.last())
    assert {shown[0] for shown in kernel.published} == {kernel.published[0][0]} != {""}
    assert [update for _, update, _ in kernel.published] == [False] + [True] * (len(kernel.published) - 1)


def test_output_that_another_card_was_put_into_is_that_cards(
    kernel: Kernel7, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """Only the last one there publishes there."""
    first = make()
    second = fw.JobWidget(fw.Job("other", connection=server), interval=0.2)
    kernel.display(first._repr_mimebundle_()[0], "place")
    kernel.display(second._repr_mimebundle_()[0], "place", update=True)
    put_there = len(kernel.published)  # what the first published before was its own
    server.fields |= {"status": "SUCCESS"}
    until(lambda: first.health == second.health == "over")
    until(lambda: WIDGET not in kernel.last())
    for card in (first, second):
        card.__card_watcher__.mailbox.settle(5)
    assert "other" in kernel.last()["text/plain"]
    later = kernel.published[put_there:]
    assert not any("e9a2a782" in formats["text/plain"] for _, update, formats in later if update)


def test_output_that_is_taken_while_its_card_publishes_is_not_published_over(
    kernel: Kernel7, make: Callable[..., fw.JobWidget], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the user puts there comes last, in whatever order the two threads run."""
    card = make()
    formats, _ = card._repr_mimebundle_()
    kernel.display(formats, "place")
    begun, publish = threading.Event(), kernel.publish
    outputs = notebook_output._owners["place"]

    def slow(*args: Any, **kwargs: Any) -> None:
        begun.set()
        # The display below comes meanwhile, unless it waits for this.
        user.join(0.3)
        publish(*args, **kwargs)

    def put() -> None:
        begun.wait(10)
        kernel.display({"text/plain": "done with it"}, "place", update=True)

    user = threading.Thread(target=put)
    monkeypatch.setattr(kernel, "publish", slow)
    user.start()
    outputs.publish(formats, {})
    user.join()
    assert kernel.last() == {"text/plain": "done with it"}
    outputs.publish(formats, {})
    assert kernel.last() == {"text/plain": "done with it"}


def test_output_that_somebody_else_displays_is_known_again(
    kernel: Kernel7, make: Callable[..., fw.JobWidget], server: FakeServer
) -> None:
    """Under the id that they gave it, or one of ours."""
    for display_id in ("theirs", None):
        kernel.display(make()._repr_mimebundle_()[0], display_id)
    server.fields |= {"status": "SUCCESS"}
    until(lambda: len(kernel.published) >= 4 and WIDGET not in kernel.published[-2][2] | kernel.last())
    ids = [display_id for display_id, _, _ in kernel.published]
    assert set(ids) > {"theirs"}
    assert kernel.metadata == [{OUTPUT_MARK: {"output_id": each}} for each in ids]


def test_displays_of_others_pass_unchanged(kernel: Kernel7, make: Callable[..., fw.JobWidget]) -> None:
    """Also such as no kernel sends."""
    make()._repr_mimebundle_()
    kernel.display({"text/plain": "3"})
    kernel.display({})
    assert kernel.published == [("", False, {"text/plain": "3"}), ("", False, {})]
    assert kernel.metadata == [{}, {}]
    (hook,) = kernel.hooks
    odd_ones: list[dict[str, Any]] = [{}, {"content": None}, {"content": {"wait": True}}, {"content": {"data": {}}}]
    for odd in odd_ones:
        assert hook(odd) is odd
