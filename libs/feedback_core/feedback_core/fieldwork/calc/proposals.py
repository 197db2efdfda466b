"""The revision of a plan that an alert gives reason to: pure."""

import math
from dataclasses import replace

from feedback_core.fieldwork.types.rules import SIGNALS, FieldworkAlert, RuleKind
from feedback_core.kit.money import Money
from feedback_core.planning.types.plans import PlanDetails, Signal


def signal_of(alert: FieldworkAlert) -> Signal:
    """What gives reason to revise: the alert in its own words, and where it is."""
    return Signal(SIGNALS[alert.kind], alert.sentence, f"/v1/fieldwork-alerts/{alert.id}")


def proposed_plan(alert: FieldworkAlert, details: PlanDetails) -> PlanDetails | None:
    """The plan as it would have to be; ``None`` where the figures do not say what to change.

    Fewer answer: the measured rate is what to expect, and as many more are asked as give the answers that are wanted.
    Too few answers by now: more are asked in the proportion in which it lags. Too dear: the budget is what it comes to.
    A group that answers less, a silent source, a question at which people stop, what an interviewer does: a person has
    to say what follows.
    """
    sampling = details.sampling
    if alert.kind is RuleKind.RESPONSE_RATE and sampling is not None and sampling.answers and not alert.subject:
        rate = max(alert.value, alert.low or 0.0)
        if rate > 0:
            changed = replace(
                sampling,
                response_rate=round(rate, 4),
                invitations=_people(sampling.answers / rate, sampling.population),
            )
            return replace(details, sampling=changed)
    if alert.kind in {RuleKind.PACE, RuleKind.QUOTA} and sampling is not None and sampling.invitations:
        lags = alert.limit / alert.value if alert.value > 0 else None
        if lags is not None and lags > 1:
            more = _people(sampling.invitations * lags, sampling.population)
            return replace(details, sampling=replace(sampling, invitations=more))
    if alert.kind is RuleKind.COST and details.budget is not None:
        amount = math.ceil(details.budget.amount * alert.value)
        return replace(details, budget=Money(amount, details.budget.currency))
    return None


def _people(wanted: float, population: int | None) -> int:
    people = math.ceil(round(wanted, 6))
    return people if population is None else min(people, population)
