"""Intervals held against what is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.standards.calc import judge_estimate
from feedback_core.standards.types import Demand, Undecided, Verdict

AT_LEAST, AT_MOST = Demand.AT_LEAST, Demand.AT_MOST


def estimate(value: float, low: float, high: float, n: int = 400) -> Estimate:
    return Estimate(value, Interval(low, high, 0.95, "wilson"), 0.02, n, float(n))


@pytest.mark.parametrize(
    ("direction", "low", "high", "threshold", "verdict"),
    [
        (AT_LEAST, 0.70, 0.80, 0.65, Verdict.MET),
        (AT_LEAST, 0.70, 0.80, 0.70, Verdict.MET),
        (AT_LEAST, 0.70, 0.80, 0.75, Verdict.NOT_ENOUGH_EVIDENCE),
        (AT_LEAST, 0.70, 0.80, 0.80, Verdict.NOT_ENOUGH_EVIDENCE),
        (AT_LEAST, 0.70, 0.80, 0.81, Verdict.NOT_MET),
        (AT_MOST, 0.70, 0.80, 0.81, Verdict.MET),
        (AT_MOST, 0.70, 0.80, 0.80, Verdict.MET),
        (AT_MOST, 0.70, 0.80, 0.75, Verdict.NOT_ENOUGH_EVIDENCE),
        (AT_MOST, 0.70, 0.80, 0.69, Verdict.NOT_MET),
    ],
)
def test_the_whole_interval_decides(
    direction: Demand, low: float, high: float, threshold: float, verdict: Verdict
) -> None:
    found = judge_estimate(estimate(0.75, low, high), direction=direction, target=threshold, threshold=threshold)

    assert found.verdict is verdict


def test_a_figure_above_its_target_is_not_met_by_the_point_alone() -> None:
    found = judge_estimate(estimate(0.75, 0.68, 0.81), direction=AT_LEAST, target=0.7, threshold=0.7)

    assert (found.verdict, found.undecided) == (
        Verdict.NOT_ENOUGH_EVIDENCE,
        Undecided.INTERVAL_INCLUDES_THRESHOLD,
    )
    assert found.margin == pytest.approx(0.05)


def test_what_is_tolerated_is_met_without_reaching_the_target() -> None:
    found = judge_estimate(estimate(0.70, 0.66, 0.74), direction=AT_LEAST, target=0.7, threshold=0.65)

    assert (found.verdict, found.reaches_target) == (Verdict.MET, False)
    assert found.bound is not None
    assert (found.bound.side, found.bound.value, found.bound.confidence) == ("lower", 0.66, 0.975)


def test_without_an_interval_nothing_is_decided() -> None:
    alike = Estimate(5.0, None, None, 40, 40.0, ("All 40 answers are the same.",))

    found = judge_estimate(alike, direction=AT_LEAST, target=4, threshold=4)

    assert (found.verdict, found.undecided) == (Verdict.NOT_ENOUGH_EVIDENCE, Undecided.NO_INTERVAL)


@given(st.integers(1, 5000), st.floats(0, 1), st.floats(0.01, 0.99))
def test_asking_for_the_other_side_gives_the_other_verdict(n: int, share: float, threshold: float) -> None:
    found = proportion_estimate(round(share * n), n)
    high = judge_estimate(found, direction=AT_LEAST, target=threshold, threshold=threshold).verdict
    low = judge_estimate(found, direction=AT_MOST, target=threshold, threshold=threshold).verdict

    other = {
        Verdict.MET: Verdict.NOT_MET,
        Verdict.NOT_MET: Verdict.MET,
        Verdict.NOT_ENOUGH_EVIDENCE: Verdict.NOT_ENOUGH_EVIDENCE,
    }
    interval = found.interval
    assert interval is not None
    if threshold not in {interval.low, interval.high}:
        assert low is other[high]


@given(st.integers(10, 5000), st.floats(0, 1), st.floats(0.05, 0.95), st.floats(0, 0.04))
def test_more_tolerance_never_makes_a_verdict_worse(n: int, share: float, target: float, tolerance: float) -> None:
    found = proportion_estimate(round(share * n), n)
    order = [Verdict.NOT_MET, Verdict.NOT_ENOUGH_EVIDENCE, Verdict.MET]
    strict = judge_estimate(found, direction=AT_LEAST, target=target, threshold=target)
    lenient = judge_estimate(found, direction=AT_LEAST, target=target, threshold=target - tolerance)

    assert order.index(lenient.verdict) >= order.index(strict.verdict)
