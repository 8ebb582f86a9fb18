"""What is worth a line of the journal, how long jobs ran and were queued, and what that tells of the next."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiddler_widgets.journal.entries import ENDED, SEEN, Bounds, Entry, Kind
from fiddler_widgets.journal.past import Past, duration
from fiddler_widgets.journal.sightings import Moment, Sighting, elapsed

SERVER = "https://acme.fiddler.ai"


def moment(seconds: float, *, ahead: float = 0.0) -> Moment:
    """Return the moment so many seconds after the beginning, by a clock that is so much ahead."""
    return Moment(1_700_000_000.0 + seconds + ahead, 50.0 + seconds)


def seen(*looks: tuple[float, str], started: float | None = None) -> Sighting:
    """Return what these looks, each with its time, have shown."""
    sighting = Sighting(moment(looks[0][0]))
    if started is not None:
        sighting.start(moment(started))
    for at, status in looks:
        sighting.see(status, moment(at))
    return sighting


def test_first_look_each_change_and_the_end_are_worth_a_line() -> None:
    """And nothing else is, in the first minute."""
    sighting = Sighting(moment(0))
    looks = ["PENDING", "PENDING", "STARTED", "STARTED", "RETRY", "SUCCESS", "SUCCESS", "STARTED"]
    events = [sighting.see(status, moment(1 + number)) for number, status in enumerate(looks)]
    assert events == [SEEN, None, SEEN, None, SEEN, ENDED, None, None]


def test_long_job_is_written_down_again_ever_more_seldom() -> None:
    """So that what was seen of it outlives the kernel; ten hours are a few lines."""
    sighting = Sighting(moment(0))
    written = [at for at in range(0, 36_000, 6) if sighting.see("STARTED", moment(at))]
    assert 5 < len(written) < 15
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(written))


def test_job_that_is_tried_again_and_again_has_few_lines() -> None:
    """And its end is written down all the same."""
    sighting = Sighting(moment(0))
    events = [sighting.see(("STARTED", "RETRY")[number % 2], moment(number)) for number in range(1000)]
    assert events.count(SEEN) <= 20
    assert sighting.see("FAILURE", moment(1000)) == ENDED


def test_answer_that_comes_late_counts_no_more() -> None:
    """Several watches tell of one job, each in its thread."""
    sighting = Sighting(moment(0))
    assert sighting.see("STARTED", moment(5)) == SEEN
    assert sighting.see("PENDING", moment(4)) is None
    assert sighting.see("PENDING", moment(5)) is None
    assert sighting.status == "STARTED"


@pytest.mark.parametrize(
    ("sighting", "ran", "queued"),
    [
        (seen((0, "STARTED")), (0, None), None),
        (seen((0, "STARTED"), (10, "STARTED"), (15, "SUCCESS")), (10, None), None),
        (seen((0, "PENDING"), (2, "PENDING"), (4, "STARTED"), (9, "STARTED"), (12, "SUCCESS")), (5, 10), (2, None)),
        (seen((3, "PENDING"), (4, "STARTED"), (9, "STARTED"), (12, "SUCCESS"), started=1), (5, 9), (2, 3)),
        (seen((3, "STARTED"), (9, "STARTED"), (12, "FAILURE"), started=1), (6, 11), (0, 2)),
        (seen((3, "SUCCESS"), started=1), (0, 2), (0, 2)),
        (seen((3, "SUCCESS")), None, None),
        (seen((3, "PENDING"), (9, "PENDING")), None, (6, None)),
    ],
    ids=[
        "running at first",
        "begin unknown",
        "queued at first",
        "started here",
        "started here, never seen queued",
        "over at first, started here",
        "over at first",
        "queued",
    ],
)
def test_bounds(sighting: Sighting, ran: Bounds | None, queued: Bounds | None) -> None:
    """From the looks before and after each change."""
    assert sighting.ran() == (None if ran is None else pytest.approx(ran))
    assert sighting.queued() == (None if queued is None else pytest.approx(queued))


@given(
    queue=st.floats(0, 100),
    run=st.floats(0, 1000),
    looks=st.lists(st.floats(0, 1200), min_size=1, max_size=30, unique=True),
    started=st.booleans(),
    jump=st.floats(-1e6, 1e6),
    jump_at=st.floats(0, 1200),
)
def test_truth_lies_within_the_bounds(
    *, queue: float, run: float, looks: list[float], started: bool, jump: float, jump_at: float
) -> None:
    """Whenever it is looked at, and whatever happens to the clock meanwhile."""

    def at(seconds: float) -> Moment:
        return moment(seconds, ahead=jump if seconds >= jump_at else 0.0)

    looks.sort()
    sighting = Sighting(at(looks[0]))
    if started:
        sighting.start(at(0))
    for look in looks:
        sighting.see("PENDING" if look < queue else "STARTED" if look < queue + run else "SUCCESS", at(look))
    for truth, found in ((run, sighting.ran()), (queue, sighting.queued())):
        if found is not None:
            assert found[0] <= truth + 1e-6
            assert found[1] is None or found[1] >= truth - 1e-6


def test_time_asleep_counts_as_doubt() -> None:
    """One clock went on and the other did not: the truth is somewhere between."""
    asleep = Moment(1_700_000_000.0 + 3600, 50.0 + 10)
    assert elapsed(moment(0), asleep) == (10, 3600)
    assert elapsed(moment(0), moment(5, ahead=-1000)) == (0, 5)


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        (None, None),
        ((10, None), None),
        ((50, 55), 52.5),
        ((0, 9), 4.5),
        ((0, 11), None),
        ((1000, 1150), 1075),
        ((1000, 1300), None),
        ((9, 3), None),
        ((0, 0), None),
    ],
)
def test_duration_is_the_middle_of_close_bounds(ran: Bounds | None, expected: float | None) -> None:
    """Bounds that are far apart, open or contradictory tell nothing."""
    assert duration(ran) == expected


def ended(number: int, seconds: float, kind: Kind, status: str = "SUCCESS", name: str = "Upload") -> Entry:
    """Return the entry of a job that took so long."""
    return Entry(ENDED, number, SERVER, f"job-{number}", 0, name, kind, status, number, (seconds, seconds + 0.5))


ONE = Kind("p", "m", "v1", "DATASET", "train")
PAST = Past(
    [
        ended(9, 90, ONE),
        ended(1, 10, ONE),
        ended(2, 20, ONE, status="FAILURE"),
        ended(3, 30, Kind("p", "m", "v2", "DATASET", "test")),
        ended(4, 40, Kind("p", "other")),
        ended(5, 50, Kind("q", "m")),
        ended(6, 60, ONE, name="Delete"),
        ended(7, 70, ONE)._replace(server="https://else.where"),
    ]
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (("p", "m", "train"), [30, 10, 90]),
        (("p", "m", "new"), [10, 30, 90]),
        (("p", "new", "train"), [10, 30, 40, 90]),
        (("new", "m", "train"), [10, 30, 40, 50, 90]),
        (("p", "other", ""), [30, 90, 40]),
    ],
)
def test_past_durations_are_of_the_narrowest_kind(kind: tuple[str, str, str], expected: list[float]) -> None:
    """Where there are few, those of the next wider kind come before; only success counts, the newest last."""
    found = PAST.durations(SERVER, "Upload", *kind)
    assert found == pytest.approx([seconds + 0.25 for seconds in expected])


def test_past_of_something_else_tells_nothing() -> None:
    """Another name is another kind of job, and so is another server's."""
    assert PAST.durations(SERVER, "Surrogate", "p", "m", "train") == ()
    assert PAST.durations("https://new.one", "Upload", "p", "m", "train") == ()


def test_past_has_the_newest_twenty_however_they_came() -> None:
    """Read from the files, or one after the other as they end; a job counts once."""
    entries = [ended(number, number, ONE) for number in range(1, 51)]
    together, one_by_one = Past(entries), Past()
    for entry in [*entries[::-1], *entries]:
        one_by_one.add(entry)
    expected = [number + 0.25 for number in range(31, 51)]
    for past in (together, one_by_one):
        assert past.durations(SERVER, "Upload", "p", "m", "train") == pytest.approx(expected)
