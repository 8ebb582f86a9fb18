"""Any JSON, any sequence of answers and errors, all the way from the wire to the page: the contract and no more."""

from __future__ import annotations

import json
import math
import pickle
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fiddler_widgets as fw
from fiddler_widgets import configs, messages
from fiddler_widgets.client.answers import interpret
from fiddler_widgets.client.masking import Mask
from fiddler_widgets.exceptions import ApiConnectionError, ApiError
from fiddler_widgets.models import Health, JobState
from fiddler_widgets.polling import poller, shared_poller
from fiddler_widgets.polling.job_monitor import JobMonitor
from fiddler_widgets.widget import trait_values
from tests.unit.virtual import JOB_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from fiddler_widgets.polling.report import Report

LITERALS = [
    "NaN",
    "-Infinity",
    "1e999",
    "-0.0",
    "1" * 400,
    "1" * 5000,
    '"\\ud800"',
    '"\\u202e\\u001b[2J"',
    "[" * 60 + "]" * 60,
]
FIELDS = ["id", "name", "status", "progress", "info", "error_message", "error_reason", "extras", "new"]
FINAL = ("SUCCESS", "FAILURE", "REVOKED")

texts = st.text(max_size=12) | st.sampled_from(["", " ", "<b>x</b>", "\x1b[31m", "\u202e", "x" * 5000, "\ud800"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
statuses = st.sampled_from(["PENDING", "STARTED", "RETRY", *FINAL, "success", "NEW"]) | texts
jobs = st.fixed_dictionaries(
    {"id": st.just(JOB_ID) | st.just(JOB_ID.upper()) | values, "status": statuses | values},
    optional={name: values for name in FIELDS if name not in ("id", "status")},
)
sane_jobs = st.fixed_dictionaries(
    {"id": st.just(JOB_ID), "status": statuses},
    optional={name: values for name in FIELDS if name not in ("id", "status")},
)
documents = st.one_of(
    sane_jobs.map(lambda job: {"data": job}), jobs.map(lambda job: {"api_version": "3.0", "data": job}), values
)


def encoded(document: object) -> bytes:
    """Return what a careless server sends for this: NaN as it is, lone surrogates escaped."""
    return json.dumps(document).encode()


bodies = st.one_of(
    documents.map(encoded),
    st.tuples(st.sampled_from(FIELDS), st.sampled_from(LITERALS)).map(
        lambda pair: f'{{"data": {{"id": "{JOB_ID}", "status": "STARTED", "{pair[0]}": {pair[1]}}}}}'.encode()
    ),
    st.binary(max_size=60),
    st.tuples(documents.map(encoded), st.integers(0, 200)).map(lambda pair: pair[0][: pair[1]]),
)


class Answer(NamedTuple):
    """What comes over the wire for one request; a stand-in for `requests.Response` too."""

    body: bytes | None
    status_code: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012 (a tuple's default, never changed)
    url: str = f"http://fake.invalid/v3/jobs/{JOB_ID}"

    def interpreted(self) -> JobState | ApiError:
        """What the transport makes of it."""
        return interpret(self.status_code, self.url, self.headers, self.body, JOB_ID, Mask("a token"))


envelopes = st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({}, optional={"code": values, "message": values, "errors": values})}
).map(encoded)
headers = st.dictionaries(
    st.sampled_from(["Retry-After", "Location"]),
    st.sampled_from(
        ["0", "-1", "1e9", "9" * 400, "\xb2", "Mon, 99 Foo", "http://[", "//\x1b[31m" + "x" * 5000, "\ud800"]
    )
    | st.text(max_size=30),
)
codes = st.sampled_from([200, 204, 302, 308, 401, 404, 429, 500, 503]) | st.integers(200, 999)
good = bodies.map(Answer)
bad = st.builds(Answer, envelopes | bodies | st.none(), codes, headers)
unreachable = st.builds(ApiConnectionError, st.just("the connection was reset"), permanent=st.booleans())
redirects = st.builds(
    Answer,
    bodies,
    st.sampled_from([301, 302, 307]),
    st.fixed_dictionaries(
        {"Location": st.sampled_from(["http://[", "//", "\x00", "http://a@b:c", "x" * 9000]) | st.text()}
    ),
)
outcomes = good | bad | redirects | unreachable
steps = st.lists(st.tuples(st.floats(0, 90), outcomes | st.none()), max_size=25)


def outcome_of(step: Answer | ApiError) -> JobState | ApiError:
    """Return what comes out of the transport."""
    return step if isinstance(step, ApiError) else step.interpreted()


def assert_fit_for_the_page(report: Report) -> dict[str, Any]:
    """What a card would show has the types of its traits, is strict JSON in UTF-8, and is bounded in text."""
    fields = trait_values.fields(JOB_ID, report)
    trait_types = {name: type(getattr(fw.JobWidget, name).default_value) for name in fields}
    for name, value in fields.items():
        if name not in ("info", "extras", "_said"):
            assert type(value) is trait_types[name], name
    assert 0.0 <= fields.get("progress", 0.0) <= 100.0
    assert fields["health"] in {health.value for health in Health}
    json.dumps(fields, allow_nan=False, ensure_ascii=False).encode("utf-8")
    assert len(fields["health_detail"]) < 4000
    if report.state is not None:
        for line in (messages.job_name(report.state, JOB_ID), messages.job_line(report.state)):
            assert len(line) < 400
            assert not any(character in line for character in "\x1b\u202e\x00")
        assert len(messages.failure_text(report.state)) < 5000
        assert pickle.loads(pickle.dumps(report.state)) == report.state  # noqa: S301 (just made)
    return fields


@given(bodies)
def test_any_body_reaches_the_page_as_a_state_or_a_retry(body: bytes) -> None:
    """A body is a good answer that can be shown, or as good as a 5xx; nothing else comes out."""
    monitor = JobMonitor(100.0)
    monitor.watch("one", 100.0)
    ticket = monitor.begin(100.0)
    outcome = Answer(body).interpreted()
    if isinstance(outcome, ApiError):
        assert monitor.fail(ticket, 100.1, outcome)
        assert_fit_for_the_page(monitor.report())
        assert monitor.report().health is Health.RETRYING
        assert not monitor.ended
    else:
        assert monitor.answer(ticket, 100.1, outcome)
        fields = assert_fit_for_the_page(monitor.report(answered=True))
        assert monitor.ended == (fields["status"] in FINAL)
        assert fields["health"] == ("over" if monitor.ended else "live")


@settings(max_examples=150)
@given(steps, st.none() | st.floats(0, 20), st.sampled_from([math.inf, 0.0, 5.0, 60.0]))
def test_any_sequence_keeps_to_the_contract(
    sequence: list[tuple[float, Answer | ApiError | None]], interval: float | None, timeout: float
) -> None:
    """Through any answers, errors and silences: shown at each step, spaced, the last good state kept, one end."""
    now = began = 1000.0
    monitor = JobMonitor(now)
    monitor.watch("one", now, interval=interval, timeout=timeout)
    last: JobState | None = None
    last_end = -math.inf
    expired: list[float] = []
    for delay, step in sequence:
        event = monitor.next_event
        if event is None:
            break
        now = max(now, event)
        expired += [now for _ in monitor.expire(now)]
        if monitor.due is None or monitor.due > now:
            assert_fit_for_the_page(monitor.report())
            continue
        assert now - last_end >= configs.SHORTEST_PAUSE - 1e-9
        ticket = monitor.begin(now)
        now = last_end = now + delay
        expired += [now for _ in monitor.expire(now)]
        if step is None:
            continue
        outcome = outcome_of(step)
        if isinstance(outcome, ApiError):
            monitor.fail(ticket, now, outcome)
        elif monitor.answer(ticket, now, outcome):
            last = outcome
        assert monitor.state == last
        assert_fit_for_the_page(monitor.report())
        if monitor.ended:
            assert monitor.report().health.ended
            assert monitor.next_event is None
            assert (monitor.report().health is Health.OVER) == (
                last is not None and last.final and not isinstance(outcome, ApiError)
            )
            break
        assert not monitor.report().health.ended
    assert len(expired) <= 1
    if expired and timeout:
        assert expired[0] >= began + timeout - 1e-9


class Scripted:
    """A server that gives one outcome after the other, and then the end; a `Fetcher`."""

    url = "http://fake.invalid"

    def __init__(self, outcomes: list[Answer | ApiError]) -> None:
        self._outcomes = iter(outcomes)
        self._end = {"data": {"id": JOB_ID, "name": "Upload", "status": "SUCCESS", "progress": 100}}

    def fetch(self, job_id: UUID | str, *, verbose: bool = False) -> JobState:
        """One request."""
        del job_id, verbose
        outcome = outcome_of(next(self._outcomes, Answer(encoded(self._end))))
        if isinstance(outcome, ApiError):
            raise outcome
        return outcome

    def close_idle(self) -> None:
        """Nothing is open."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses, and a poller of the test's own: whole lives in milliseconds."""
    for name in ("SHORTEST_PAUSE", "BACKOFF_FIRST", "BACKOFF_LIMIT", "NOT_FOUND_TOLERANCE", "RETRY_AFTER_LIMIT"):
        monkeypatch.setattr(configs, name, 0.0005)
    own = poller.Poller(linger=0.2)
    monkeypatch.setattr(shared_poller, "_shared", own)
    yield
    own.close(5)


@pytest.mark.usefixtures("quick")
def test_any_server_ends_every_wait_as_the_contract_says(caplog: pytest.LogCaptureFixture) -> None:
    """Card, wait and watch on one made-up server all end, alike, as the contract says; no error is logged."""
    kinds: set[str] = set()

    @settings(max_examples=60)
    @given(st.lists(outcomes, max_size=6))
    def live(script: list[Answer | ApiError]) -> None:
        job = fw.Job(JOB_ID, connection=Scripted(script))
        card = fw.JobWidget(job, interval=0)
        ended = threading.Event()

        def note(change: Any) -> None:
            if Health(change["new"]).ended:
                ended.set()

        card.observe(note, "health")
        kind = "SUCCESS"
        try:
            card.wait(interval=0, timeout=20)
        except (fw.AsyncJobFailed, fw.ApiError) as caught:
            error: fw.FiddlerWidgetsError | None = caught
            kind = str(job.status) if isinstance(error, fw.AsyncJobFailed) else type(error).__name__
        else:
            error = None
        assert isinstance(error, fw.JobRevoked) == (kind == "REVOKED")
        assert error is None or len(str(error)) < 5000
        str(error).encode("utf-8")
        # A report may still be on its way to the card, behind that of an earlier end.
        card.__card_watcher__.mailbox.settle(10)
        if not Health(card.health).ended:
            assert ended.wait(10)
        kinds.add(kind)
        over = kind in FINAL
        assert (card.health == "over") == over
        assert job.done() or not over
        assert "\x1b" not in repr(card) + repr(job)
        json.dumps(
            {name: getattr(card, name) for name in [*trait_values.FIELDS, "health_detail", "_clock"]},
            allow_nan=False,
            ensure_ascii=False,
        ).encode("utf-8")
        card.close()

    live()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
    assert {"SUCCESS", "ApiError"} <= kinds
