"""The response curve and the forecast: laws over any collection, and what a simulated one comes to."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.fieldwork.calc.curves import response_curve, share_by
from feedback_core.fieldwork.calc.forecast import forecast
from feedback_core.fieldwork.types.live import Ended, Lagged
from feedback_core.kit.errors import NotEstimable

ROWS = st.lists(
    st.builds(
        lambda age, ended, lag, n: Lagged(None, None, age, ended, age if ended is Ended.OPEN else min(lag, age), n),
        age=st.integers(0, 40),
        ended=st.sampled_from(Ended),
        lag=st.integers(0, 40),
        n=st.integers(1, 200),
    ),
    min_size=1,
    max_size=30,
)


def completed(rows: list[Lagged]) -> int:
    return sum(row.n for row in rows if row.ended is Ended.COMPLETED)


@given(ROWS)
def test_the_share_completed_never_falls_and_never_exceeds_one(rows: list[Lagged]) -> None:
    curve = response_curve(rows)
    shares = share_by(curve)

    assert len(shares) == len(curve) + 1
    assert all(0 <= low <= high <= 1 for low, high in pairwise(shares))
    assert all(day.completed + day.ended <= day.at_risk for day in curve)


def test_without_anybody_open_the_curve_is_the_share_that_was_counted() -> None:
    rows = [
        Lagged(None, None, 9, Ended.COMPLETED, 0, 30),
        Lagged(None, None, 9, Ended.COMPLETED, 4, 20),
        Lagged(None, None, 9, Ended.OTHERWISE, 2, 40),
        Lagged(None, None, 9, Ended.OPEN, 9, 10),
    ]

    assert share_by(response_curve(rows)) == pytest.approx([0, 0.3, 0.3, 0.3, 0.3, 0.5, 0.5, 0.5, 0.5, 0.5])


def test_the_day_that_is_not_over_counts_for_nothing() -> None:
    rows = [Lagged(None, None, 2, Ended.COMPLETED, 2, 50), Lagged(None, None, 2, Ended.OPEN, 2, 50)]

    curve = response_curve(rows)

    assert [(day.at_risk, day.completed) for day in curve] == [(100, 0), (100, 0)]


@given(ROWS, st.integers(0, 500), st.none() | st.integers(0, 60), st.none() | st.floats(0, 1))
def test_a_forecast_is_never_below_what_is_there_nor_above_what_is_possible(
    rows: list[Lagged], waiting: int, days_left: int | None, rate: float | None
) -> None:
    try:
        found = forecast(
            rows,
            response_curve(rows),
            completed=completed(rows),
            waiting=waiting,
            days_left=days_left,
            planned_rate=rate,
        )
    except NotEstimable:
        assert rate is None
        return

    interval = found.final.interval
    assert interval is not None
    assert completed(rows) <= interval.low <= interval.high <= completed(rows) + found.outstanding
    assert interval.low - 1e-9 <= found.final.value <= interval.high + 1e-9
    if days_left == 0:
        assert found.final.value == completed(rows)


@given(ROWS, st.integers(0, 30))
def test_with_more_days_left_no_fewer_are_expected(rows: list[Lagged], days_left: int) -> None:
    curve = response_curve(rows)
    if sum(day.completed for day in curve) < 10:
        return

    def expected(days: int) -> float:
        return forecast(rows, curve, completed=0, waiting=50, days_left=days, planned_rate=None).final.value

    assert expected(days_left) <= expected(days_left + 1) + 1e-9


def test_the_interval_holds_the_final_number_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20260301)
    inside, times = 0, 400
    for _ in range(times):
        lags = np.where(rng.random(600) < 0.35, rng.geometric(0.3, 600) - 1, 10_000)
        age = np.repeat([12, 8, 4, 2], 150)
        done = lags < age
        rows = [
            Lagged(None, None, int(a), Ended.COMPLETED if d else Ended.OPEN, int(min(lag, a)), 1)
            for a, d, lag in zip(age, done, lags, strict=True)
        ]
        found = forecast(
            rows, response_curve(rows), completed=int(done.sum()), waiting=0, days_left=4, planned_rate=None
        )
        interval = found.final.interval
        assert interval is not None
        # The oldest go beyond what was observed: nothing is expected of them, and that is said.
        final = int((lags < np.minimum(age + 4, 12)).sum())
        inside += interval.low <= final <= interval.high

    assert 0.92 <= inside / times <= 1.0
    assert "more than 12 days" in found.final.warnings[0]


def test_without_enough_completes_it_is_the_plans_rate_or_nothing() -> None:
    rows = [Lagged(None, None, 3, Ended.COMPLETED, 1, 5), Lagged(None, None, 3, Ended.OPEN, 3, 95)]
    curve = response_curve(rows)

    found = forecast(rows, curve, completed=5, waiting=100, days_left=9, planned_rate=0.2)

    assert (found.method, found.outstanding) == ("plan", 195)
    assert found.final.value == pytest.approx(40)
    with pytest.raises(NotEstimable, match="no plan says"):
        forecast(rows, curve, completed=5, waiting=0, days_left=9, planned_rate=None)
    with pytest.raises(NotEstimable, match="Nobody was invited"):
        forecast([], (), completed=0, waiting=0, days_left=9, planned_rate=0.2)
