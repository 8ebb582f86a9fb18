"""The journal with the platform, the official client and real kernels: secrets, starts, `%fiddler_jobs recent`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import fiddler
import pytest

import fiddler_widgets as fw
from fiddler_widgets import journal
from fiddler_widgets.extension.remembered_jobs import remember_start, show_recent
from fiddler_widgets.jobs.job import job_of
from fiddler_widgets.journal.entries import ENDED, SEEN, Entry, Kind
from fiddler_widgets.journal.lines import line_of
from fiddler_widgets.simulator import Simulator
from tests.http.official_init import official_init
from tests.http.test_auto_display import displays, printed, run
from tests.unit.fake_server import until

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-4f1d0c9e7b"
SECRET_WORDS = "the-rows-that-were-wrong"
OVER = "11111111-aaaa-4bbb-8ccc-000000000001"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """A simulator whose token is the canary."""
    with Simulator(token=CANARY) as simulator:
        fw.init(simulator.url, CANARY)
        yield simulator


def written() -> str:
    """All that is in the directory of the journal, names of files too."""
    journal.jobs()
    files = list(journal.path.parent.rglob("*"))
    return "\n".join(str(file) + (file.read_bytes().decode() if file.is_file() else "") for file in files)


def telling(sim: Simulator, id_: str | None = None) -> str:
    """Have a job in all of whose texts the platform repeats the token; returns its id."""
    simulated = sim.add_job("linear", id=id_)
    simulated.set(
        name=f"Upload {CANARY} and more",
        status="FAILURE",
        error_reason=f"{SECRET_WORDS} {CANARY}",
        error_message=f"{SECRET_WORDS} {CANARY}",
        info={
            "project_name": f"project-{CANARY}",
            "model": {"name": f"model-{CANARY}", "version": CANARY},
            "resource_type": CANARY,
            "resource": {"name": f"{'x' * 110}{CANARY}"},
            "token": CANARY,
            "rows": SECRET_WORDS,
        },
        extras={CANARY: {"status": "FAILURE", "error_message": SECRET_WORDS}},
    )
    return simulated.id


def test_no_secret_is_in_the_journal(sim: Simulator) -> None:
    """Wherever the platform's own texts hold the token, and no text of an error."""
    with pytest.raises(fw.AsyncJobFailed):
        fw.Job(telling(sim), connection=None, verbose=True).wait()
    text = written()
    assert "Upload [token] and more" in text
    assert CANARY not in text
    assert CANARY[:8] not in text
    assert SECRET_WORDS not in text


def test_no_secret_of_the_official_client_is_in_the_journal(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its objects hold the texts as they came."""
    monkeypatch.setattr(fw.client.default_connection, "_current", None)
    official_init(sim)
    official = fiddler.Job.get(telling(sim))
    assert CANARY in official.name
    remember_start(official.id, official)
    remember_start(telling(sim), None)
    assert len(journal.jobs()) == 2
    with pytest.raises(fiddler.AsyncJobFailed):
        job_of(official).wait()
    text = written()
    assert "Upload [token] and more" in text
    assert CANARY not in text
    assert SECRET_WORDS not in text


def test_job_whose_id_is_the_token_is_not_remembered(sim: Simulator) -> None:
    """As where somebody has mixed up the two."""
    with pytest.raises(fw.AsyncJobFailed):
        fw.Job(telling(sim, CANARY), connection=None).wait()
    assert journal.jobs() == []
    assert CANARY not in written()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://acme.fiddler.ai/", "https://acme.fiddler.ai"),
        ("https://ACME.fiddler.ai:8443/path/", "https://acme.fiddler.ai:8443/path"),
        ("https://me:password@acme.fiddler.ai/?token=password#password", "https://acme.fiddler.ai"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://acme:port/", ""),
        ("acme", ""),
        ("", ""),
    ],
)
def test_address_is_remembered_without_what_may_be_secret(url: str, expected: str) -> None:
    """No user, no password, no query, no fragment."""
    from fiddler_widgets.journal.entries import server_name  # noqa: PLC0415

    assert server_name(url) == expected


def test_job_that_a_cell_starts_is_remembered(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its notebook, and from the moment of its start; in a notebook without a page only if that is asked for."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/churn.ipynb")
    simulated = sim.add_job("linear", duration=600, name="Upload")
    before = time.time()
    run(sim, f"start({simulated.id!r})\nNone")
    assert journal.jobs() == []
    monkeypatch.setenv("FIDDLER_WIDGETS_JOURNAL", "on")
    run(sim, f"start({simulated.id!r})\nNone", "import time\ntime.sleep(0.5)")
    (job,) = journal.jobs()
    assert (job.id, job.name, job.server, job.notebook) == (simulated.id, "Upload", sim.url, "/home/me/churn.ipynb")
    assert job.first_seen.timestamp() >= before
    assert '"e":"started"' in written()


def test_start_is_remembered_though_nothing_is_shown(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """`%fiddler_jobs off` concerns the screen; and a start whose first request fails has an id."""
    monkeypatch.setenv("FIDDLER_WIDGETS_JOURNAL", "on")
    simulated = sim.add_job("linear", duration=600)
    run(
        sim,
        "%fiddler_jobs off",
        f"start({simulated.id!r})\nNone",
        f"try:\n    start({OVER!r})\nexcept Exception:\n    print('failed')",
        "import time\ntime.sleep(0.5)",
    )
    assert {job.id for job in journal.jobs()} == {simulated.id, OVER}


def remember(*entries: Entry) -> None:
    """Have another process have written these."""
    journal.path.mkdir(parents=True, exist_ok=True)
    data = b"".join(line_of(entry) or b"" for entry in entries)
    (journal.path / "elsewhere-1-00000000.jsonl").write_bytes(data)


def two_jobs(sim: Simulator) -> tuple[str, Entry]:
    """Have a job remembered that was over, one that was not, whose id is returned, and one of another platform."""
    simulated = sim.add_job("linear", name="Train")
    simulated.set(status="SUCCESS", progress=100.0)
    at = time.time() - 3600
    known: dict[str, Any] = {"kind": Kind("churn", "m"), "status_at": at}
    over = Entry(ENDED, at, sim.url, OVER, at - 60, "Upload", status="FAILURE", **known)
    live = Entry(SEEN, at, sim.url, simulated.id, at - 60, "Train", status="STARTED", **known)
    elsewhere = live._replace(server="https://else.where", name="Other")
    remember(over, live, elsewhere)
    return simulated.id, elsewhere


def test_magic_shows_recent_jobs_and_looks_at_those_that_were_not_over(sim: Simulator) -> None:
    """In one output; those of other platforms as they were last seen, without a request to anybody."""
    live, _ = two_jobs(sim)
    outputs, after = run(sim, "%fiddler_jobs recent", "import time\ntime.sleep(1)")
    assert "Other" in printed(outputs)
    assert "STARTED" in printed(outputs)
    shown = "".join(data["text/plain"] for data in [*displays(outputs), *displays(after)])
    assert "Upload" in shown
    until(lambda: live in {request.job_id for request in sim.requests})
    assert {request.job_id for request in sim.requests} - {None} == {live}


def test_recent_jobs_in_a_terminal_are_text(sim: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    """As they were last seen."""
    show_recent()
    assert "No job is remembered of the last 7 days" in capsys.readouterr().out
    two_jobs(sim)
    show_recent()
    said = capsys.readouterr().out
    assert said.startswith("As last seen:\n3 jobs: 1 failed, 2 running.")
    assert sim.requests == []
