"""When a message may go out: quiet hours by the organisation's clock, and the days of reminders."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedback_core.invitations.types.batches import QuietHours, Reminder


def is_quiet(at: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> bool:
    """Whether nobody is written to at an instant."""
    if quiet is None or quiet.begin == quiet.end:
        return False
    clock = at.astimezone(zone).time()
    if quiet.begin < quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


def next_allowed(at: datetime, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """The instant itself, or when the quiet hours that it lies in are over."""
    if quiet is None or not is_quiet(at, quiet, zone):
        return at
    local = at.astimezone(zone)
    over = local.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0, fold=0)
    if over <= local:
        over += timedelta(days=1)
    # A day on which the clock is put forward has no such time: what follows it is quiet no more either way.
    found = over.astimezone(at.tzinfo)
    while is_quiet(found, quiet, zone):
        found += timedelta(minutes=15)
    return found


def next_reminder(
    first_sent_at: datetime, reminders: Sequence[Reminder], sent: int, *, expires_at: datetime, now: datetime
) -> datetime | None:
    """When the next reminder is due, never before ``now``; ``None``: there is none, or not before it is over."""
    if sent >= len(reminders):
        return None
    due = max(first_sent_at + timedelta(days=reminders[sent].after_days), now)
    return due if due < expires_at else None


def wait_after(attempts: int) -> timedelta:
    """How long a message waits that was not taken so often: a minute, twice as long each time, six hours at most."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 9)), timedelta(hours=6))
