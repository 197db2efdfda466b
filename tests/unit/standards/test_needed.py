"""How many answers it takes to decide, and until when they are there."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.means import mean_estimate
from feedback_core.kpis.calc.nps import NpsCounts, net_promoter_score
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.types import Measure
from feedback_core.standards.calc import answers_to_decide, judge_estimate, needed
from feedback_core.standards.types import Demand, Verdict

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def undecided(estimate: Estimate, threshold: float) -> bool:
    found = judge_estimate(estimate, direction=Demand.AT_LEAST, target=threshold, threshold=threshold)
    return found.verdict is Verdict.NOT_ENOUGH_EVIDENCE


@given(st.integers(10, 400), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_so_many_answers_of_the_same_share_decide_and_hardly_fewer_do_not(n: int, share: float, place: float) -> None:
    estimate = proportion_estimate(min(max(round(share * n), 1), n - 1), n)
    interval = estimate.interval
    assert interval is not None
    threshold = interval.low + place * (interval.high - interval.low)
    assume(abs(estimate.value - threshold) > 0.01)

    answers, _ = answers_to_decide(estimate, measure=Measure.TOP_BOX, threshold=threshold)

    times = answers / n
    enough = _scaled(estimate, times * 1.02)
    too_few = _scaled(estimate, max(times * 0.9, 1.0))
    assert not undecided(enough, threshold)
    assert undecided(too_few, threshold) or times * 0.9 < 1.0


def _scaled(estimate: Estimate, times: float) -> Estimate:
    """The same share of so many times the answers: Wilson's limits need no whole numbers."""
    from feedback_core.kpis.calc.proportions import wilson_limits

    n = estimate.n * times
    low, high = wilson_limits(estimate.value * n, n, 1.959963984540054)
    return Estimate(estimate.value, Interval(low, high, 0.95, "wilson"), None, round(n), n)


def test_a_mean_is_sized_by_the_variance_of_its_own_interval() -> None:
    counts = {1: 5, 2: 8, 3: 20, 4: 30, 5: 17}
    estimate = mean_estimate(counts)
    threshold = estimate.value + 0.05

    answers, how = answers_to_decide(estimate, measure=Measure.MEAN, threshold=threshold)

    times = answers / estimate.n
    many = mean_estimate({value: round(n * times * 1.01) for value, n in counts.items()})
    assert many.interval is not None
    assert many.interval.high - many.value == pytest.approx(0.05, rel=0.03)
    assert "variance" in how


def test_a_score_is_sized_by_its_promoters_and_detractors() -> None:
    counts = NpsCounts(promoters=60, passives=25, detractors=15)
    estimate = net_promoter_score(counts)
    groups = {"promoters": 60, "passives": 25, "detractors": 15}

    answers, how = answers_to_decide(estimate, measure=Measure.NPS, threshold=40.0, distribution=groups)

    # z² (p + d - (p - d)²) / 0.05²
    assert answers == pytest.approx(1.959964**2 * (0.75 - 0.45**2) / 0.05**2, abs=1)
    assert "NPS" in how


def test_unequal_weights_lengthen_it_by_their_design_effect() -> None:
    plain = proportion_estimate(70, 100)
    weighted = Estimate(plain.value, plain.interval, plain.standard_error, 100, 50.0)

    once, _ = answers_to_decide(plain, measure=Measure.SHARE, threshold=0.72)
    twice, how = answers_to_decide(weighted, measure=Measure.SHARE, threshold=0.72)

    assert twice == pytest.approx(2 * once, abs=1)
    assert "design effect of 2.00" in how


def test_a_figure_at_the_threshold_is_never_told_from_it() -> None:
    with pytest.raises(NotEstimable, match="no number of answers"):
        answers_to_decide(proportion_estimate(70, 100), measure=Measure.SHARE, threshold=0.7)


def test_it_is_always_more_than_there_are() -> None:
    estimate = Estimate(0.7, Interval(0.4, 0.72, 0.95, "odd"), None, 5000, 5000.0)

    assert answers_to_decide(estimate, measure=Measure.SHARE, threshold=0.71)[0] > 5000


def test_a_period_that_runs_is_told_by_when() -> None:
    start = datetime(2026, 6, 21, tzinfo=UTC)

    found = needed(250, "", n=100, start=start, end=None, as_of=NOW)

    assert (found.missing, found.per_day, found.days, found.by) == (150, 10.0, 25, date(2026, 7, 16))


def test_a_period_that_is_over_is_told_how_long_it_would_have_to_be() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 11, tzinfo=UTC)

    found = needed(250, "", n=100, start=start, end=end, as_of=NOW)

    assert (found.per_day, found.days, found.by) == (10.0, 25, None)


def test_without_a_rate_no_day_is_named() -> None:
    found = needed(250, "", n=0, start=None, end=None, as_of=NOW)

    assert (found.missing, found.per_day, found.by) == (250, None, None)
