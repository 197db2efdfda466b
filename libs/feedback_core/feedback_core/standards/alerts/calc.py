"""When a threshold is crossed, and when that is over: pure."""

from datetime import datetime

from feedback_core.kit.estimates import Estimate
from feedback_core.standards.alerts.types import AlertDetails, AlertFigure, AlertState, Look
from feedback_core.standards.calc import judge_estimate
from feedback_core.standards.types import Verdict


def look(estimate: Estimate, details: AlertDetails, before: AlertState, *, start: datetime, end: datetime) -> Look:
    """The state that follows: the whole interval decides, the point alone never.

    While the interval includes the threshold, or too few answered, the state stays as it was: so an alert is told once,
    is over only when the figure is shown to be back, and does not flicker.

    Args:
        estimate: of the last days.
        details: what is watched.
        before: the state until now.
        start: first instant of the answers.
        end: first instant no longer among them.
    """
    interval = estimate.interval
    if interval is None:
        return Look(before, None, "There is no interval.")
    figure = AlertFigure(estimate.value, interval.low, interval.high, estimate.n, start, end)
    if estimate.n < details.minimum_n:
        return Look(before, figure, f"{estimate.n:,} answered; nothing is told below {details.minimum_n:,}.")
    judged = judge_estimate(
        estimate, direction=details.direction, target=details.threshold, threshold=details.threshold
    )
    if judged.verdict is Verdict.NOT_ENOUGH_EVIDENCE:
        return Look(before, figure, "The interval includes the threshold.")
    return Look(AlertState.CLEAR if judged.verdict is Verdict.MET else AlertState.BREACHED, figure, None)
