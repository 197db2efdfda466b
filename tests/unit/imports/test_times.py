"""Times in files: formats, zones, and the two hours a year that are not like the others."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.responses.imports.times import UnknownDateFormat, UnreadableTime, instants, local_times
from feedback_core.responses.imports.types import ImportFault

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia")
AMERICAN = "%m/%d/%Y %I:%M:%S %p"


def local(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Times without a zone, from the beginning of one year to that of another."""
    return st.datetimes(min_value=datetime(first, 1, 1), max_value=datetime(last, 1, 1))  # noqa: DTZ001 -- local


def instant(text: str, *, date_format: str = "iso", zone: ZoneInfo = NEW_YORK) -> datetime:
    return instants(zone)(local_times(date_format)(text))


@pytest.mark.parametrize(
    ("text", "hour"), [("12:00:00 AM", 0), ("12:30:00 am", 0), ("1:05:09 PM", 13), ("12:00:00 PM", 12)]
)
def test_noon_and_midnight_are_told_apart(text: str, hour: int) -> None:
    assert local_times(AMERICAN)(f"3/9/2021 {text}").hour == hour


@given(local(1970, 2100).map(lambda time: time.replace(microsecond=0)))
def test_a_pattern_reads_what_strftime_writes(time: datetime) -> None:
    for pattern in (AMERICAN, "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y, %H:%M:%S", "%d %b %Y %H %M %S", "%B %d, %Y %I:%M:%S %p"):
        assert local_times(pattern)(time.strftime(pattern)) == time


def test_single_digits_need_no_zero_in_front() -> None:
    assert local_times("%Y-%m-%d")("2017-5-9") == datetime(2017, 5, 9)  # noqa: DTZ001 -- local


@pytest.mark.parametrize(("text", "year"), [("01/02/68", 2068), ("01/02/69", 1969)])
def test_years_of_two_digits_turn_at_69(text: str, year: int) -> None:
    assert local_times("%d/%m/%y")(text).year == year


@pytest.mark.parametrize("text", ["30/02/2021", "31/04/2021", "2021-04-01", "1/1/2021 10:00", "", "1/13/2021"])
def test_what_is_not_a_day_of_the_format_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime) as refused:
        local_times("%d/%m/%Y")(text)
    assert refused.value.code is ImportFault.UNREADABLE_TIME


@pytest.mark.parametrize("text", ["2021-02-30", "soon", "10:00", "2021-13-01T00:00:00"])
def test_what_is_not_iso_8601_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime):
        local_times("iso")(text)


@pytest.mark.parametrize(
    "date_format", ["%Q", "%Y-%m", "%H:%M", "%Y-%m-%d %I:%M", "%Y %Y %m %d", "%Y-%m-%d %", "%d %m %Y %p"]
)
def test_a_pattern_that_cannot_say_a_time_is_refused(date_format: str) -> None:
    with pytest.raises(UnknownDateFormat):
        local_times(date_format)


def test_local_time_is_turned_into_utc_by_the_offset_of_its_day() -> None:
    assert instant("2021-01-15T12:00:00") == datetime(2021, 1, 15, 17, tzinfo=UTC)
    assert instant("2021-07-15T12:00:00") == datetime(2021, 7, 15, 16, tzinfo=UTC)


def test_a_time_that_says_its_zone_keeps_it() -> None:
    assert instant("2021-07-15T12:00:00+02:00") == datetime(2021, 7, 15, 10, tzinfo=UTC)
    assert instant("15.07.2021 12:00 -0330", date_format="%d.%m.%Y %H:%M %z") == datetime(
        2021, 7, 15, 15, 30, tzinfo=UTC
    )


def test_of_two_instants_that_a_time_may_mean_it_is_the_earlier() -> None:
    assert instant("2021-11-07T01:30:00") == datetime(2021, 11, 7, 5, 30, tzinfo=UTC)


def test_a_time_that_no_clock_showed_is_refused() -> None:
    with pytest.raises(UnreadableTime) as refused:
        instant("2021-03-14T02:30:00")
    assert refused.value.code is ImportFault.NO_SUCH_TIME
    assert instant("2021-03-14T01:59:59") == datetime(2021, 3, 14, 6, 59, 59, tzinfo=UTC)
    assert instant("2021-03-14T03:00:00") == datetime(2021, 3, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@given(local(1971, 2035))
def test_an_instant_shown_by_the_clocks_of_the_zone_is_the_time_that_was_said(zone: str, time: datetime) -> None:
    clocks = ZoneInfo(zone)
    try:
        found = instants(clocks)(time)
    except UnreadableTime:
        shown = time.replace(tzinfo=clocks).astimezone(UTC).astimezone(clocks)
        assert shown.replace(tzinfo=None) != time
    else:
        assert found.astimezone(clocks).replace(tzinfo=None) == time
        assert found == time.replace(tzinfo=clocks, fold=0).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01T00:00:00+14:00", NEW_YORK),
        ("9999-12-31T23:59:59-12:00", NEW_YORK),
        ("9999-12-31T23:59:59", NEW_YORK),
        ("0001-01-01T00:00:00", ZoneInfo("Asia/Tokyo")),
    ],
)
def test_a_time_beyond_the_calendar_is_refused(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(UnreadableTime) as refused:
        instant(text, zone=zone)
    assert refused.value.code is ImportFault.UNREADABLE_TIME


@pytest.mark.parametrize(
    ("text", "date_format", "microseconds"),
    [
        ("1772272800", "unix", 0),
        (" 1772272800.5 ", "unix", 500_000),
        ("1772272800123", "unix_ms", 123_000),
        ("1772272800000.25", "unix_ms", 250),
    ],
)
def test_seconds_and_milliseconds_since_1970_are_instants(text: str, date_format: str, microseconds: int) -> None:
    assert instant(text, date_format=date_format) == datetime(2026, 2, 28, 10, 0, 0, microseconds, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "-1", "1e9", "0x10", "noon", "1772272800Z", "9" * 15, "9" * 16])
def test_what_is_no_number_of_seconds_since_1970_is_refused(text: str) -> None:
    with pytest.raises(UnreadableTime) as refused:
        instant(text, date_format="unix")
    assert refused.value.code is ImportFault.UNREADABLE_TIME
