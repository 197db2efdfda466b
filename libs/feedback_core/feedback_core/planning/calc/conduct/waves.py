"""The waves of a plan: each time that it is carried out."""

import calendar
from datetime import date, timedelta

from feedback_core.planning.types.plan_findings import Wave
from feedback_core.planning.types.plans import Every, PlanDetails

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def waves_of(details: PlanDetails) -> tuple[Wave, ...]:
    """Each wave with its first and last day; one where the plan does not recur, none while it has no days.

    The plan's own days are those of the first wave. A later one begins on the same day of its week or month (on the
    last of a month that is too short), counted from the first, and is as long.
    """
    first, last = details.starts_on, details.ends_on
    if first is None or last is None:
        return ()
    recurrence, sampling = details.recurrence, details.sampling
    number = recurrence.waves if recurrence else 1
    answers = sampling.answers if sampling else None
    invitations = sampling.invitations if sampling else None
    found = []
    for wave in range(number):
        begins = _later(first, recurrence.every, wave) if recurrence else first
        found.append(Wave(wave + 1, begins, begins + (last - first), answers, invitations))
    return tuple(found)


def _later(day: date, every: Every, times: int) -> date:
    if every is Every.WEEK:
        return day + timedelta(weeks=times)
    months = day.month - 1 + _MONTHS[every] * times
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
