"""How many will have completed when the collection ends, from how those asked before have answered."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from feedback_core.fieldwork.calc.curves import CurveDay
from feedback_core.fieldwork.types.live import Ended, Lagged
from feedback_core.fieldwork.types.outlook import Forecast
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.quantiles import normal_quantile

FEWEST_COMPLETES: Final = 10
"""In the curve, below which the plan's rate is a better guide."""


def forecast(
    lagged: Sequence[Lagged],
    curve: Sequence[CurveDay],
    *,
    completed: int,
    waiting: int,
    days_left: int | None,
    planned_rate: float | None,
    level: float = 0.95,
) -> Forecast:
    """Completes at the end, with a prediction interval.

    Who is still open completes by the hazards of the days that lie before them, each day measured on everybody who was
    observed through it. The variance is that of so many Bernoulli trials, and of the hazards that were measured. Days
    longer after sending than anybody was observed bring nothing: that is said, and makes the forecast a low one.

    Args:
        lagged: invitations that were sent.
        curve: `response_curve` of these and of earlier waves.
        completed: so far, those of today too.
        waiting: invitations that are to be sent; they are taken to be sent today.
        days_left: whole days until the collection ends; ``None``: it has no end.
        planned_rate: of the plan, for while the curve holds too few completes.
        level: of the interval.

    Raises:
        NotEstimable: nobody was invited; or too few have completed, and there is no plan's rate.

    Source: Kalbfleisch & Prentice (2002), ch. 8, for the hazards and their variance; delta method. Golden: none; laws
    and a simulation.
    """
    by_age: Counter[int] = Counter()
    for each in lagged:
        if each.ended is Ended.OPEN:
            by_age[each.age] += each.n
    by_age[0] += waiting
    by_age = +by_age
    outstanding = sum(by_age.values())
    invited = sum(each.n for each in lagged) + waiting
    if not invited:
        raise NotEstimable("Nobody was invited, so nothing is to be expected.")
    if sum(day.completed for day in curve) >= FEWEST_COMPLETES:
        more, variance, unseen = _by_curve(by_age, curve, days_left)
        told = []
        if unseen:
            told.append(
                f"Nobody was observed for more than {len(curve)} days after sending; what comes later is not counted."
            )
        return _forecast(completed, more, variance, outstanding, days_left, level, told, by_plan=False)
    if planned_rate is None:
        raise NotEstimable(
            f"Fewer than {FEWEST_COMPLETES} have completed on whole days, and no plan says what rate to expect."
        )
    if not outstanding or days_left == 0:
        return _forecast(completed, 0.0, 0.0, outstanding, days_left, level, [], by_plan=True)
    chance = min(1.0, max(0.0, planned_rate * invited - completed) / outstanding)
    told = ["Too few have completed to measure how they answer: the plan's rate is taken as it is."]
    variance = outstanding * chance * (1 - chance)
    return _forecast(completed, outstanding * chance, variance, outstanding, days_left, level, told, by_plan=True)


def _by_curve(by_age: Mapping[int, int], curve: Sequence[CurveDay], days_left: int | None) -> tuple[float, float, bool]:
    """Completes to come, their variance, and whether anybody could complete on a day that was never observed."""
    more, chance, unseen = 0.0, 0.0, False
    slopes = [0.0] * len(curve)
    for age, n in by_age.items():
        last = len(curve) if days_left is None else min(len(curve), age + days_left)
        unseen = unseen or (age + days_left > len(curve) if days_left is not None else age >= len(curve))
        probability = 0.0
        # Backwards: the chance of completing from each day on, for who is still open then.
        onward = [0.0] * (last + 1)
        for day in range(last - 1, age - 1, -1):
            stays = max(0.0, 1 - curve[day].hazard - curve[day].loss)
            onward[day] = curve[day].hazard + stays * onward[day + 1]
        probability = onward[age] if age < last else 0.0
        still = 1.0
        for day in range(age, last):
            slopes[day] += n * still * (1 - onward[day + 1])
            still *= max(0.0, 1 - curve[day].hazard - curve[day].loss)
        more += n * probability
        chance += n * probability * (1 - probability)
    measured = sum(slope**2 * _variance(day) for slope, day in zip(slopes, curve, strict=True))
    return more, chance + measured, unseen


def _variance(day: CurveDay) -> float:
    """Of a hazard; a day on which nobody completed has one too."""
    if not day.at_risk:
        return 0.0
    smoothed = (day.completed + 0.5) / (day.at_risk + 1)
    return smoothed * (1 - smoothed) / day.at_risk


def _forecast(
    completed: int,
    more: float,
    variance: float,
    outstanding: int,
    days_left: int | None,
    level: float,
    told: Sequence[str],
    *,
    by_plan: bool,
) -> Forecast:
    more = min(more, float(outstanding))
    half = normal_quantile(level) * math.sqrt(variance)
    low = completed + max(0, math.floor(more - half))
    high = completed + min(outstanding, math.ceil(more + half))
    final = Estimate(
        value=completed + more,
        interval=Interval(float(low), float(high), level, "normal_prediction"),
        standard_error=math.sqrt(variance) if variance > 0 else None,
        n=completed + outstanding,
        n_effective=float(completed + outstanding),
        warnings=tuple(told),
    )
    return Forecast(completed, final, outstanding, days_left, "plan" if by_plan else "response_curve")
