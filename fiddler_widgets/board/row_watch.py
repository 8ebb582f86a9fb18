"""One row's watching: what the poller takes for a mailbox, and what is in truth a door of the board's one mailbox.

A mailbox for each of ten thousand rows would be more memory than all that they show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fiddler_widgets.models import Health
from fiddler_widgets.polling.report import Report

if TYPE_CHECKING:
    from fiddler_widgets.jobs.job import Job
    from fiddler_widgets.jobs.record import JobRecord
    from fiddler_widgets.polling.mailbox import Mailbox
    from fiddler_widgets.polling.subscriptions import Subscription

__all__ = ["News", "RowWatch"]

_FIRST = "Waiting for the first answer."


class News(NamedTuple):
    """A report for one row.

    Attributes:
        watch: The row's watching.
        report: What there is to show about its job.
        pause: Seconds until the next look, from this one on; ``None`` where there is none, or it is a retry.
    """

    watch: RowWatch
    report: Report
    pause: float | None


class RowWatch:
    """Watches the job of one row; a `Mailbox` as far as the poller asks.

    Args:
        job: The job.
        intake: The board's mailbox.

    Attributes:
        row: Its row in the table.
        report: What was reported last.
        prompt: As of a mailbox: what receives runs no code of users.
    """

    __slots__ = ("_intake", "_others", "_subscription", "job", "report", "row")

    prompt = True

    def __init__(self, job: Job, intake: Mailbox[News]) -> None:
        self.job, self._intake = job, intake
        self.row = -1
        self._others: tuple[JobRecord, ...] = ()
        self._subscription: Subscription | None = None
        record = job.__job_record__
        over = job.done()
        good_at = record.known_at if over and record.known_at > float("-inf") else None
        self.report = Report(job.state, Health.OVER if over else Health.STARTING, "" if over else _FIRST, None)
        if over:
            self.report = self.report._replace(good_at=good_at)

    # ---- as a mailbox

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken in."""
        return self._intake.closed

    def put(self, report: Report) -> None:
        """Take in a report; the poller calls this with its lock held, so that the next look can be asked for."""
        pause = None
        if self._subscription is not None and report.health is Health.LIVE and report.good_at is not None:
            due = self._subscription.channel.monitor.due
            pause = None if due is None else due - report.good_at
        self._intake.put(News(self, report, pause))

    def deliver(self) -> None:
        """Have what was put in received."""
        self._intake.deliver()

    # ---- as the row's watching

    @property
    def watching(self) -> bool:
        """Whether reports come."""
        return self._subscription is not None and self._subscription.open

    @property
    def ended(self) -> bool:
        """Whether nothing more comes by itself."""
        return self.report.health.ended

    @property
    def records(self) -> tuple[JobRecord, ...]:
        """What reports are to be written to: the job's record, and those of other handles on it."""
        return (self.job.__job_record__, *self._others)

    def follow(self, job: Job) -> None:
        """Update another handle on the same job too."""
        if not any(job.__job_record__ is record for record in self.records):
            self._others += (job.__job_record__,)

    def start(self, **options: Any) -> None:
        """Watch; does nothing while it watches and once the job is over. Reports are yet to be delivered.

        Args:
            **options: As for `JobRecord.subscribe`.
        """
        if self.watching or self.report.health is Health.OVER:
            return
        if self.report.health is not Health.STARTING:
            self._intake.put(News(self, Report(self.job.state, Health.STARTING, _FIRST), None))
        mailbox = cast("Mailbox[Report]", self)
        self._subscription = self.job.__job_record__.subscribe(mailbox, **options)

    def stop(self) -> None:
        """Watch no more, and have it reported."""
        if self._subscription is not None:
            self._subscription.stop()

    def pause(self, why: str) -> None:
        """Watch no more, with that said; the report is yet to be delivered."""
        if self.watching:
            self.close()
            state, good_at = self.report.state, self.report.good_at
            self._intake.put(News(self, Report(state, Health.STOPPED, why, good_at=good_at), None))

    def close(self) -> None:
        """Watch no more, without a word."""
        if self._subscription is not None:
            self._subscription.close()

    def hurry(self) -> None:
        """Look as soon as may be."""
        if self._subscription is not None:
            self._subscription.hurry()

    def prefer(self, until: float) -> None:
        """Look before others, until that time (monotonic seconds)."""
        if self._subscription is not None:
            self._subscription.prefer(until)
