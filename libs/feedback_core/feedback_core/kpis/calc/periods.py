"""Days, weeks, months, quarters and years of a time zone, as half-open instants; a day may have 23 or 25 hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback_core.kpis.types import Bucket

_MONTHS = {Bucket.MONTH: 1, Bucket.QUARTER: 3, Bucket.YEAR: 12}


def first_instant(day: date, time_zone: str) -> datetime:
    """When a day begins in a time zone, in UTC; where clocks jump over midnight, the first instant that exists."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def day_of(instant: datetime, time_zone: str) -> date:
    """The day on which an instant falls in a time zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def bucket_start(day: date, bucket: Bucket) -> date:
    """The first day of the period that a day is in; weeks begin on Monday (ISO 8601)."""
    if bucket is Bucket.DAY:
        return day
    if bucket is Bucket.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[bucket]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_bucket(start: date, bucket: Bucket) -> date:
    """The first day of the period after the one that begins at ``start``."""
    if bucket is Bucket.DAY:
        return start + timedelta(days=1)
    if bucket is Bucket.WEEK:
        return start + timedelta(days=7)
    months = start.month - 1 + _MONTHS[bucket]
    return date(start.year + months // 12, months % 12 + 1, 1)


def buckets_between(first: date, last: date, bucket: Bucket) -> Iterator[date]:
    """The first day of every period from that of ``first`` to that of ``last``, both included."""
    start = bucket_start(first, bucket)
    while start <= last:
        yield start
        start = next_bucket(start, bucket)
