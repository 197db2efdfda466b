"""An analysis told more: known changes, counts behind shares, a forecast, irregular waves."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from feedback_core.trends.calc import TrendOptions, analyse_trend, xmr_chart
from feedback_core.trends.types import (
    Component,
    CountChartKind,
    ForecastMethod,
    PeriodValue,
    ReasonCode,
    TrendMethod,
    TrendResult,
)
from tests.unit.trends.builders import all_finite, month, monthly, noise

CALM = 4.0 + noise(36, seed=4, sd=0.2)
STEP = CALM - np.where(np.arange(36) >= 18, 1.0, 0.0)
SEASON = np.tile([0.0, 1.0, 2.0, 1.0, 0.0, -1.0, -2.0, -1.0, 0.0, 1.0, 0.0, -1.0], 3)


def _analyse(
    series: Sequence[PeriodValue], options: TrendOptions | None = None, *, period: int | None = None
) -> TrendResult:
    rng = np.random.default_rng(1)
    return analyse_trend(series, period=period, direction="higher_is_better", target=None, rng=rng, options=options)


def _shares(n: int, *, size: int, seed: int = 1, count: int = 30) -> list[PeriodValue]:
    drawn = np.random.default_rng(seed).binomial(size, 0.3, count)
    return [PeriodValue(month(i), int(k) / size, 0.01, size, count=int(k)) for i, k in enumerate(drawn[:n])]


def _reasons(found: TrendResult, component: Component) -> list[tuple[ReasonCode, str]]:
    return [(reason.code, reason.detail) for reason in found.not_estimated if reason.component is component]


def test_nothing_is_rebased_forecast_or_counted_unasked() -> None:
    found = _analyse(monthly(STEP.tolist()))
    assert (found.xmr_parts, found.count_chart, found.forecast) == ((), None, None)
    unasked = {Component.XMR, Component.COUNT_CHART, Component.FORECAST}
    assert [reason for reason in found.not_estimated if reason.component in unasked] == []


def test_a_known_change_gives_each_part_its_limits() -> None:
    whole, parted = (
        _analyse(monthly(STEP.tolist())),
        _analyse(monthly(STEP.tolist()), TrendOptions(rebase=(date(2024, 6, 20), date(2010, 1, 1), date(2040, 1, 1)))),
    )

    assert whole.xmr is not None
    assert whole.xmr.signals != ()
    assert [part.first_period for part in parted.xmr_parts] == [month(0), month(18)]
    assert parted.xmr == parted.xmr_parts[1].chart
    assert parted.xmr.mean == pytest.approx(float(STEP[18:].mean()))
    assert parted.xmr_parts[0].chart == xmr_chart(STEP[:18], direction="higher_is_better")
    assert (whole.xmr_settled, parted.xmr_settled) == (True, False)
    assert parted.test == whole.test


def test_a_part_too_short_for_limits_has_no_chart_and_says_so() -> None:
    found = _analyse(monthly(STEP.tolist()), TrendOptions(rebase=(month(30),)))
    assert (found.xmr, found.xmr_parts) == (None, ())
    assert _reasons(found, Component.XMR) == [
        (ReasonCode.NOT_ESTIMABLE, "Each part of a rebased control chart needs at least 12 values; there are 6.")
    ]


def test_a_share_is_charted_by_its_counts() -> None:
    found = _analyse(_shares(30, size=80))

    assert found.count_chart is not None
    assert found.count_chart.kind is CountChartKind.P
    assert len(found.count_chart.points) == 30
    assert all_finite(found)
    large = _analyse(_shares(30, size=5000)).count_chart
    assert large is not None
    assert large.kind is CountChartKind.P_PRIME


def test_counts_since_a_known_change_are_charted_with_their_positions() -> None:
    chart = _analyse(_shares(30, size=80), TrendOptions(rebase=(month(15),))).count_chart
    assert chart is not None
    assert [point.index for point in chart.points] == list(range(15, 30))


def test_few_periods_and_seasons_have_no_chart_of_counts_and_say_so() -> None:
    few = _analyse(_shares(8, size=80))
    assert few.count_chart is None
    assert _reasons(few, Component.COUNT_CHART)[0][0] is ReasonCode.TOO_FEW_PERIODS
    swing = [
        PeriodValue(month(i), int(500 + 100 * s) / 1000, 0.01, 1000, count=int(500 + 100 * s))
        for i, s in enumerate(SEASON + noise(36, seed=1, sd=0.1))
    ]
    seasonal = _analyse(swing, period=12)
    assert seasonal.season_adjusted
    assert seasonal.count_chart is None
    assert "season" in _reasons(seasonal, Component.COUNT_CHART)[0][1]


def test_the_next_months_have_a_band_cut_to_the_scale() -> None:
    found = _analyse(_shares(30, size=80), TrendOptions(horizon=3, bounds=(0.0, 1.0)))

    assert found.forecast is not None
    assert [period.starts_on for period in found.forecast.periods] == [month(30), month(31), month(32)]
    for period in found.forecast.periods:
        assert 0 <= period.low < period.value < period.high <= 1
    assert found.forecast.method is ForecastMethod.LOCAL_LEVEL


def test_a_season_is_carried_into_the_forecast() -> None:
    series = 10 + SEASON + noise(36, seed=1, sd=0.2)
    found = _analyse(monthly(series.tolist()), TrendOptions(horizon=2), period=12)
    assert found.forecast is not None
    assert found.forecast.method is ForecastMethod.LOCAL_LEVEL_SEASONAL
    assert found.forecast.periods[1].value == pytest.approx(11, abs=0.6)


def test_too_little_to_forecast_from_is_said() -> None:
    found = _analyse(monthly(CALM[:10].tolist()), TrendOptions(horizon=3))
    assert found.forecast is None
    assert "needs at least 12 values" in _reasons(found, Component.FORECAST)[0][1]
    still = _analyse(monthly([3.0] * 14), TrendOptions(horizon=3))
    assert still.forecast is None


def test_irregular_waves_are_waves_not_months() -> None:
    gaps = np.random.default_rng(2).integers(20, 200, 16)
    days = [date(2018, 1, 5) + timedelta(days=int(day)) for day in np.cumsum(gaps)]
    values = 4 + 0.15 * np.arange(16) + noise(16, seed=3, sd=0.1)
    series = [PeriodValue(day, float(value), None, 50) for day, value in zip(days, values, strict=True)]

    found = _analyse(series, TrendOptions(waves=True, horizon=2), period=12)

    assert (found.n_periods, found.missing) == (16, ())
    assert found.test is not None
    assert found.test.method in {TrendMethod.NORMAL, TrendMethod.HAMED_RAO}
    assert found.slope is not None
    assert found.slope.per_period == pytest.approx(0.15, abs=0.03)
    assert found.xmr is not None
    assert found.forecast is not None
    assert [period.starts_on for period in found.forecast.periods] == [None, None]
    assert found.seasonality is None
    assert found.step.noun == "waves"
    # As days of a calendar the same waves are mostly gaps, and no chart is possible.
    assert _analyse(series).xmr is None


def test_more_than_two_years_of_days_are_taken_apart_into_week_and_year() -> None:
    days = np.arange(120)
    values = 10 + np.tile([0.0, 1.0, 2.0, 1.0, 0.0, -2.0, -2.0], 18)[:120] + 2 * np.sin(2 * np.pi * days / 56)
    series = [
        PeriodValue(date(2024, 1, 1) + timedelta(days=i), float(value))
        for i, value in enumerate(values + noise(120, seed=1, sd=0.1))
    ]
    # A "year" of 56 days keeps the test short.
    options = TrendOptions(long_period=56)

    found = _analyse(series, options, period=7)

    assert found.several_seasons is not None
    assert found.several_seasons.periods == (7, 56)
    assert _analyse(series[:112], options, period=7).several_seasons is None
    gappy = _analyse(series[:50] + series[51:], options, period=7)
    assert gappy.several_seasons is None
    assert ReasonCode.GAPS in {code for code, _ in _reasons(gappy, Component.DECOMPOSITION)}
