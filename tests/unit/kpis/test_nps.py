"""Net Promoter Score: worked figures, its laws, and an independent slow solution of the score equation."""

from fractions import Fraction

import mpmath  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc import (
    NpsCounts,
    net_promoter_score,
    nps_adjusted_wald_interval,
    nps_points,
    nps_score_interval,
    nps_variance,
    nps_wald_interval,
)

COUNTS = st.builds(NpsCounts, *[st.integers(0, 60)] * 3).filter(lambda counts: counts.n > 0)
LEVELS = st.floats(0.9, 0.999)


def limits(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return interval.low, interval.high


def swapped(counts: NpsCounts) -> NpsCounts:
    return NpsCounts(counts.detractors, counts.passives, counts.promoters)


def test_worked_figures() -> None:
    # R package NPS 2.0.999: nps_test_(c(10, 20, 30), test = "wald" and "adjusted.wald"); score by uniroot in R 4.2.2.
    counts = NpsCounts(promoters=30, passives=20, detractors=10)
    assert nps_points(counts) == pytest.approx(33.3333333333333, rel=1e-12)
    assert nps_variance(counts) == pytest.approx(0.555555555555555, rel=1e-12)
    assert limits(nps_wald_interval(counts)) == pytest.approx((14.4735710987305, 52.1930955679362), rel=1e-10)
    assert limits(nps_adjusted_wald_interval(counts)) == pytest.approx((13.3011825356382, 50.1908809564253), rel=1e-10)
    assert limits(nps_score_interval(counts)) == pytest.approx((13.174018982643, 50.5638930252239), abs=1e-7)


def test_six_promoters_alone_do_not_prove_a_perfect_score() -> None:
    # R 4.2.2: uniroot of the score equation for c(0, 0, 6).
    estimate = net_promoter_score(NpsCounts(6, 0, 0))
    assert (estimate.value, estimate.standard_error, estimate.n) == (100.0, None, 6)
    assert limits(estimate.interval) == pytest.approx((21.933142419567, 100.0), abs=1e-7)
    assert estimate.warnings == ("Only 6 answers: read the interval before the figure.",)


@pytest.mark.parametrize(
    ("counts", "method"),
    [
        (NpsCounts(10, 10, 10), "adjusted_wald"),
        (NpsCounts(10, 10, 9), "score"),
        (NpsCounts(500, 0, 500), "score"),
        (NpsCounts(500, 500, 0), "score"),
        (NpsCounts(0, 500, 500), "score"),
    ],
)
def test_the_method_follows_the_counts(counts: NpsCounts, method: str) -> None:
    interval = net_promoter_score(counts).interval
    assert interval is not None
    assert interval.method == method


def test_nobody_answered_is_refused_not_zero() -> None:
    with pytest.raises(NotEstimable, match="Nobody answered"):
        net_promoter_score(NpsCounts(0, 0, 0))


def test_scores_are_grouped_at_seven_and_nine() -> None:
    assert NpsCounts.of(dict.fromkeys(range(11), 1)) == NpsCounts(promoters=2, passives=2, detractors=7)


@pytest.mark.parametrize("counts", [{11: 1}, {-1: 1}, {5: -1}])
def test_what_is_no_score_is_refused_not_passive(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match=r"scale|negative"):
        NpsCounts.of(counts)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, -0.5])
def test_a_level_that_is_no_probability_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        net_promoter_score(NpsCounts(5, 5, 5), level=level)


@settings(deadline=None)
@given(COUNTS, LEVELS)
def test_the_interval_holds_the_score_has_width_and_stays_on_the_scale(counts: NpsCounts, level: float) -> None:
    estimate = net_promoter_score(counts, level=level)
    low, high = limits(estimate.interval)
    assert -100 <= low <= estimate.value <= high <= 100
    assert high - low > 1


@settings(deadline=None)
@given(COUNTS, LEVELS)
def test_swapping_promoters_and_detractors_mirrors_everything(counts: NpsCounts, level: float) -> None:
    one, other = net_promoter_score(counts, level=level), net_promoter_score(swapped(counts), level=level)
    low, high = limits(one.interval)
    assert other.value == -one.value
    assert limits(other.interval) == pytest.approx((-high, -low), abs=1e-10)
    assert other.standard_error == one.standard_error


@settings(deadline=None)
@given(COUNTS, LEVELS, LEVELS)
def test_more_confidence_never_narrows(counts: NpsCounts, one: float, other: float) -> None:
    assume(abs(one - other) > 1e-6)
    inner, outer = (limits(net_promoter_score(counts, level=level).interval) for level in sorted((one, other)))
    assert outer[0] <= inner[0]
    assert inner[1] <= outer[1]


@settings(deadline=None)
@given(COUNTS, st.integers(2, 50))
def test_the_same_shares_from_more_answers_narrow_the_interval(counts: NpsCounts, times: int) -> None:
    more = NpsCounts(counts.promoters * times, counts.passives * times, counts.detractors * times)
    few, many = limits(nps_score_interval(counts)), limits(nps_score_interval(more))
    assert many[1] - many[0] < few[1] - few[0]


@settings(deadline=None)
@given(COUNTS)
def test_the_variance_is_that_of_plus_one_zero_minus_one(counts: NpsCounts) -> None:
    answers = [1] * counts.promoters + [0] * counts.passives + [-1] * counts.detractors
    mean = Fraction(sum(answers), len(answers))
    assert nps_variance(counts) == pytest.approx(float(sum((x - mean) ** 2 for x in answers) / len(answers)), abs=1e-14)


@settings(max_examples=40, deadline=None)
@given(COUNTS, LEVELS)
def test_score_limits_solve_the_score_equation_by_brute_likelihood(counts: NpsCounts, level: float) -> None:
    low, _ = limits(nps_score_interval(counts, level=level))
    assume(counts.detractors < counts.n)
    with mpmath.workdps(40):
        x = mpmath.mpf(low) / 100
        detractors = likeliest_detractor_share(counts, x)
        variance = 2 * detractors + x - x**2
        z = (counts.promoters - counts.detractors - counts.n * x) / mpmath.sqrt(counts.n * variance)
        expected = mpmath.sqrt(2) * mpmath.erfinv(mpmath.mpf(level))
    assert float(z) == pytest.approx(float(expected), rel=1e-7)


def likeliest_detractor_share(counts: NpsCounts, x: mpmath.mpf) -> mpmath.mpf:
    """The d that maximises d^D (d + x)^P (1 - 2d - x)^N, by halving the range of its slope."""
    low, high = max(mpmath.mpf(0), -x), (1 - x) / 2
    for _ in range(100):
        d = (low + high) / 2
        slope = counts.detractors / d + counts.promoters / (d + x) - 2 * counts.passives / (1 - 2 * d - x)
        low, high = (d, high) if slope > 0 else (low, d)
    return (low + high) / 2
