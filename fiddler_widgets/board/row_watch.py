"""The watch of one row, which is used by the poller as a mailbox and passes reports on to the board's one mailbox.

A mailbox of its own for each of ten thousand rows would take more memory than their contents.
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

__all__ = ["RowReport", "RowWatch"]

_FIRST = "Waiting for the first answer."


class RowReport(NamedTuple):
    """A report for one row.

    Attributes:
        watch: The row's watch.
        report: The report about its job.
        pause: Seconds from this look to the next; ``None`` if there is no next look, or it is a retry.
    """

    watch: RowWatch
    report: Report
    pause: float | None


class RowWatch:
    """Watches the job of one row; it has the methods of a `Mailbox` that the poller uses.

    Args:
        job: The job.
        intake: The board's mailbox.

    Attributes:
        row: Its row in the table.
        report: The last report.
        prompt: As in a mailbox: the receiver runs no code of users.
    """

    __slots__ = ("_intake", "_other_records", "_subscription", "job", "report", "row")

    prompt = True

    def __init__(self, job: Job, intake: Mailbox[RowReport]) -> None:
        self.job, self._intake = job, intake
        self.row = -1
        self._other_records: tuple[JobRecord, ...] = ()
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
        """Whether no more reports are received."""
        return self._intake.closed

    def put(self, report: Report) -> None:
        """Put a report into the board's mailbox; the poller holds its lock, so the monitor may be read here."""
        pause = None
        if self._subscription is not None and report.health is Health.LIVE and report.good_at is not None:
            due = self._subscription.channel.monitor.due
            pause = None if due is None else due - report.good_at
        self._intake.put(RowReport(self, report, pause))

    def deliver(self) -> None:
        """Deliver the reports in the board's mailbox."""
        self._intake.deliver()

    # ---- as the row's watch

    @property
    def watching(self) -> bool:
        """Whether the job is watched."""
        return self._subscription is not None and self._subscription.open

    @property
    def ended(self) -> bool:
        """Whether the watching has ended, so that no more reports come."""
        return self.report.health.ended

    @property
    def records(self) -> tuple[JobRecord, ...]:
        """The records that get the reports: that of the job, and those of other `Job` objects for it."""
        return (self.job.__job_record__, *self._other_records)

    def follow(self, job: Job) -> None:
        """Keep another `Job` for the same job up to date, too."""
        if not any(job.__job_record__ is record for record in self.records):
            self._other_records += (job.__job_record__,)

    def start(self, **options: Any) -> None:
        """Watch; does nothing if the job is watched already or over. The caller delivers the reports.

        Args:
            **options: As for `JobRecord.subscribe`.
        """
        if self.watching or self.report.health is Health.OVER:
            return
        if self.report.health is not Health.STARTING:
            self._intake.put(RowReport(self, Report(self.job.state, Health.STARTING, _FIRST), None))
        mailbox = cast("Mailbox[Report]", self)
        self._subscription = self.job.__job_record__.subscribe(mailbox, **options)

    def stop(self) -> None:
        """Watch no more, and report that."""
        if self._subscription is not None:
            self._subscription.stop()

    def pause(self, detail: str) -> None:
        """Watch no more, and report that with this sentence; the caller delivers the report."""
        if self.watching:
            self.close()
            state, good_at = self.report.state, self.report.good_at
            self._intake.put(RowReport(self, Report(state, Health.STOPPED, detail, good_at=good_at), None))

    def close(self) -> None:
        """Watch no more, without a report."""
        if self._subscription is not None:
            self._subscription.close()

    def hurry(self) -> None:
        """Look as soon as the pauses allow."""
        if self._subscription is not None:
            self._subscription.hurry()

    def prefer(self, until: float) -> None:
        """Prefer the job among those that wait for their turn, until that time (monotonic seconds)."""
        if self._subscription is not None:
            self._subscription.prefer(until)
