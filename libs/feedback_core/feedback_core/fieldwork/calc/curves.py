"""The response curve: how many of the invited have completed so many days after they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.fieldwork.types.live import Ended, Lagged

MOST_DAYS = 400
"""After which an invitation is taken to bring nothing any more."""


@dataclass(frozen=True, slots=True)
class CurveDay:
    """One whole day since sending.

    Attributes:
        at_risk: still open when it began, and observed to its end.
        completed: of them, on this day.
        ended: of them, otherwise on this day: refused, bounced, expired.
    """

    at_risk: int
    completed: int
    ended: int

    @property
    def hazard(self) -> float:
        """Chance that one who is still open completes on this day."""
        return self.completed / self.at_risk if self.at_risk else 0.0

    @property
    def loss(self) -> float:
        """Chance that one ends otherwise."""
        return self.ended / self.at_risk if self.at_risk else 0.0


def response_curve(lagged: Sequence[Lagged]) -> tuple[CurveDay, ...]:
    """A life table of invitations with two ways out; as long as any invitation was observed.

    The day that an invitation is in now is not over, so nothing of it counts.

    Source: Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, ch. 8: cause-specific hazards.
    """
    days = min(MOST_DAYS, max((each.age for each in lagged), default=0))
    # Who is at risk for exactly so many days.
    observed, completed, ended = [0] * (days + 1), [0] * days, [0] * days
    for each in lagged:
        if each.ended is not Ended.OPEN and each.lag < min(each.age, days):
            observed[each.lag + 1] += each.n
            (completed if each.ended is Ended.COMPLETED else ended)[each.lag] += each.n
        else:
            observed[min(each.age, days)] += each.n
    found, at_risk = [], sum(observed)
    for day in range(days):
        at_risk -= observed[day]
        found.append(CurveDay(at_risk, completed[day], ended[day]))
    return tuple(found)


def share_by(curve: Sequence[CurveDay]) -> tuple[float, ...]:
    """Share of the invited that has completed before each day, from day 0; one longer than the curve.

    It never falls, and never exceeds 1.

    Source: Aalen & Johansen (1978), Scandinavian J. of Statistics 5:141: cumulative incidence with competing ends.
    """
    still, done = 1.0, 0.0
    found = [0.0]
    for day in curve:
        done += still * day.hazard
        still *= max(0.0, 1.0 - day.hazard - day.loss)
        found.append(min(1.0, done))
    return tuple(found)
