"""What a card leaves in the widget state of a notebook that is run without a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import comm
import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances

import fiddler_widgets as fw
from fiddler_widgets.widget import saved_state
from tests.unit.fake_kernel import FakeKernel, SavingComm
from tests.unit.fake_server import FakeServer, until

if TYPE_CHECKING:
    from collections.abc import Callable

ID = "e9a2a782-1db4-4bb8-8db0-3fa5a278c068"
MUCH = 10_000
"""Characters that only the frontend has."""


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    """A kernel that runs a cell for nbclient."""
    kernel = FakeKernel()
    kernel.run(None)
    monkeypatch.setattr("IPython.get_ipython", lambda: kernel)
    return kernel


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What would be saved of all widgets."""
    saved: dict[str, dict[str, Any]] = {}
    monkeypatch.setattr(SavingComm, "states", saved, raising=False)
    monkeypatch.setattr(comm, "create_comm", SavingComm)
    return saved


@pytest.fixture
def make(
    kernel: FakeKernel,  # noqa: ARG001 (a card is made in a kernel)
    states: dict[str, dict[str, Any]],  # noqa: ARG001 (and what it sends is kept)
    server: FakeServer,
) -> Callable[..., fw.JobWidget]:
    """Makes a quick card of a job on that server."""

    def make_card(**options: Any) -> fw.JobWidget:
        return fw.JobWidget(fw.Job(ID, connection=server), interval=0.2, **options)

    return make_card


def end(server: FakeServer, card: fw.JobWidget) -> None:
    """The job succeeds, and the card has said so wherever it is shown."""
    server.fields |= {"status": "SUCCESS"}
    until(lambda: card.health == "over")
    card.__card_watcher__.mailbox.settle(5)


def weight(states: dict[str, dict[str, Any]], model: str) -> int:
    """Characters of the frontend in what would be saved of a model."""
    return len(states[model]["_esm"]) + len(states[model]["_css"])


def test_frontend_is_not_saved_of_a_card_that_became_static(
    make: Callable[..., fw.JobWidget], states: dict[str, dict[str, Any]], server: FakeServer
) -> None:
    """What is left can be loaded as a module, and the rest of the state is there."""
    card = make()
    card._ipython_display_()
    assert weight(states, card.model_id) > MUCH
    model = card.model_id
    end(server, card)
    assert states[model]["_esm"] == "export default {};"
    assert states[model]["_css"] == ""
    assert states[model]["status"] == "SUCCESS"


def test_frontend_is_there_for_a_page_that_asks_the_kernel(
    make: Callable[..., fw.JobWidget], states: dict[str, dict[str, Any]], server: FakeServer
) -> None:
    """One that comes later is given the whole state."""
    card = make()
    card._ipython_display_()
    end(server, card)
    assert len(str(card.get_state()["_esm"])) > MUCH
    card.send_state()
    assert any(len(state.get("_esm", "")) > MUCH for state in states.values())


def test_frontend_comes_back_when_the_card_is_put_into_a_layout(
    make: Callable[..., fw.JobWidget], states: dict[str, dict[str, Any]], server: FakeServer
) -> None:
    """The box has no output that could become static."""
    card = make()
    card._ipython_display_()
    model = card.model_id
    end(server, card)
    assert weight(states, model) < 100
    ipywidgets.VBox([card])
    assert weight(states, model) > MUCH


@pytest.mark.parametrize(
    "needed_by", ["a layout", "no output of its own", "a page", "a notebook with a page", "freeze"]
)
def test_frontend_is_saved_of_a_card_that_needs_it(
    make: Callable[..., fw.JobWidget],
    states: dict[str, dict[str, Any]],
    server: FakeServer,
    kernel: FakeKernel,
    needed_by: str,
) -> None:
    """In a layout widget, displayed by no output of its own, on a page, or not to be frozen."""
    if needed_by == "a notebook with a page":
        kernel.run("cell")
    card = make(freeze=needed_by != "freeze")
    if needed_by == "a layout":
        ipywidgets.VBox([card])
    if needed_by == "a page":
        card._handle_custom_msg({"type": "hello", "view": "v"}, [])
    if needed_by not in ("no output of its own", "freeze"):
        card._ipython_display_()
    model = next(id_ for id_, state in states.items() if state.get("job_id") == ID)
    end(server, card)
    assert weight(states, model) > MUCH


def test_models_have_the_same_ids_in_each_run(
    make: Callable[..., fw.JobWidget], states: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first card of a job and the second, and their layouts; no two the same."""
    runs = []
    for _ in range(2):
        monkeypatch.setattr(saved_state, "_counts", saved_state._counts.__class__(saved_state._counts.default_factory))
        states.clear()
        cards = [make(), make(layout={"width": "50%"})]
        assert cards[1].layout.width == "50%"
        runs.append(list(states))
        ipywidgets.Widget.close_all()
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 4


def test_models_of_a_notebook_with_a_page_have_ids_of_their_own(
    make: Callable[..., fw.JobWidget], states: dict[str, dict[str, Any]], kernel: FakeKernel
) -> None:
    """Outputs of an earlier kernel stay what they were."""
    kernel.run("cell")
    make()
    first = set(states)
    saved_state._counts.clear()
    make()
    assert len(set(states) - first) == 2


@pytest.mark.parametrize("layout", [None, {"width": "50%"}])
def test_closed_card_leaves_nothing_behind(make: Callable[..., fw.JobWidget], layout: dict[str, str] | None) -> None:
    """Its layout goes with it, and nothing is sent any more."""
    before = set(_instances)
    make(layout=layout).close()
    assert set(_instances) == before
