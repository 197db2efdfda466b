"""Control limits and silences: laws, exact probabilities, and pauses that chance made."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, f, poisson

from feedback_core.fieldwork.calc.pace import binomial_limits, even_shares, fewest, pace, target_by_now
from feedback_core.fieldwork.calc.silences import longest_pause, silence_of
from feedback_core.fieldwork.types.live import Ended, Lagged
from feedback_core.fieldwork.types.outlook import Arrivals

SHARES = st.floats(0, 1)
ALARMS = st.floats(1e-5, 0.2)


@given(st.integers(1, 5_000), SHARES, ALARMS)
def test_outside_the_limits_lie_no_more_than_the_false_alarms(n: int, share: float, alarm: float) -> None:
    low, high = binomial_limits(n, share, false_alarm=alarm)

    assert 0 <= low <= high <= n
    assert binom.cdf(low - 1, n, share) <= alarm / 2 + 1e-9
    assert binom.sf(high, n, share) <= alarm / 2 + 1e-9
    assert binom.cdf(low, n, share) > alarm / 2 - 1e-9, "one more would be too many"


@given(st.integers(1, 5_000), SHARES, SHARES, ALARMS, ALARMS)
def test_limits_rise_with_the_share_and_widen_with_fewer_alarms(
    n: int, one: float, other: float, rare: float, often: float
) -> None:
    low, high = binomial_limits(n, min(one, other), false_alarm=max(rare, often))
    above, beyond = binomial_limits(n, max(one, other), false_alarm=max(rare, often))
    wide = binomial_limits(n, min(one, other), false_alarm=min(rare, often))

    assert low <= above
    assert high <= beyond
    assert wide[0] <= low
    assert high <= wide[1]


@given(st.integers(10, 3_000), st.floats(0.05, 0.95), st.integers(10, 3_000))
def test_limits_are_wider_where_the_curve_was_measured_on_few(n: int, share: float, reference: int) -> None:
    fixed = binomial_limits(n, share)
    measured = binomial_limits(n, share, reference=reference)

    step = n / max(1, round(n / (1 + n / reference)))
    assert measured[0] <= fixed[0] + step
    assert measured[1] >= fixed[1] - step


@given(st.floats(0, 2_000), st.integers(1, 3_000), ALARMS)
def test_fewer_than_the_fewest_come_by_chance_no_more_often_than_said(
    expected: float, target: int, alarm: float
) -> None:
    found = fewest(expected, target, alarm)

    assert 0 <= found <= target
    assert poisson.cdf(found - 1, expected) <= alarm + 1e-9


def test_a_collection_as_planned_is_within_its_limits_and_one_that_lags_is_not() -> None:
    shares = even_shares(0.2, 20)

    def at(done: int) -> tuple[int, float, int, int]:
        rows = [
            Lagged(None, None, 10, Ended.COMPLETED, 3, done),
            Lagged(None, None, 10, Ended.OPEN, 10, 1_000 - done),
            Lagged(None, None, 0, Ended.OPEN, 0, 500),
        ]
        found = pace(rows, shares, curve="plan")
        assert found is not None
        return found.completed, found.expected, found.low, found.n

    assert at(100)[0] == 100
    assert at(100)[1] == pytest.approx(100)
    assert (at(100)[2], at(100)[3]) == (int(binom.ppf(0.00135, 1_000, 0.1)), 1_000)
    assert at(60)[0] < at(60)[2]
    assert pace([Lagged(None, None, 0, Ended.OPEN, 0, 9)], shares, curve="plan") is None


def test_a_target_has_no_limit_before_its_first_day_is_over() -> None:
    first, last = date(2026, 3, 2), date(2026, 3, 11)

    def by(today: date) -> tuple[float | None, int | None]:
        found = target_by_now("all", "All", target=100, completed=9, starts_on=first, ends_on=last, today=today)
        return found.expected, found.low

    assert by(first) == (None, None)
    assert by(date(2026, 3, 7)) == (50, int(poisson.ppf(0.0027, 50)))
    assert by(date(2027, 1, 1))[0] == 100


@given(st.integers(5, 50), st.floats(1, 1e6), ALARMS)
def test_the_longest_pause_is_a_quantile_of_f_and_grows_with_fewer_alarms(gaps: int, span: float, alarm: float) -> None:
    longest = longest_pause(gaps, span, alarm)

    assert longest == pytest.approx(span / gaps * f.isf(alarm, 2, 2 * gaps), rel=1e-6)
    assert longest < longest_pause(gaps, span, alarm / 2)


def test_of_the_pauses_of_a_steady_source_the_share_said_is_taken_for_a_silence() -> None:
    rng = np.random.default_rng(7)
    pauses = rng.exponential(60.0, (20_000, 11))

    told = [row[-1] > longest_pause(10, float(row[:-1].sum()), 0.05) for row in pauses]

    assert np.mean(told) == pytest.approx(0.05, abs=0.006)


def test_a_source_is_silent_from_its_longest_pause_on_and_nothing_is_usual_of_few() -> None:
    last = datetime(2026, 3, 1, 12, tzinfo=UTC)
    came = Arrivals("kiosk", last, 20, 20 * 600.0, 21)

    early = silence_of(came, now=last + timedelta(minutes=30), false_alarm=0.001)
    late = silence_of(came, now=last + timedelta(hours=3), false_alarm=0.001)

    assert early is not None
    assert late is not None
    assert (early.is_silent, late.is_silent, early.usual) == (False, True, 600)
    assert late.p < 0.001 < early.p
    assert silence_of(Arrivals("kiosk", last, 4, 2_400, 5), now=last, false_alarm=0.01) is None
