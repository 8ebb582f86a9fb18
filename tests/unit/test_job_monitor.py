"""One job in virtual time: when the next look comes, what is shown, and when it is over."""

from __future__ import annotations

import pytest

from fiddler_widgets import configs
from fiddler_widgets.exceptions import ApiError
from fiddler_widgets.models import Health
from tests.unit.virtual import FINAL, Run, foreign, http_error, state, unreachable


def test_first_look_is_at_once() -> None:
    """A watch looks without any pause."""
    assert Run(lambda _: state()).watch().until(0.0).asked == [0.0]


def test_fixed_interval_runs_from_the_end_of_an_answer() -> None:
    """The pause is the interval, whatever a request takes."""
    run = Run(lambda _: state(), round_trip=1.5).watch(interval=4).until(40)
    assert run.pauses == pytest.approx([4.0] * len(run.pauses))
    assert len(run.pauses) > 3


def test_interval_below_a_fifth_of_a_second_is_raised() -> None:
    """No interval makes more than five requests a second."""
    run = Run(lambda _: state(), round_trip=0.0).watch(interval=0).until(5)
    assert run.pauses == pytest.approx([0.2] * len(run.pauses))


def test_adaptive_pause_is_bounded() -> None:
    """Without an interval no pause exceeds three times the poll interval, nor falls below 0.2 s."""
    run = Run(lambda now: state(progress=100 * now / 5000)).watch().until(3600)
    assert max(run.pauses) == pytest.approx(3 * configs.JOB_POLL_INTERVAL, abs=0.1)
    assert min(run.pauses) >= 0.2


def test_poll_interval_is_read_at_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assigning to the constant changes the longest pause of a watch under way."""
    run = Run(lambda _: state(progress=None)).watch().until(600)
    monkeypatch.setattr(configs, "JOB_POLL_INTERVAL", 20)
    before = len(run.asked)
    run.until(1200)
    assert max(run.pauses[before:]) == pytest.approx(1.12 * 20, abs=0.1)


def test_smallest_interval_drives_the_stream() -> None:
    """Several watches on a job share one stream, at the pace of the most eager."""
    run = Run(lambda _: state(), round_trip=0.0).watch("slow", interval=10).watch("fast", interval=2).until(20)
    assert run.pauses == pytest.approx([2.0] * 10)


def test_pace_falls_back_when_the_eager_watch_ends() -> None:
    """Nobody is polled for at the pace of a watch that is gone."""
    run = Run(lambda _: state(), round_trip=0.0).watch("slow", interval=10).watch("fast", interval=2).until(4)
    run.monitor.unwatch("fast")
    run.until(60)
    assert run.pauses[-3:] == pytest.approx([10.0] * 3)


@pytest.mark.parametrize("status", FINAL)
def test_final_status_ends_all(status: str) -> None:
    """Each final status is reported once, and nothing is asked after it."""
    run = Run(lambda now: state(status if now > 30 else "STARTED")).watch(interval=1).until(1000)
    assert run.monitor.ended
    assert run.monitor.report().health is Health.OVER
    assert run.monitor.state is not None
    assert run.monitor.state.status == status
    assert run.monitor.next_event is None
    assert run.asked[-1] < 32


@pytest.mark.parametrize("status", ["PENDING", "STARTED", "RETRY", "SOMETHING_NEW"])
def test_live_statuses_go_on(status: str) -> None:
    """A live or unknown status is shown as live, and asked about again."""
    run = Run(lambda _: state(status)).watch(interval=5).until(60)
    assert run.monitor.report().health is Health.LIVE
    assert len(run.asked) > 10


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_transient_status_is_retried_and_keeps_the_last_good_state(code: int) -> None:
    """The last good state stands, the health says what is wrong, and the watch recovers."""
    run = Run(lambda now: http_error(code) if 10 < now < 40 else state(progress=33.0)).watch(interval=2).until(20)
    report = run.monitor.report()
    assert (report.health, report.state) == (Health.RETRYING, state(progress=33.0))
    assert str(code) in report.detail
    assert report.next_try is not None
    assert report.next_try > run.now
    run.until(100)
    assert run.monitor.report().health is Health.LIVE
    assert run.monitor.report().error is None


def test_connection_errors_are_retried() -> None:
    """A refused connection is no reason to give up."""
    run = Run(lambda now: unreachable() if now < 60 else state()).watch().until(200)
    assert run.monitor.report().health is Health.LIVE


def test_malformed_answers_are_retried() -> None:
    """HTML with status 200 is treated as a server error."""
    run = Run(lambda _: ApiError("the answer is HTML", code=200, malformed=True)).watch().until(30)
    assert run.monitor.report().health is Health.RETRYING


def test_backoff_doubles_to_half_a_minute() -> None:
    """With the largest jitter, the pauses are the caps."""
    run = Run(lambda _: http_error(503), round_trip=0.0).watch().until(300)
    assert run.pauses[:8] == pytest.approx([0.5, 1, 2, 4, 8, 16, 30, 30])


def test_backoff_never_spins() -> None:
    """With the smallest jitter, 0.2 s lie between two requests."""
    run = Run(lambda _: http_error(503), round_trip=0.0, jitter=lambda low, _: low).watch().until(10)
    assert min(run.pauses) >= 0.2 - 1e-9


def test_backoff_starts_over_after_a_good_answer() -> None:
    """One good answer forgets the failures before it."""
    answers = iter([http_error(503)] * 6 + [state()] + [http_error(503)] * 3)
    run = Run(lambda _: next(answers, state("SUCCESS")), round_trip=0.0).watch(interval=1).until(300)
    assert run.pauses[6:9] == pytest.approx([1.0, 0.5, 1.0])


@pytest.mark.parametrize(("asked", "waited"), [(7.0, 7.0), (60.0, 60.0), (86_400.0, 60.0)])
@pytest.mark.parametrize("code", [429, 500, 502, 503, 599])
def test_retry_after_is_honoured_up_to_a_minute(code: int, asked: float, waited: float) -> None:
    """No request comes before the time that the server asked for, up to 60 s."""
    answers = iter([http_error(code, retry_after=asked)])
    run = Run(lambda _: next(answers, state()), round_trip=0.0).watch(interval=1).until(waited + 5)
    assert run.asked[1] == pytest.approx(waited)


def test_retry_after_binds_a_check_by_hand_too() -> None:
    """Neither a click nor a new watch gets around it."""
    run = Run(lambda _: http_error(429, retry_after=30.0), round_trip=0.0).watch().until(1)
    run.monitor.wake(run.now)
    run.watch("another").until(29.9)
    assert len(run.asked) == 1


@pytest.mark.parametrize("code", [404, 408, 425])
def test_retry_after_counts_on_429_and_5xx_alone(code: int) -> None:
    """On another status the back-off decides."""
    run = Run(lambda _: http_error(code, retry_after=50.0), round_trip=0.0).watch().until(3)
    assert len(run.asked) > 2


FOREIGN_ENDS = {400: Health.ERROR, 403: Health.ERROR, 404: Health.NOT_FOUND, 410: Health.ERROR, 501: Health.ERROR}


@pytest.mark.parametrize("code", FOREIGN_ENDS)
def test_foreign_answer_about_a_job_that_was_seen_passes_for_five_minutes(code: int) -> None:
    """A watched job is asked for on, with pauses that grow, for 300 s and no longer; then the code stands."""
    run = Run(lambda now: state() if now < 5 else foreign(code), round_trip=0.0).watch(interval=5).until(302)
    report = run.monitor.report()
    assert report.health is Health.RETRYING
    assert report.detail.startswith("Something between here and the platform answers")
    assert len(run.asked) < 40
    report = run.until(310).monitor.report()
    assert report.health is FOREIGN_ENDS[code]
    assert run.asked[-1] == pytest.approx(305)
    assert report.detail.startswith("Something between here and the platform answers")
    for word in ("key", "token", "id,"):
        assert word not in report.detail


def test_other_trouble_between_foreign_answers_begins_their_time_anew() -> None:
    """Five minutes in a row: neither an outage nor a good answer in between counts as one of them."""
    for between in (http_error(503), unreachable(), state()):
        run = Run(lambda now, other=between: other if now % 200 < 100 else foreign(403), round_trip=0.0)  # type: ignore[misc]
        run.now = run.start
        run.monitor.answer(run.monitor.begin(run.now), run.now, state())
        assert not run.watch().until(2000).monitor.ended


def test_foreign_answer_does_not_use_up_the_patience_for_a_404() -> None:
    """After a redeployment, the platform's own 404 has its ten seconds."""
    run = Run(lambda now: state() if now < 1 else foreign(404) if now < 60 else http_error(404), round_trip=0.0)
    run.watch(interval=1).until(300)
    assert run.monitor.report().health is Health.NOT_FOUND
    assert 70 <= run.asked[-1] < 100


@pytest.mark.parametrize("code", [400, 403, 410, 501])
def test_foreign_answer_about_a_job_never_seen_ends_at_once(code: int) -> None:
    """There is nothing to lose yet, and the address may be wrong."""
    run = Run(lambda _: foreign(code)).watch().until(100)
    report = run.monitor.report()
    assert report.health is Health.ERROR
    assert "Something between" in report.detail
    assert len(run.asked) == 1


def test_foreign_404_about_a_job_never_seen_is_tolerated_for_ten_seconds() -> None:
    """As one of the platform's, but it says who speaks."""
    run = Run(lambda _: foreign(404)).watch().until(8)
    assert run.monitor.report().health is Health.STARTING
    assert "Something between" in run.monitor.report().detail
    run.until(100)
    assert run.monitor.report().health is Health.NOT_FOUND
    assert "Check the id" not in run.monitor.report().detail
    assert 10 <= run.asked[-1] < 11


@pytest.mark.parametrize("code", [401, 403])
def test_refused_token_ends_at_once(code: int) -> None:
    """No second request is made with a token that was refused."""
    run = Run(lambda _: http_error(code)).watch().until(100)
    assert run.monitor.ended
    assert run.monitor.report().health is Health.REFUSED
    assert "token was refused" in run.monitor.report().detail
    assert len(run.asked) == 1


@pytest.mark.parametrize("code", [400, 405, 410, 418, 422, 501, 302])
def test_other_errors_end_at_once(code: int) -> None:
    """What cannot get better by asking again is not asked again."""
    run = Run(lambda _: http_error(code)).watch().until(100)
    assert run.monitor.report().health is Health.ERROR
    assert len(run.asked) == 1


def test_invalid_certificate_ends_at_once() -> None:
    """A connection error that cannot get better ends the watch."""
    run = Run(lambda _: unreachable(permanent=True)).watch().until(100)
    assert run.monitor.report().health is Health.ERROR
    assert len(run.asked) == 1


def test_404_is_tolerated_for_ten_seconds() -> None:
    """A job that appears nine seconds after the first 404 is watched as if nothing had been."""
    run = Run(lambda now: http_error(404) if now < 9 else state()).watch().until(8)
    assert run.monitor.report().health is Health.STARTING
    assert run.until(30).monitor.report().health is Health.LIVE


def test_404_for_ever_ends_after_ten_seconds() -> None:
    """The verdict comes within a moment of the ten seconds."""
    run = Run(lambda _: http_error(404)).watch().until(100)
    assert run.monitor.report().health is Health.NOT_FOUND
    assert 10.0 <= run.now - run.start <= 10.5


def test_404_after_a_good_answer_keeps_the_state() -> None:
    """A job that vanishes is tolerated as long, with its last state shown."""
    run = Run(lambda now: state() if now < 5 else http_error(404)).watch(interval=1).until(8)
    assert run.monitor.report().health is Health.RETRYING
    assert run.monitor.report().state == state()
    assert run.until(100).monitor.report().health is Health.NOT_FOUND


def test_good_answer_between_404s_starts_the_tolerance_over() -> None:
    """Only an unbroken run of failures counts."""
    run = Run(lambda now: state() if 8 < now < 11 else http_error(404), round_trip=0.0).watch(interval=1).until(18)
    assert not run.monitor.ended


def test_deadline_expires_a_watch_once() -> None:
    """A watch expires at its deadline, once; the others go on."""
    run = Run(lambda _: state()).watch("short", timeout=12.0).watch("long", interval=3).until(60)
    assert [key for key, _ in run.expired] == ["short"]
    assert run.expired[0][1] == pytest.approx(12.0, abs=0.1)
    assert run.asked[-1] > 50


def test_requests_cease_with_the_last_watch() -> None:
    """Nothing is asked for nobody."""
    run = Run(lambda _: state()).watch(interval=1, timeout=10).until(1000)
    assert run.asked[-1] <= 10
    assert run.monitor.next_event is None


def test_timeout_of_zero_looks_once() -> None:
    """A watch with no time expires with its first answer."""
    run = Run(lambda _: state(), round_trip=3.0).watch(timeout=0).until(100)
    assert (len(run.asked), run.expired) == (1, [("one", 3.0)])


def test_timeout_of_zero_sees_a_job_that_is_over() -> None:
    """The one look counts."""
    run = Run(lambda _: state("SUCCESS")).watch(timeout=0).until(100)
    assert run.monitor.ended
    assert run.expired == []


def test_timeout_of_zero_ends_with_a_failure_too() -> None:
    """One look that fails is one look."""
    run = Run(lambda _: http_error(503)).watch(timeout=0).until(100)
    assert len(run.asked) == 1
    assert [key for key, _ in run.expired] == ["one"]


def test_waking_looks_at_once_but_not_sooner_than_a_fifth_of_a_second() -> None:
    """A check by hand is prompt, and a hundred of them are one."""
    run = Run(lambda _: state(), round_trip=0.0).watch(interval=60).until(10)
    for _ in range(100):
        run.monitor.wake(run.now)
    run.until(10)
    assert run.asked == pytest.approx([0.0, 0.2])
    run.now = run.start + 20
    run.monitor.wake(run.now)
    run.until(20)
    assert run.asked == pytest.approx([0.0, 0.2, 20.0])


def test_request_that_never_comes_back_is_given_up() -> None:
    """After its 30 s a request counts as failed, and its late answer for nothing."""
    run = Run(lambda _: state()).watch()
    ticket = run.monitor.begin(run.now)
    assert run.monitor.expire(run.now + 31.0) == []
    assert run.monitor.report().health is Health.RETRYING
    assert not run.monitor.answer(ticket, run.now + 31.5, state("SUCCESS"))
    assert not run.monitor.ended
    assert run.monitor.due is not None


def test_waking_afresh_distrusts_a_request_under_way() -> None:
    """After sleep, a new request is made and the old one's answer ignored."""
    run = Run(lambda _: state()).watch()
    stale = run.monitor.begin(run.now)
    run.monitor.wake(run.now + 5, afresh=True)
    assert run.monitor.due == run.now + 5
    fresh = run.monitor.begin(run.now + 5)
    assert not run.monitor.answer(stale, run.now + 6, state(progress=1.0))
    assert run.monitor.answer(fresh, run.now + 6, state(progress=2.0))


def test_answers_after_the_end_count_for_nothing() -> None:
    """A final state is final."""
    run = Run(lambda _: state("SUCCESS")).watch().until(1)
    assert not run.monitor.fail(99, run.now, http_error(503))
    assert run.monitor.report().health is Health.OVER


def test_schedule_is_asked_once_an_answer() -> None:
    """A schedule that learns hears each answer once, however many watch."""
    calls: list[tuple[float, str, float | None]] = []

    class Spy:
        def next_pause(self, elapsed: float, status: str, progress: float | None) -> float:
            calls.append((elapsed, status, progress))
            return 1.0

        def time_left(self, elapsed: float) -> tuple[float, float] | None:
            return elapsed, elapsed + 1

    run = Run(lambda _: state(progress=7.0), round_trip=0.0)
    run.monitor._schedule = Spy()
    run.watch("a").watch("b").watch("c", interval=5).until(3)
    assert calls == [(0.0, "STARTED", 7.0), (1.0, "STARTED", 7.0), (2.0, "STARTED", 7.0), (3.0, "STARTED", 7.0)]
    assert run.monitor.report().left == (3.0, 4.0)


def test_answer_for_nobody_schedules_nothing() -> None:
    """A request under way when the last watch leaves is the last one."""
    run = Run(lambda _: state()).watch()
    ticket = run.monitor.begin(run.now)
    run.monitor.unwatch("one")
    run.monitor.answer(ticket, run.now + 1, state())
    assert run.monitor.due is None
    assert run.monitor.next_event is None


def test_report_tells_when_the_last_good_answer_came() -> None:
    """The card can say since when it has not heard from the server."""
    run = Run(lambda now: state() if now < 5 else http_error(503), round_trip=0.0).watch(interval=1).until(60)
    assert run.monitor.report().good_at == pytest.approx(run.start + 4.0)
