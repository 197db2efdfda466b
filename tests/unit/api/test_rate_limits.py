"""Quotas as token buckets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_api.rate_limits import Quota, RateLimits, TooManyRequests, headers_of
from feedback_core.kit.clock import FixedClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREE = Quota("key", 3)
ME, SOMEBODY_ELSE = b"me", b"somebody else"


def test_a_quota_can_be_used_at_once_and_then_comes_back_bit_by_bit() -> None:
    clock = FixedClock(NOON)
    limits = RateLimits(clock)

    left = [limits.take([(THREE, ME)])[0].remaining for _ in range(3)]
    with pytest.raises(TooManyRequests) as refused:
        limits.take([(THREE, ME)])
    clock.instant += timedelta(seconds=refused.value.retry_after)
    (after,) = limits.take([(THREE, ME)])

    assert left == [2, 1, 0]
    assert refused.value.retry_after == 20
    assert (after.remaining, after.full_in) == (0, 60)


def test_a_refused_request_uses_up_nothing() -> None:
    limits = RateLimits(FixedClock(NOON))
    many = Quota("organisation", 10)

    for _ in range(3):
        limits.take([(THREE, ME), (many, ME)])
    for _ in range(20):
        with pytest.raises(TooManyRequests) as refused:
            limits.take([(THREE, ME), (many, ME)])

    assert [standing.remaining for standing in refused.value.standings] == [0, 7]
    assert "The key made more than 3 requests" in refused.value.detail


def test_nobody_uses_up_what_is_anothers() -> None:
    limits = RateLimits(FixedClock(NOON))

    for _ in range(3):
        limits.take([(THREE, ME)])

    assert limits.take([(THREE, SOMEBODY_ELSE)])[0].remaining == 2
    assert limits.take([(Quota("source", 3), ME)])[0].remaining == 2


def test_processes_share_a_quota() -> None:
    limits = RateLimits(FixedClock(NOON), processes=2)

    assert limits.take([(Quota("key", 10), ME)])[0].remaining == 4


def test_no_quota_is_no_limit() -> None:
    limits = RateLimits(FixedClock(NOON))

    assert limits.take([(Quota("key", 0), ME)]) == ()
    assert headers_of(()) == []


def test_a_clock_that_is_set_back_gives_nothing_and_takes_nothing() -> None:
    clock = FixedClock(NOON)
    limits = RateLimits(clock)
    limits.take([(THREE, ME)])
    clock.instant -= timedelta(hours=1)

    assert limits.take([(THREE, ME)])[0].remaining == 1


def test_the_buckets_used_longest_ago_are_forgotten() -> None:
    limits = RateLimits(FixedClock(NOON), size=2)

    for holder in (b"1", b"2", b"3"):
        limits.take([(THREE, holder)])

    assert limits.take([(THREE, b"3")])[0].remaining == 1
    assert limits.take([(THREE, b"1")])[0].remaining == 2


def test_headers_as_the_draft_writes_them() -> None:
    standings = RateLimits(FixedClock(NOON)).take([(Quota("key", 600), ME), (Quota("organisation", 60), ME)])

    assert headers_of(standings) == [
        (b"ratelimit-policy", b'"key";q=600;w=60, "organisation";q=60;w=60'),
        (b"ratelimit", b'"key";r=599;t=1, "organisation";r=59;t=1'),
    ]


@given(st.integers(1, 50), st.lists(st.floats(0, 30), max_size=200))
def test_never_more_than_the_quota_and_what_came_back(requests: int, pauses: list[float]) -> None:
    clock = FixedClock(NOON)
    limits, let_through = RateLimits(clock), 0
    for pause in pauses:
        clock.instant += timedelta(seconds=pause)
        try:
            limits.take([(Quota("key", requests), ME)])
            let_through += 1
        except TooManyRequests:
            pass

    assert let_through <= requests + sum(pauses) * requests / 60 + 1e-3
