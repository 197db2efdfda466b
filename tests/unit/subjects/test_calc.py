"""Groups too small to stay apart, nights, and how long something is kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.subjects.calc import generalise, kept_since, next_night
from feedback_core.subjects.types import Comments, Retention, RetentionAction

_KNOWN = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")).map(lambda found: frozenset(found.items()))
_GROUPS = st.dictionaries(_KNOWN, st.integers(1, 12), max_size=20)


def sizes(groups: dict[frozenset[tuple[str, str]], int], minimum: int) -> Counter[frozenset[tuple[str, str]]]:
    becomes = generalise(groups, minimum)
    found: Counter[frozenset[tuple[str, str]]] = Counter()
    for known, n in groups.items():
        found[becomes.get(known, known)] += n
    return found


@given(_GROUPS, st.integers(2, 10))
def test_no_group_is_smaller_than_the_minimum_and_nothing_is_invented(
    groups: dict[frozenset[tuple[str, str]], int], minimum: int
) -> None:
    becomes = generalise(groups, minimum)
    left = sizes(groups, minimum)

    assert all(now < known for known, now in becomes.items())
    assert sum(left.values()) == sum(groups.values())
    assert all(n >= minimum for n in left.values()) or set(left) == {frozenset()}


@given(_GROUPS, st.integers(2, 10))
def test_what_is_general_enough_stays_as_it_is(groups: dict[frozenset[tuple[str, str]], int], minimum: int) -> None:
    assert generalise(dict(sizes(groups, minimum)), minimum) == {}


def test_no_more_is_left_out_than_is_needed() -> None:
    north, old = ("region", "north"), ("age", "old")
    groups = {frozenset({north}): 5, frozenset({north, old}): 2, frozenset({("region", "south"), old}): 6}

    assert generalise(groups, 5) == {frozenset({north, old}): frozenset({north})}


@given(st.integers(0, 10 * 365 * 24 * 60), st.sampled_from(["UTC", "Europe/London", "Asia/Tokyo"]))
def test_a_night_comes_within_a_day_and_at_two(minutes: int, zone: str) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    night = next_night(zone, after=moment)

    assert timedelta() < night - moment <= timedelta(hours=25)
    # Where clocks skip that hour, an hour later.
    assert night.astimezone(ZoneInfo(zone)).hour in {2, 3}
    assert night.tzinfo is UTC


@pytest.mark.parametrize(
    ("days", "until", "since"),
    [
        (30, None, datetime(2026, 1, 30, tzinfo=UTC)),
        (None, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (None, datetime(2026, 3, 2, tzinfo=UTC), None),
    ],
)
def test_what_is_kept_ends_with_its_days_or_at_its_end(
    days: int | None, until: datetime | None, since: datetime | None
) -> None:
    retention = Retention(RetentionAction.ERASE, Comments.KEEP, days, until)

    assert kept_since(retention, datetime(2026, 3, 1, tzinfo=UTC)) == since
