"""The official client's quickstart, unchanged: publish, wait, look how it ended; whichever version is installed."""

from __future__ import annotations

import asyncio
import itertools
import textwrap
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import fiddler
import nbclient
import nbformat
import pytest
from fiddler.entities.file import File

from fiddler_widgets.simulator import Scenario, Simulator
from tests.http.official_init import official_init

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ENDINGS = {"SUCCESS": Scenario.linear(4.0, 1.0), "FAILURE": Scenario.failing(4.0, 1.0)}
QUICKSTART = (
    """
    import fiddler as fdl
    import pandas as pd
    fdl.init(url="{url}", token="{token}")
    """,
    """
    project = fdl.Project.from_name("bank_churn")
    model = fdl.Model.from_name("bank_churn", project_id=project.id)
    df = pd.DataFrame({{"CreditScore": [619, 608, 502], "Churned": [1, 0, 1]}})
    """,
    """
    job = model.publish(source=df, environment=fdl.EnvType.PRE_PRODUCTION, dataset_name="baseline")
    """,
    """
    job.wait(interval=20)
    if job.status == 'SUCCESS':
        print("published", type(job).__module__)
    """,
    """
    try:
        job.wait(interval=20)
    except fdl.AsyncJobFailed:
        print("caught", job.status)
    """,
)
PUBLISH, WAIT, CATCH = -3, -2, -1
WIDGET = "application/vnd.jupyter.widget-view+json"


class Ended(NamedTuple):
    """A notebook that was run, and the platform that it talked to.

    Attributes:
        cells: The notebook's cells.
        sim: The platform, which has stopped.
        messages: What the kernel sent while the cells ran that publish and wait, in order.
    """

    cells: list[Any]
    sim: Simulator
    messages: list[Any]

    def printed(self, cell: int) -> str:
        """What a cell printed on its standard output."""
        outputs = self.cells[cell].outputs
        return "".join(each.text for each in outputs if each.output_type == "stream" and each.name == "stdout")

    def cards(self, cell: int) -> list[Any]:
        """The bundles that a cell displayed."""
        return [each.data for each in self.cells[cell].outputs if each.output_type == "display_data"]

    def errors(self, cell: int) -> list[str]:
        """The names of the exceptions that a cell raised."""
        return [each.ename for each in self.cells[cell].outputs if each.output_type == "error"]


class Listening(nbclient.NotebookClient):
    """Runs a notebook, and keeps what the kernel sends meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard: list[tuple[int, Any]] = []

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """As ever."""
        self.heard.append((cell_index, msg))
        return super().process_message(msg, cell, cell_index)

    def during(self, cell: int) -> list[Any]:
        """What was sent while a cell ran."""
        return [message for index, message in self.heard if index == range(len(self.nb.cells))[cell]]


@pytest.fixture(scope="module")
def quickstarts() -> Mapping[tuple[bool, str], Ended]:
    """The quickstart with and without the extension, to a good and to a bad end, all at once: some take 20 s."""
    with ExitStack() as platforms:
        sims = {case: platforms.enter_context(Simulator()) for case in itertools.product((True, False), ENDINGS)}
        for (_, ending), sim in sims.items():
            sim.publishing.scenario = ENDINGS[ending]

        async def run_all() -> list[Any]:
            return await asyncio.gather(*(run(sim, extension=extension) for (extension, _), sim in sims.items()))

        runs = asyncio.run(run_all())
    return {
        case: Ended(run.nb.cells, sim, run.during(PUBLISH) + run.during(WAIT))
        for (case, sim), run in zip(sims.items(), runs, strict=True)
    }


async def run(sim: Simulator, *, extension: bool) -> Listening:
    """Run the quickstart in a kernel of its own."""
    sources = [textwrap.dedent(cell).strip().format(url=sim.url, token=sim.token) for cell in QUICKSTART]
    v4: Any = nbformat.v4
    first = ["%load_ext fiddler_widgets"] if extension else []
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in [*first, *sources]])
    client = Listening(notebook, timeout=90, allow_errors=True)
    await client.async_execute()
    return client


@pytest.mark.parametrize("extension", [True, False])
def test_quickstart_succeeds_unchanged(quickstarts: Mapping[tuple[bool, str], Ended], *, extension: bool) -> None:
    """With the extension and without, `wait` comes back and the official job's status is SUCCESS."""
    ended = quickstarts[extension, "SUCCESS"]
    assert [ended.errors(cell) for cell in range(len(ended.cells))] == [[]] * len(ended.cells)
    assert ended.printed(WAIT) == "published fiddler.entities.job\n"


@pytest.mark.parametrize("extension", [True, False])
def test_quickstart_fails_unchanged(quickstarts: Mapping[tuple[bool, str], Ended], *, extension: bool) -> None:
    """With the extension and without, `wait` raises what `except fiddler.AsyncJobFailed` catches."""
    ended = quickstarts[extension, "FAILURE"]
    assert ended.errors(WAIT) == ["AsyncJobFailed"]
    assert ended.printed(WAIT) == ""
    assert ended.printed(CATCH) == "caught FAILURE\n"


@pytest.mark.parametrize(("ending", "word"), [("SUCCESS", "Succeeded"), ("FAILURE", "Failed")])
def test_extension_leaves_the_final_card(quickstarts: Mapping[tuple[bool, str], Ended], ending: str, word: str) -> None:
    """One card below the cell that published, static at the end, with what was published and how that went."""
    ended = quickstarts[True, ending]
    (card,) = ended.cards(PUBLISH)
    assert ended.cards(WAIT) == ended.cards(CATCH) == []
    assert card.keys() == {"text/plain", "text/html"}
    assert word in card["text/html"]
    assert "Upload dataset baseline" in card["text/html"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_extension_shows_a_live_card_before_the_end(quickstarts: Mapping[tuple[bool, str], Ended], ending: str) -> None:
    """The widget is displayed while the job is not over, is told how it ended, and only then gives way."""
    events: list[tuple[str, str]] = []
    model = ""
    for message in quickstarts[True, ending].messages:
        content = message["content"]
        if message["msg_type"] in ("display_data", "update_display_data"):
            data = content["data"]
            model = data[WIDGET]["model_id"] if WIDGET in data else model
            shown = next(status for status in ("PENDING", "STARTED", ending) if status in data["text/plain"])
            events.append((message["msg_type"], f"{'live' if WIDGET in data else 'static'} {shown}"))
        elif message["msg_type"] == "comm_msg" and content["comm_id"] == model:
            state = content["data"].get("state", {})
            events += [("comm_msg", state["status"])] if "status" in state else []
    assert events[0][0] == "display_data"
    assert events[0][1] in ("live PENDING", "live STARTED")
    assert ("comm_msg", ending) in events
    assert events.count(("display_data", events[0][1])) == 1
    assert events[-1] == ("update_display_data", f"static {ending}")
    # Once it is static it stays so, with the end that it has.
    displayed = [what for kind, what in events if kind != "comm_msg"]
    static = displayed.index(f"static {ending}")
    assert all(what.startswith("live") for what in displayed[:static])
    assert set(displayed[static:]) == {f"static {ending}"}


def test_without_the_extension_there_is_no_card(quickstarts: Mapping[tuple[bool, str], Ended]) -> None:
    """The official `wait` is the official one."""
    ended = quickstarts[False, "SUCCESS"]
    assert ended.cards(PUBLISH) == ended.cards(WAIT) == []


def test_card_of_a_started_job_ends_a_wait_with_a_long_pause(quickstarts: Mapping[tuple[bool, str], Ended]) -> None:
    """The card looks by a schedule of its own, and the wait ends when that sees the end: long before its 20 s."""
    sim = quickstarts[True, "SUCCESS"].sim
    (job,) = sim.jobs
    times = [request.at for request in sim.requests_for(job.id)]
    assert times[-1] - times[0] < 15


def test_official_wait_keeps_its_pause(quickstarts: Mapping[tuple[bool, str], Ended]) -> None:
    """Without the extension: looks at the beginning, and the next one 20 s later."""
    sim = quickstarts[False, "SUCCESS"].sim
    (job,) = sim.jobs
    times = [request.at for request in sim.requests_for(job.id)]
    later = [at for at in times if at - times[0] > 3]
    assert len(times) - len(later) <= 3
    assert later[0] - times[0] == pytest.approx(20, abs=3)


def test_publishing_is_what_the_simulator_says_it_was(quickstarts: Mapping[tuple[bool, str], Ended]) -> None:
    """One publication of a DataFrame, as a file in Parquet, with the job that was waited for."""
    sim = quickstarts[True, "SUCCESS"].sim
    (publication,) = sim.publishing.published
    assert publication.job is sim.jobs[0]
    assert (publication.environment, publication.dataset, publication.update) == ("PRE_PRODUCTION", "baseline", False)
    assert publication.file is not None
    assert publication.file.endswith(".parquet")
    assert publication.size > 0
    assert {request.status for request in sim.requests} == {200, 202}


# ---- in this process


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Simulator, Any]]:
    """A simulator, and the official client's model on it."""
    # By default the client goes on for five minutes before it raises.
    monkeypatch.setenv("FIDDLER_CLIENT_RETRY_MAX_DURATION_SECONDS", "1")
    monkeypatch.setattr(fiddler, "conn", None)
    with Simulator() as sim:
        official_init(sim)
        project = fiddler.Project.from_name(sim.publishing.project)
        yield sim, fiddler.Model.from_name(sim.publishing.model, project_id=project.id)
        fiddler.conn.client.session.close()


# What the client does itself: 3.14.1 would have `publish` called by another name, and all leave the file open.
@pytest.mark.filterwarnings("ignore:publish.. is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("how", "name"),
    [
        ({"environment": "PRE_PRODUCTION", "dataset_name": "q3"}, "Upload dataset q3"),
        ({}, "Publish events of bank_churn"),
        ({"update": True}, "Update events of bank_churn"),
        ({"environment": "PRE_PRODUCTION", "dataset_name": "q3", "update": True}, "Update dataset q3"),
    ],
)
def test_file_starts_a_job_that_says_what_it_publishes(
    model: tuple[Simulator, Any], tmp_path: Path, how: dict[str, Any], name: str
) -> None:
    """Each way of publishing a file; all of its bytes arrive."""
    sim, theirs = model
    path = tmp_path / "events.csv"
    path.write_text("CreditScore\n" + "619\n" * 1000, encoding="utf-8")
    job = theirs.publish(source=path, **how)
    assert isinstance(job, fiddler.Job)
    assert job.name == name
    assert job.info["project"]["id"] == str(theirs.project.id)
    assert job.info["model"] == {"id": str(theirs.id), "name": "bank_churn", "version": "v1"}
    (publication,) = sim.publishing.published
    assert (publication.file, publication.size) == ("events.csv", path.stat().st_size)


@pytest.mark.filterwarnings("ignore:publish.. is deprecated:DeprecationWarning")
def test_events_without_a_file_start_no_job(model: tuple[Simulator, Any]) -> None:
    """An id for each event, at once."""
    sim, theirs = model
    assert len(set(theirs.publish(source=[{"Age": 30}, {"Age": 40}]))) == 2
    assert sim.publishing.published[0].events == 2
    assert sim.jobs == []


def test_large_file_comes_in_parts(model: tuple[Simulator, Any], tmp_path: Path) -> None:
    """As for files of 100 MiB and more: the parts make up the file."""
    path = tmp_path / "events.csv"
    path.write_bytes(b"x" * 2500)
    file = File(path).multipart_upload(chunk_size=1000)
    assert (file.name, file.status, file.type) == ("events.csv", "SUCCESSFUL", "CSV")
    sim, _ = model
    parts = [request for request in sim.requests if request.path == "/v3/files/multipart-upload"]
    assert len(parts) == 3


def test_project_is_created_once(model: tuple[Simulator, Any]) -> None:
    """It is found by its name and its id, and a second one of that name is refused as the platform does."""
    del model
    made = fiddler.Project("lending").create()
    assert fiddler.Project.from_name("lending").id == made.id
    assert fiddler.Project.get(made.id).name == "lending"
    assert [project.name for project in fiddler.Project.list()] == ["bank_churn", "lending"]
    with pytest.raises(fiddler.Conflict):
        fiddler.Project("lending").create()


def test_what_is_not_there_is_not_found(model: tuple[Simulator, Any]) -> None:
    """The client's own exception, for a name and for an id."""
    _, theirs = model
    with pytest.raises(fiddler.NotFound):
        fiddler.Project.from_name("no such project")
    with pytest.raises(fiddler.NotFound):
        fiddler.Model.from_name("bank_churn", project_id=theirs.id)
    with pytest.raises(fiddler.NotFound):
        fiddler.Model.get(theirs.project.id)
