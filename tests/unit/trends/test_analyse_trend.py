"""The whole analysis: which methods it chooses, what it claims in words, and what it refuses."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import Wording, analyse_trend
from feedback_core.trends.types import Component, PeriodValue, ReasonCode, Shape, TrendMethod
from tests.unit.trends.builders import all_finite, analyse, month, monthly, noise

INDEX = np.arange(36)
SEASON = 1.5 * np.sin(INDEX * np.pi / 6)
FALL = 4.1 + noise(36, seed=3, sd=0.2) - np.where(INDEX >= 26, 0.8, 0.0)
DRIFT = 4.0 + noise(36, seed=6, sd=0.2) + 0.04 * INDEX
CALM = 4.0 + noise(36, seed=4, sd=0.2)


def test_a_fall_of_level_is_dated_sized_and_judged() -> None:
    found = analyse(monthly(FALL.tolist()))

    assert (found.shape, found.improvement) == (Shape.STEP, False)
    assert found.change is not None
    assert found.change.earliest <= month(26) <= found.change.latest
    assert found.sentence == (
        "Waiting time fell by 0.67 points at about 2025-03 (95% interval 0.52 to 0.83; the change lies between 2025-01 "
        "and 2025-04), from 4.04 to 3.37, a deterioration; before that no trend could be shown."
    )


def test_a_steady_rise_is_gradual_and_has_a_rate_per_year() -> None:
    found = analyse(monthly(DRIFT.tolist()))

    assert (found.shape, found.improvement) == (Shape.GRADUAL, True)
    assert found.slope is not None
    assert found.slope.per_year_interval is not None
    assert found.slope.per_year == pytest.approx(12 * found.slope.per_period)
    assert found.slope.per_year_interval.low < 0.48 < found.slope.per_year_interval.high
    assert found.sentence.startswith("Waiting time rose gradually by about 0.4")
    assert found.sentence.endswith("from 2023-01 to 2025-12, an improvement.")


def test_noise_is_called_no_trend_with_what_it_leaves_open() -> None:
    found = analyse(monthly(CALM.tolist()))

    assert (found.shape, found.improvement) == (Shape.NONE, None)
    assert "showed no trend or change that can be told from chance" in found.sentence
    assert "a course between a fall of" in found.sentence


def test_two_tests_are_held_together() -> None:
    """Of 200 series without a trend, at most 5% may be said to move, not 5% per test."""
    claims = sum(analyse(monthly(noise(24, seed=seed).tolist())).shape is not Shape.NONE for seed in range(100, 300))
    assert claims <= 10


def test_a_season_is_found_removed_and_not_taken_for_a_trend() -> None:
    found = analyse(monthly((CALM + SEASON).tolist()), period=12)

    assert found.seasonality is not None
    assert found.seasonality.p_value < 1e-6
    assert found.seasonality.effects == pytest.approx(SEASON[:12].tolist(), abs=0.4)
    assert found.seasonality.decomposition is not None
    assert found.seasonality.decomposition.strength_seasonal > 0.9
    assert found.season_adjusted
    assert found.test is not None
    assert found.test.method is TrendMethod.SEASONAL
    assert (found.shape, found.change_points) == (Shape.NONE, ())
    assert found.xmr is not None
    assert found.xmr.signals == ()
    assert "the seasonal pattern allowed for" in found.sentence


def test_a_fall_within_a_season_is_found_all_the_same() -> None:
    found = analyse(monthly((FALL + SEASON).tolist()), period=12)

    assert found.shape is Shape.STEP
    assert found.change is not None
    assert found.change.earliest <= month(26) <= found.change.latest
    assert found.change.fit.difference.value == pytest.approx(-0.8, abs=0.25)


def test_neighbours_that_move_together_widen_test_and_interval() -> None:
    wandering = monthly(noise(36, seed=5, rho=0.7).tolist())

    found = analyse(wandering)

    assert found.autocorrelated
    assert found.test is not None
    assert found.test.method is TrendMethod.HAMED_RAO
    assert found.test.variance_factor > 1.0
    assert any("move together" in warning for warning in found.warnings)


def test_ten_cycles_bear_the_test_for_dependent_seasons() -> None:
    days = [
        PeriodValue(date(2024, 1, 1) + timedelta(days=i), float(v)) for i, v in enumerate(noise(84, seed=5, rho=0.8))
    ]

    found = analyse(days, period=7)

    assert found.test is not None
    assert found.test.method is TrendMethod.SEASONAL_DEPENDENT
    assert found.step.noun == "days"


def test_fewer_than_two_cycles_bear_no_season_and_say_so() -> None:
    found = analyse(monthly(FALL[12:35].tolist()), period=12)

    assert found.seasonality is None
    assert _reason(found.not_estimated, Component.SEASONALITY) is ReasonCode.TOO_FEW_PERIODS
    assert any("less than two whole cycles" in warning for warning in found.warnings)


def test_an_incomplete_last_month_is_left_out() -> None:
    series = monthly(CALM.tolist())
    running = PeriodValue(month(36), 99.0, None, 3, complete=False)

    found = analyse([*series, running])

    assert (found.last, found.n_values, found.left_out) == (month(35), 36, (month(36),))
    assert found.shape is Shape.NONE
    assert "Left out as incomplete: 2026-01." in found.warnings


def test_gaps_stay_gaps_listed_or_not() -> None:
    values: list[float | None] = CALM.tolist()
    values[7] = values[20] = None
    listed = analyse(monthly(values), period=12)
    unlisted = analyse([period for period in monthly(values) if period.value is not None], period=12)

    assert listed == unlisted
    assert listed.missing == (month(7), month(20))
    assert (listed.n_periods, listed.n_values) == (36, 34)
    assert listed.seasonality is not None
    assert listed.seasonality.decomposition is None
    assert _reason(listed.not_estimated, Component.DECOMPOSITION) is ReasonCode.GAPS
    assert listed.xmr is not None
    assert [point.index for point in listed.xmr.points] == [i for i in range(36) if i not in {7, 20}]


def test_the_order_of_the_input_does_not_matter() -> None:
    series = monthly(FALL.tolist())
    assert analyse(series[::-1]) == analyse(series)


def test_sampling_errors_weigh_the_slope_and_may_explain_everything() -> None:
    vague = analyse(monthly(CALM.tolist(), error=0.5, n=40))
    sharp = analyse(monthly(DRIFT.tolist(), error=0.02, n=4000))

    assert vague.sampling_noise is not None
    assert vague.sampling_noise.p_value > 0.9
    assert any("sampling errors" in warning for warning in vague.warnings)
    assert sharp.sampling_noise is not None
    assert sharp.sampling_noise.p_value < 1e-6
    assert sharp.weighted_slope is not None
    assert sharp.weighted_slope.value == pytest.approx(0.04, abs=0.01)
    assert (sharp.answers, sharp.weighted_slope.n) == (36 * 4000, 36 * 4000)


def test_precise_periods_count_more_in_the_weighted_slope() -> None:
    series = [PeriodValue(month(i), float(i) if i < 6 else 50.0, 0.01 if i < 6 else 1e4, 10) for i in range(12)]
    found = analyse(series)
    assert found.weighted_slope is not None
    assert found.weighted_slope.value == pytest.approx(1.0, abs=1e-3)


def test_a_standard_error_of_zero_or_unknown_weighs_nothing() -> None:
    unknown = analyse([*monthly(CALM[:-1].tolist(), error=0.2), PeriodValue(month(35), 4.0)])
    zero = analyse(monthly(CALM.tolist(), error=0.0))

    assert unknown.weighted_slope is zero.weighted_slope is None
    assert _reason(unknown.not_estimated, Component.WEIGHTED_SLOPE) is ReasonCode.UNKNOWN_STANDARD_ERRORS
    assert _reason(zero.not_estimated, Component.SAMPLING_NOISE) is ReasonCode.NOT_ESTIMABLE


def test_six_months_without_ties_bear_an_exact_test_only() -> None:
    found = analyse(monthly([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))

    assert found.test is not None
    assert found.test.method is TrendMethod.EXACT
    assert found.shape is Shape.UNCLEAR
    assert found.sentence.endswith("the data do not tell whether gradually or at once.")
    assert (found.xmr, found.change) == (None, None)
    assert _reason(found.not_estimated, Component.XMR) is ReasonCode.TOO_FEW_PERIODS


def test_six_months_with_ties_bear_no_test() -> None:
    found = analyse(monthly([1.0, 1.0, 3.0, 4.0, 5.0, 6.0]))
    assert (found.test, found.shape) == (None, Shape.NOT_ESTIMATED)
    assert "6 periods with a value, too few" in found.sentence


@pytest.mark.parametrize("n", [5, 12, 24, 60])
def test_a_constant_series_has_no_trend_to_test(n: int) -> None:
    found = analyse(monthly([4.2] * n, error=0.1), period=12)

    assert (found.test, found.slope, found.xmr, found.change) == (None, None, None, None)
    assert found.shape is Shape.NOT_ESTIMATED
    assert all_finite(found)
    if n >= 12:
        assert found.sentence == f"Waiting time was 4.20 in each of the {n} months with a value."


def test_one_period_says_that_it_is_one() -> None:
    found = analyse(monthly([4.2]))
    assert "has 1 period with a value, too few" in found.sentence
    assert {reason.component for reason in found.not_estimated} >= {Component.TEST, Component.SLOPE, Component.CHANGE}


@pytest.mark.parametrize("series", [[], monthly([None] * 12), [PeriodValue(month(0), 4.0, complete=False)]])
def test_nothing_to_look_at_is_refused(series: list[PeriodValue]) -> None:
    with pytest.raises(NotEstimable):
        analyse(series)


def test_one_period_twice_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="two entries"):
        analyse([PeriodValue(month(0), 4.0), PeriodValue(month(0), 5.0)])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e101])
def test_a_value_that_is_no_figure_is_refused_at_the_door(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        PeriodValue(month(0), value)


def test_the_target_reaches_the_chart() -> None:
    found = analyse(monthly(CALM.tolist()), target=9.0)
    assert found.xmr is not None
    assert found.xmr.assurance is not None
    assert found.xmr.assurance.value == "consistent_fail"


def test_lower_is_better_turns_the_judgement() -> None:
    found = analyse_trend(
        monthly(FALL.tolist()), period=None, direction="lower_is_better", target=None, rng=np.random.default_rng(7)
    )
    assert found.improvement is True
    assert found.sentence.startswith("The figure fell by")


def _reason(reasons: tuple[object, ...], component: Component) -> ReasonCode | None:
    from feedback_core.trends.types import Reason

    return next((r.code for r in reasons if isinstance(r, Reason) and r.component is component), None)


figures = st.one_of(st.floats(-1e12, 1e12), st.integers(-3, 3).map(float), st.floats(-1, 1), st.just(1e100))
periods = st.builds(
    lambda value, error, complete: (value, error, complete),
    figures | st.none(),
    st.floats(0, 1e6) | st.none(),
    st.integers(0, 9).map(bool),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(periods, max_size=45), st.sampled_from([None, 4, 12]), st.sampled_from([1, 7, 30]))
def test_any_finite_series_gives_finite_figures_or_is_refused(
    rows: list[tuple[float | None, float | None, bool]], period: int | None, days: int
) -> None:
    series = [
        PeriodValue(date(2020, 1, 6) + timedelta(days=days * i), value, error, 5, complete)
        for i, (value, error, complete) in enumerate(rows)
    ]
    try:
        found = analyse(series, period=period)
    except NotEstimable:
        return
    assert all_finite(found)
    assert "nan" not in found.sentence.lower()


def test_a_share_is_told_in_percent_and_its_change_in_percentage_points() -> None:
    wording = Wording("CSAT of wait", "", is_share=True)

    assert wording.level(0.372, 3) == "37.2%"
    assert wording.amount(0.368, 3) == "36.8 percentage points"
    assert wording.number(0.05, 2) == "5"
    assert (Wording("NPS").level(41.6, 1), Wording("NPS").amount(3.0, 1)) == ("41.6", "3.0 points")
