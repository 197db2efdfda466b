"""When a delivery is tried again, and how long a receiver is left alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.events.types import EventKind
from feedback_core.webhooks.calc import (
    ATTEMPTS,
    FILTERS,
    LONGEST_REST,
    LONGEST_RETRY_AFTER,
    PAUSES,
    failures_after,
    lets_through,
    next_attempt,
    outcome_of,
    rest_after,
    retry_after_seconds,
    snippet_of,
)
from feedback_core.webhooks.types import AttemptOutcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_ten_attempts_over_three_days_as_the_standard_says() -> None:
    assert ATTEMPTS == 10
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.uuids(), st.integers(1, 9))
def test_each_pause_is_within_a_tenth_of_the_standards_and_always_the_same(event: UUID, step: int) -> None:
    found = next_attempt(event, step, NOW, retry_after=None)

    assert found is not None
    assert 0.9 <= (found - NOW) / PAUSES[step - 1] <= 1.1
    assert found == next_attempt(event, step, NOW, retry_after=None)


def test_after_the_tenth_attempt_there_is_none() -> None:
    assert next_attempt(uuid4(), 10, NOW, retry_after=5) is None


@given(st.uuids(), st.integers(1, 9), st.floats(0, 1e9))
def test_a_receiver_gets_the_time_that_it_asks_for_up_to_a_day(event: UUID, step: int, seconds: float) -> None:
    asked = next_attempt(event, step, NOW, retry_after=seconds)
    unasked = next_attempt(event, step, NOW, retry_after=None)

    assert asked is not None
    assert unasked is not None
    assert asked >= max(unasked, NOW + min(timedelta(seconds=seconds), LONGEST_RETRY_AFTER))
    assert asked <= max(unasked, NOW + LONGEST_RETRY_AFTER)


@given(st.uuids(), st.integers(0, 1_000))
def test_a_rest_is_none_for_one_mishap_and_never_longer_than_a_quarter_of_an_hour(webhook: UUID, failures: int) -> None:
    rest = rest_after(webhook, failures, retry_after=None)

    assert (rest == timedelta()) == (failures < 3)
    assert rest <= LONGEST_REST * 1.1


def test_who_does_not_answer_is_left_alone_at_once() -> None:
    assert rest_after(uuid4(), failures_after(0, AttemptOutcome.TIMED_OUT), retry_after=None) > timedelta()
    assert rest_after(uuid4(), failures_after(0, AttemptOutcome.SERVER_ERROR), retry_after=None) == timedelta()
    assert failures_after(7, AttemptOutcome.DELIVERED) == 0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (301, "redirected"),
        (307, "redirected"),
        (400, "refused"),
        (404, "refused"),
        (408, "busy"),
        (410, "gone"),
        (429, "busy"),
        (500, "server_error"),
        (503, "server_error"),
    ],
)
def test_what_a_status_means(status: int, outcome: str) -> None:
    assert outcome_of(status) == outcome


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("-3", None),
        ("soon", None),
        ("9" * 400, None),
        (None, None),
    ],
)
def test_what_retry_after_asks_for(said: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(said, NOW) == seconds


@given(st.binary(max_size=5_000))
def test_a_snippet_can_always_be_kept(body: bytes) -> None:
    said = snippet_of(body)

    assert said is None or (0 < len(said) <= 1_000 and "\x00" not in said)


def test_a_filter_lets_through_what_it_names() -> None:
    assert lets_through((), EventKind.CASE_OPENED)
    assert lets_through(("case.*",), EventKind.CASE_OPENED)
    assert lets_through(("case.opened",), EventKind.CASE_OPENED)
    assert not lets_through(("case.closed", "action.*"), EventKind.CASE_OPENED)
    assert not lets_through((), EventKind.WEBHOOK_TEST)
    assert "case.*" in FILTERS
    assert "webhook.test" not in FILTERS
