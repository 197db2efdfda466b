"""When a schedule runs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback_core.analyses.types import Cadence


def next_run_at(cadence: Cadence, hour: int, time_zone: str, *, after: datetime) -> datetime:
    """The first time after ``after`` at which a schedule runs, in UTC.

    Weekly is on Mondays, monthly on the first of the month: then the period before is complete. Where clocks skip the
    hour, it runs as much later as they skip; where they repeat it, the first time only.

    Args:
        cadence: how often.
        hour: of the day, 0..23, as clocks in ``time_zone`` show it.
        time_zone: IANA name.
        after: any instant; the result lies strictly after it.
    """
    zone = ZoneInfo(time_zone)
    # A zone that skips a whole day runs on the day before at the next day's instant: begin one day early.
    day = _first_day(cadence, after.astimezone(zone).date() - timedelta(days=1))
    while (instant := datetime.combine(day, time(hour), zone).astimezone(UTC)) <= after:
        day = _first_day(cadence, day + timedelta(days=1))
    return instant


def _first_day(cadence: Cadence, day: date) -> date:
    """The first day on which it runs, from ``day`` on."""
    if cadence is Cadence.WEEKLY:
        return day + timedelta(days=-day.weekday() % 7)
    if cadence is Cadence.MONTHLY and day.day > 1:
        return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return day
