"""Met, not met, or not enough evidence: an interval held against what is asked for."""

from feedback_core.kit.estimates import Estimate
from feedback_core.standards.types import Bound, Demand, Judgement, Undecided, Verdict


def judge_estimate(estimate: Estimate, *, direction: Demand, target: float, threshold: float) -> Judgement:
    """What an estimate says of a standard; the point alone never decides.

    To be at least: met where the whole interval lies on or above the threshold, not met where all of it lies below. To
    be at most: the other way round. In between, the data fit both. An interval of coverage 95% errs to either side at
    2.5%, so each verdict is a one-sided test at that level, and its bound holds at 97.5% confidence.

    Args:
        estimate: of the period.
        direction: on which side the figure is to be.
        target: what was agreed.
        threshold: the target, less what is tolerated.

    Source: tests by the inversion of confidence limits, Casella & Berger (2002), Statistical Inference, section 9.2.
    """
    interval = estimate.interval
    sign = 1.0 if direction is Demand.AT_LEAST else -1.0
    margin = sign * (estimate.value - threshold)
    if interval is None:
        return Judgement(Verdict.NOT_ENOUGH_EVIDENCE, Undecided.NO_INTERVAL, margin)
    high_is_good = direction is Demand.AT_LEAST
    worst, best = (interval.low, interval.high) if high_is_good else (interval.high, interval.low)
    confidence = (1.0 + interval.level) / 2.0
    guaranteed = Bound("lower" if high_is_good else "upper", worst, confidence)
    possible = Bound("upper" if high_is_good else "lower", best, confidence)
    reaches = sign * (worst - target) >= 0.0
    if sign * (worst - threshold) >= 0.0:
        return Judgement(Verdict.MET, None, margin, guaranteed, reaches)
    if sign * (best - threshold) < 0.0:
        return Judgement(Verdict.NOT_MET, None, margin, possible, reaches)
    undecided = Undecided.INTERVAL_INCLUDES_THRESHOLD
    return Judgement(Verdict.NOT_ENOUGH_EVIDENCE, undecided, margin, guaranteed, reaches)
