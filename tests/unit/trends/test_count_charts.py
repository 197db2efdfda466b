"""Charts of counts: limits by hand, the choice of Laney's, runs, gaps, laws and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import ChartRules, anhoej_rules, p_chart, u_chart, violating_runs
from feedback_core.trends.types import Assurance, CountChartKind, Variation
from tests.unit.trends.builders import all_finite

SIZES = [50, 60, 40, 55, 45, 50, 52, 48]
COUNTS = [12, 15, 8, 14, 10, 11, 16, 9]
periods = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=30)


def test_limits_of_shares_follow_the_answers_of_each_period() -> None:
    chart = p_chart(COUNTS, SIZES)

    centre = sum(COUNTS) / sum(SIZES)
    assert chart.centre == pytest.approx(centre)
    for point, size in zip(chart.points, SIZES, strict=True):
        half = 3 * math.sqrt(centre * (1 - centre) / size)
        limits = (max(0.0, centre - half), centre + half)
        assert (point.lower_limit, point.upper_limit) == pytest.approx(limits)
    assert (chart.kind, chart.sigma_z, chart.warnings) == (CountChartKind.P, None, ())


def test_limits_of_rates_follow_the_exposure_and_are_not_cut_at_one() -> None:
    chart = u_chart([30, 45, 20], [10.0, 12.5, 8.0])

    centre = 95 / 30.5
    for point, size in zip(chart.points, (10.0, 12.5, 8.0), strict=True):
        half = 3 * math.sqrt(centre / size)
        assert (point.lower_limit, point.upper_limit) == pytest.approx((centre - half, centre + half))
    assert chart.kind is CountChartKind.U


@pytest.mark.parametrize(("share", "kind"), [(True, CountChartKind.P_PRIME), (False, CountChartKind.U_PRIME)])
def test_laneys_limits_are_stretched_by_the_moving_range_of_the_scores(share: bool, kind: CountChartKind) -> None:
    chart = (p_chart if share else u_chart)(COUNTS, SIZES, laney="always")

    centre = sum(COUNTS) / sum(SIZES)
    errors = np.sqrt((centre * (1 - centre) if share else centre) / np.array(SIZES))
    scores = (np.array(COUNTS) / np.array(SIZES) - centre) / errors
    assert chart.kind is kind
    assert chart.sigma_z == pytest.approx(np.abs(np.diff(scores)).mean() / 1.128)
    assert chart.points[0].upper_limit == pytest.approx(centre + 3 * errors[0] * chart.sigma_z)


def test_a_wild_moving_range_is_left_out_of_laneys_limits_unless_told_otherwise() -> None:
    counts = [100, 101, 99, 100, 102, 100, 300, 301, 300, 299, 301, 300]
    kept = p_chart(counts, [1000] * 12, laney="always", rules=ChartRules(screen=False))
    screened = p_chart(counts, [1000] * 12, laney="always")

    assert kept.sigma_z is not None
    assert screened.sigma_z is not None
    assert screened.sigma_z < kept.sigma_z / 5


def test_large_counts_get_laneys_limits_and_say_why() -> None:
    rng = np.random.default_rng(1)
    sizes = [5000] * 24
    counts = [float(rng.binomial(5000, share)) for share in 0.3 + rng.normal(0, 0.03, 24)]

    auto, plain = p_chart(counts, sizes), p_chart(counts, sizes, laney="never")

    assert auto.kind is CountChartKind.P_PRIME
    assert "median of 5000 answers" in auto.warnings[0]
    assert len(plain.beyond_limits) > 6
    assert len(auto.beyond_limits) <= 1


def test_a_share_that_left_its_limits_is_an_improvement_or_a_concern() -> None:
    counts, sizes = [*COUNTS, 40], [*SIZES, 50]

    up = p_chart(counts, sizes, direction="higher_is_better", target=0.9)
    down = p_chart(counts, sizes, direction="lower_is_better", target=0.9)

    assert (up.variation, up.assurance) == (Variation.IMPROVEMENT, Assurance.CONSISTENT_FAIL)
    assert (down.variation, down.assurance) == (Variation.CONCERN, Assurance.CONSISTENT_PASS)
    assert p_chart(counts, sizes).variation is Variation.NEUTRAL_HIGH
    assert up.beyond_limits == (8,)


def test_runs_count_from_their_seventh_or_eighth_point_and_end_on_the_centre() -> None:
    side = [1] * 9 + [0] + [1] * 6 + [-1] * 8
    assert np.flatnonzero(violating_runs(side)).tolist() == [6, 7, 8, 22, 23]
    assert np.flatnonzero(violating_runs(side, 8)).tolist() == [7, 8, 23]


def test_anhoejs_bounds_grow_with_the_points() -> None:
    calm = anhoej_rules([1, -1] * 10)
    assert calm is not None
    assert (calm.longest_run, calm.crossings, calm.longest_run_max, calm.crossings_min) == (1, 19, 7, 6)
    assert not calm.signal
    shifted = anhoej_rules([1] * 12 + [-1] * 12)
    assert shifted is not None
    assert (shifted.longest_run, shifted.crossings, shifted.longest_run_max, shifted.signal) == (12, 1, 8, True)
    single = anhoej_rules([0, 1, 0])
    assert single is not None
    assert (single.useful, single.crossings_min, single.signal) == (1, 0, False)
    assert anhoej_rules([0, 0]) is None


def test_a_gap_has_no_point_and_breaks_runs_and_moving_ranges() -> None:
    counts: list[float | None] = [10, 11, None, 30, 31, 10]
    sizes: list[float | None] = [100, 100, 100, 0, 100, 100]

    chart = p_chart(counts, sizes, laney="always")

    assert [point.index for point in chart.points] == [0, 1, 4, 5]
    centre = 62 / 400
    error = math.sqrt(centre * (1 - centre) / 100)
    assert chart.sigma_z == pytest.approx((0.01 + 0.21) / error / 2 / 1.128)
    steady = p_chart([60.0] * 4 + [None] + [60.0] * 4 + [10.0] * 8, [100.0] * 17)
    assert set(steady.violating_runs) == {15, 16}


def test_a_baseline_alone_makes_centre_and_limits() -> None:
    chart = p_chart([*COUNTS, 40, 41], [*SIZES, 50, 50], rules=ChartRules(baseline=8))
    assert chart.centre == pytest.approx(sum(COUNTS) / sum(SIZES))
    assert chart.beyond_limits == (8, 9)


def test_few_expected_events_are_warned_of() -> None:
    assert "rough below 50" in p_chart([1, 2, 0, 1], [10, 10, 10, 10]).warnings[0]


@pytest.mark.parametrize(
    ("counts", "sizes", "words"),
    [
        ([], [], "nothing to chart"),
        ([0, 0], [0, 0], "nothing to chart"),
        ([0, 0, 0], [10, 10, 10], "no limits"),
        ([10, 10, 10], [10, 10, 10], "no limits"),
    ],
)
def test_what_has_no_limits_is_refused_in_words(counts: list[float], sizes: list[float], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        p_chart(counts, sizes)


def test_laney_needs_neighbours_that_differ() -> None:
    with pytest.raises(NotEstimable, match="neighbouring"):
        p_chart([1, 2], [10, 10], laney="always")
    with pytest.raises(NotEstimable, match="no width"):
        p_chart([5, 5, 5], [10, 10, 10], laney="always")


@pytest.mark.parametrize(("counts", "sizes"), [([3], [2]), ([-1], [2]), ([1, 1], [2])])
def test_counts_without_sense_are_errors(counts: list[float], sizes: list[float]) -> None:
    with pytest.raises(ValueError, match="count"):
        p_chart(counts, sizes)


@given(periods)
def test_every_figure_is_finite_and_every_limit_a_share(drawn: list[tuple[int, int]]) -> None:
    counts, sizes = [min(pair) for pair in drawn], [max(pair) for pair in drawn]
    for laney in ("auto", "always", "never"):
        try:
            chart = p_chart(counts, sizes, laney=laney)
        except NotEstimable:
            continue
        assert all_finite(chart)
        assert all(0 <= point.lower_limit <= chart.centre <= point.upper_limit <= 1 for point in chart.points)
