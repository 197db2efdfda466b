"""When a schedule runs: by the clocks of its time zone, whatever they do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.analyses.calc import next_run_at
from feedback_core.analyses.types import Cadence

ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]

zones = st.sampled_from(ZONES)
cadences = st.sampled_from(list(Cadence))
hours = st.integers(0, 23)
instants = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(cadences, hours, zones, instants)
def test_it_lies_in_the_future_and_no_further_than_one_round(
    cadence: Cadence, hour: int, zone: str, after: datetime
) -> None:
    round_of = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 31}[cadence]

    following = next_run_at(cadence, hour, zone, after=after)

    # A day that the zone skips (Apia, 2011-12-30) makes one round longer by that day.
    assert after < following <= after + timedelta(days=round_of + 1, hours=2)


@given(cadences, hours, zones, instants)
def test_clocks_show_the_hour_unless_they_skip_it(cadence: Cadence, hour: int, zone: str, after: datetime) -> None:
    shown = next_run_at(cadence, hour, zone, after=after).astimezone(ZoneInfo(zone))

    if shown.hour != hour or shown.minute:
        before = shown.astimezone(UTC) - timedelta(hours=2)
        assert before.astimezone(ZoneInfo(zone)).utcoffset() != shown.utcoffset()
    else:
        assert cadence is not Cadence.WEEKLY or shown.weekday() == 0
        assert cadence is not Cadence.MONTHLY or shown.day == 1


@given(cadences, hours, zones, instants, st.integers(0, 3 * 86_400))
def test_no_time_lies_between_two_that_follow_each_other(
    cadence: Cadence, hour: int, zone: str, after: datetime, seconds: int
) -> None:
    following = next_run_at(cadence, hour, zone, after=after)
    between = min(after + timedelta(seconds=seconds), following - timedelta(microseconds=1))

    assert next_run_at(cadence, hour, zone, after=between) == following


@given(hours, zones, st.integers(2005, 2034))
def test_a_daily_schedule_runs_once_a_day_all_year(hour: int, zone: str, year: int) -> None:
    time, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    days = []
    while (time := next_run_at(Cadence.DAILY, hour, zone, after=time)) < end:
        days.append(time.astimezone(ZoneInfo(zone)).date())

    assert len(days) == len(set(days))
    assert len(days) >= 364


@pytest.mark.parametrize(
    ("cadence", "hour", "zone", "after", "expected"),
    [
        # 29 March 2026: clocks in London go from 01:00 to 02:00.
        (Cadence.DAILY, 1, "Europe/London", "2026-03-28T12:00", "2026-03-29T02:00"),
        # 25 October 2026: clocks in London show 01:00 twice.
        (Cadence.DAILY, 1, "Europe/London", "2026-10-24T12:00", "2026-10-25T01:00"),
        (Cadence.WEEKLY, 6, "Europe/London", "2026-03-23T06:00", "2026-03-30T06:00"),
        (Cadence.WEEKLY, 6, "Europe/London", "2026-03-23T05:59", "2026-03-23T06:00"),
        (Cadence.MONTHLY, 6, "Asia/Kathmandu", "2026-01-01T06:00", "2026-02-01T06:00"),
        (Cadence.MONTHLY, 6, "Asia/Kathmandu", "2026-12-31T23:00", "2027-01-01T06:00"),
    ],
)
def test_known_times(cadence: Cadence, hour: int, zone: str, after: str, expected: str) -> None:
    assert next_run_at(cadence, hour, zone, after=local(after, zone)) == local(expected, zone)


def test_a_repeated_hour_runs_the_first_time_only() -> None:
    first = next_run_at(Cadence.DAILY, 1, "Europe/London", after=datetime(2026, 10, 24, 12, tzinfo=UTC))

    assert first == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_run_at(Cadence.DAILY, 1, "Europe/London", after=first) == datetime(2026, 10, 26, 1, tzinfo=UTC)
