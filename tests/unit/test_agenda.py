"""What an interrupt leaves in the agenda, and how it is put right: no thread, no clock."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import pytest

from fiddler_widgets.polling.agenda import Agenda
from fiddler_widgets.polling.mailbox import Mailbox
from fiddler_widgets.polling.subscriptions import Channel, Server, Subscription

if TYPE_CHECKING:
    from fiddler_widgets.polling.report import Report
    from fiddler_widgets.polling.subscriptions import Engine, Fetcher

NOW = 100.0


class _NoEngine:
    """Stands for the poller, of which nothing is needed here."""


@pytest.fixture
def agenda() -> Agenda:
    """An agenda without jobs."""
    return Agenda()


@pytest.fixture
def channel(agenda: Agenda) -> Channel:
    """A job without subscriptions."""
    return agenda.channel(cast("Fetcher", "server"), "job", NOW, lambda _fetcher: Server(), None)


def subscription(channel: Channel) -> Subscription:
    """Return a subscription that its channel has, but its monitor does not know."""
    mailbox: Mailbox[Report] = Mailbox(lambda _report: None)
    engine = cast("Engine", _NoEngine())
    made = Subscription(engine, channel, mailbox, timeout=math.inf, verbose=False, last=False, beat=None)
    channel.subscriptions.append(made)
    return made


def test_a_channel_whose_time_was_noted_and_not_queued(agenda: Agenda, channel: Channel) -> None:
    """It is due for a look as it was."""
    channel.monitor.watch(subscription(channel), NOW)
    channel.scheduled = NOW
    agenda.mend(NOW)
    assert agenda.next_at == NOW


def test_a_watch_that_was_begun_and_never_due(agenda: Agenda, channel: Channel) -> None:
    """It is due now."""
    channel.monitor.watch(subscription(channel), NOW)
    channel.monitor._due = None
    agenda.mend(NOW + 1)
    assert channel.monitor.due == NOW + 1
    assert agenda.next_at == NOW + 1


def test_a_subscription_that_the_monitor_does_not_know(agenda: Agenda, channel: Channel) -> None:
    """It is dropped: its caller was interrupted before it had it."""
    made = subscription(channel)
    agenda.mend(NOW)
    assert channel.subscriptions == []
    assert not made.open


def test_a_watch_without_a_subscription(agenda: Agenda, channel: Channel) -> None:
    """It is removed, and asks for nothing more."""
    channel.monitor.watch("somebody", NOW)
    agenda.mend(NOW)
    assert channel.monitor.watched == set()
    assert channel.monitor.due is None


def test_a_subscription_that_was_ended_and_not_removed(agenda: Agenda, channel: Channel) -> None:
    """It is removed from its channel, and its watch with it."""
    made = subscription(channel)
    channel.monitor.watch(made, NOW)
    made.open = False
    agenda.mend(NOW)
    assert channel.subscriptions == []
    assert channel.monitor.watched == set()


def test_a_subscription_whose_mailbox_is_closed(agenda: Agenda, channel: Channel) -> None:
    """It is removed: its wait is over."""
    made = subscription(channel)
    channel.monitor.watch(made, NOW)
    made.mailbox.close()
    agenda.mend(NOW)
    assert channel.subscriptions == []


def test_all_that_is_well_stays(agenda: Agenda, channel: Channel) -> None:
    """Other subscriptions, the time of the next look and a request under way are as before."""
    made = subscription(channel)
    channel.monitor.watch(made, NOW)
    ticket = channel.monitor.begin(NOW)
    agenda.unfinished = 1
    agenda.mend(NOW + 1)
    assert channel.subscriptions == [made]
    assert channel.monitor.watched == {made}
    assert channel.monitor.due is None
    assert channel.monitor._ticket == ticket
    assert agenda.unfinished == 0
