"""XmR charts: figures of NHSRplotthedots 0.2.2 (series of golden s21), each rule alone, gaps and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import rebased_xmr, xmr_chart
from feedback_core.trends.types import Assurance, SpecialCause, Variation, XmrChart
from tests.unit.trends.builders import all_finite

CONTACTS = [48, 46, 44, 44, 45, 42, 44, 42, 43, 49, 44, 47, 46, 45, 48, 43, 50, 45, 45, 39, 43, 36, 45, 44]
CSAT = [83.1, 82.7, 84.4, 80.2, 85.1, 82.6, 79.8, 80.7, 82.1, 82.0, 78.8, 83.1, 81.2, 82.2, 82.8, 84.1, 82.9, 83.6]
CSAT += [80.9, 86.8, 84.7, 86.3, 86.4, 84.7, 82.8, 84.5, 84.3, 87.1, 81.0, 81.0, 79.4, 81.4, 72.3, 83.3, 84.3, 82.1]
QUIET = [10.0, 11.0] * 6
values = st.floats(-1e4, 1e4).map(lambda value: round(value, 2))


def _causes(chart: XmrChart, start: int = 0) -> list[SpecialCause]:
    return [point.special_cause for point in chart.points[start:]]


def test_the_limits_are_those_of_making_data_count() -> None:
    chart = xmr_chart(CONTACTS, direction="neutral")

    limits = (chart.mean, chart.lower_limit, chart.upper_limit)
    assert limits == pytest.approx((44.4583333333333, 35.668768115942, 53.2478985507246), rel=1e-12)
    assert chart.signals == ()
    assert chart.assurance is None


def test_screening_leaves_wild_moving_ranges_out_of_the_limits() -> None:
    screened = xmr_chart(CSAT, direction="higher_is_better", target=85)
    whole = xmr_chart(CSAT, direction="higher_is_better", target=85, screen=False)

    assert (screened.lower_limit, whole.lower_limit) == pytest.approx((77.2541313131313, 76.0337555555556), rel=1e-12)
    assert (screened.screened_ranges, whole.screened_ranges) == (2, 0)
    assert _causes(screened)[19:28] != _causes(whole)[19:28] == [SpecialCause.RUN_ABOVE] * 9
    assert [point.index for point in screened.signals] == [*range(19, 28), 32]


def test_a_point_outside_the_limits_is_named_so_before_any_other_rule() -> None:
    chart = xmr_chart([*QUIET, 30.0], direction="higher_is_better")
    assert _causes(chart)[-1] is SpecialCause.ABOVE_UPPER_LIMIT
    assert chart.variation is Variation.IMPROVEMENT


def test_seven_falling_points_are_a_trend_and_a_turn_belongs_to_what_follows() -> None:
    falling = [20.0 - 0.1 * i for i in range(7)]
    chart = xmr_chart([*falling, *[falling[-1] + 0.1 * i for i in range(1, 7)]], direction="lower_is_better", factor=99)
    assert _causes(chart) == [SpecialCause.TREND_DOWN] * 6 + [SpecialCause.TREND_UP] * 7


def test_equal_neighbours_break_a_trend() -> None:
    chart = xmr_chart([1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0], direction="neutral", factor=99)
    assert set(_causes(chart)) == {SpecialCause.COMMON_CAUSE}


def test_two_in_three_need_all_three_on_one_side() -> None:
    base = [0.0, 1.0, 0.0, -1.0] * 6
    one_side = xmr_chart([*base, 2.6, 0.5, 2.6], direction="higher_is_better")
    crossing = xmr_chart([*base, 2.6, -0.5, 2.6], direction="higher_is_better")

    assert _causes(one_side)[-3:] == [
        SpecialCause.TWO_IN_THREE_ABOVE,
        SpecialCause.COMMON_CAUSE,
        SpecialCause.TWO_IN_THREE_ABOVE,
    ]
    assert set(_causes(crossing)[-3:]) == {SpecialCause.COMMON_CAUSE}


def test_a_gap_breaks_runs_trends_and_moving_ranges() -> None:
    run = [12.0, 12.2, 12.1, 12.3, 12.0, 12.2, 12.1]
    whole = xmr_chart([*[8.0, 8.2] * 4, *run], direction="higher_is_better", factor=99)
    broken = xmr_chart([*[8.0, 8.2] * 4, *run[:3], None, *run[3:]], direction="higher_is_better", factor=99)
    apart = xmr_chart([1.0, None, 9.0, 9.5], direction="neutral")

    assert SpecialCause.RUN_ABOVE in _causes(whole)
    assert set(_causes(broken)[8:]) == {SpecialCause.COMMON_CAUSE}
    assert apart.mean_moving_range == 0.5


@pytest.mark.parametrize(
    ("target", "assurance"),
    [(40.0, Assurance.CONSISTENT_FAIL), (10.5, Assurance.INCONSISTENT), (1.0, Assurance.CONSISTENT_PASS)],
)
def test_the_target_lies_beyond_between_or_within_reach(target: float, assurance: Assurance) -> None:
    mirror = {
        Assurance.CONSISTENT_FAIL: Assurance.CONSISTENT_PASS,
        Assurance.CONSISTENT_PASS: Assurance.CONSISTENT_FAIL,
        Assurance.INCONSISTENT: Assurance.INCONSISTENT,
    }
    assert xmr_chart(QUIET, direction="higher_is_better", target=target).assurance is assurance
    assert xmr_chart(QUIET, direction="lower_is_better", target=target).assurance is mirror[assurance]


def test_a_neutral_direction_judges_nothing() -> None:
    chart = xmr_chart([*QUIET, 30.0], direction="neutral", target=5.0)
    assert (chart.variation, chart.assurance) == (Variation.NEUTRAL_HIGH, None)


def test_no_two_neighbours_are_refused() -> None:
    for values in ([], [1.0], [1.0, None, 2.0, None, 3.0]):
        with pytest.raises(NotEstimable):
            xmr_chart(values, direction="neutral")


def test_a_constant_series_has_no_signals() -> None:
    chart = xmr_chart([0.1] * 30, direction="neutral")
    assert (chart.mean, chart.lower_limit, chart.upper_limit) == (0.1, 0.1, 0.1)
    assert chart.signals == ()


@given(st.lists(values, min_size=2, max_size=30), st.floats(-100, 100))
def test_the_limits_shift_with_the_series(values: list[float], shift: float) -> None:
    plain = xmr_chart(values, direction="neutral", screen=False)
    moved = xmr_chart([value + shift for value in values], direction="neutral", screen=False)

    assert moved.mean == pytest.approx(plain.mean + shift, abs=1e-6)
    assert moved.lower_limit == pytest.approx(plain.lower_limit + shift, abs=1e-6)
    assert moved.upper_limit == pytest.approx(plain.upper_limit + shift, abs=1e-6)


@given(st.lists(values | st.none(), min_size=2, max_size=40))
def test_every_figure_is_finite(values: list[float | None]) -> None:
    try:
        chart = xmr_chart(values, direction="higher_is_better", target=0.0)
    except NotEstimable:
        return
    assert all_finite(chart)
    assert chart.lower_limit <= chart.mean <= chart.upper_limit


def test_each_part_of_a_rebased_chart_has_its_own_limits_and_no_rule_looks_across() -> None:
    low, high = [10.0, 11.0, 9.0] * 5, [20.0, 21.0, 19.0] * 5

    first, second = rebased_xmr([*low, *high], [15], direction="higher_is_better")

    assert (first.mean, second.mean) == (10.0, 20.0)
    assert (first.signals, second.signals) == ((), ())
    assert [point.index for point in second.points] == list(range(15, 30))
    assert xmr_chart([*low, *high], direction="higher_is_better").signals != ()
    assert rebased_xmr(low, [], direction="neutral") == (xmr_chart(low, direction="neutral"),)


def test_a_rebase_keeps_gaps_and_refuses_short_parts() -> None:
    series = [None, *QUIET, None, *QUIET]
    charts = rebased_xmr(series, [14], direction="neutral")
    assert [chart.points[0].index for chart in charts] == [1, 14]
    with pytest.raises(
        NotEstimable, match="Each part of a rebased control chart needs at least 12 values; there are 5"
    ):
        rebased_xmr([*QUIET, 1.0, 2.0, 1.0, 2.0, 1.0], [12], direction="neutral")
    for starts in ([0], [5, 5], [9, 3], [24]):
        with pytest.raises(ValueError, match="rise"):
            rebased_xmr([*QUIET, *QUIET], starts, direction="neutral")
