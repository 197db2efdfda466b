"""Whether there is time, money and somebody for what a plan says."""

from collections.abc import Iterator

from feedback_core.kit.money import in_words
from feedback_core.planning.calc.conduct.resources import shortfalls_of
from feedback_core.planning.types.plan_findings import PlanFinding, Severity
from feedback_core.planning.types.plans import PlanDetails, PlanKind


def effort_findings(details: PlanDetails) -> Iterator[PlanFinding]:
    """What is missing of time, money and people."""
    if details.starts_on is None or details.ends_on is None:
        yield PlanFinding("no_dates", "/starts_on", "Say when it begins and ends.", Severity.FAULT)
    if details.budget is None:
        yield PlanFinding("no_budget", "/budget", "Say what may be spent.")
    elif details.budget.amount == 0:
        yield PlanFinding("budget_zero", "/budget", "Nothing may be spent: make sure that it really costs nothing.")
    if details.kind is PlanKind.IMPLEMENTATION and not details.steps:
        yield PlanFinding("no_step", "/steps", "Say which steps there are, by whom, and until when.", Severity.FAULT)
    for short in shortfalls_of(details):
        if short.short <= 0.0:
            continue
        if short.of == "money":
            missing = in_words(short.short, short.unit)
            detail = f"It costs {in_words(short.needed, short.unit)}, {missing} more than there is."
            yield PlanFinding("money_short", "/budget", detail)
        else:
            detail = f"{short.of} has {short.there:g} hours, and {short.needed:g} are planned."
            yield PlanFinding("hours_short", "/people", detail)
    yield from _steps(details)


def _steps(details: PlanDetails) -> Iterator[PlanFinding]:
    by_key = {step.key: step for step in details.steps}
    for place, step in enumerate(details.steps):
        pointer = f"/steps/{place}"
        if step.owner is None:
            yield PlanFinding("step_without_owner", f"{pointer}/owner", f"Nobody does: {step.title}")
        first, last = details.starts_on, details.ends_on
        if details.recurrence is None and first and last and not (first <= step.starts_on and step.ends_on <= last):
            yield PlanFinding("step_outside_plan", pointer, f"The step {step.key} is outside the days of the plan.")
        for before in step.after:
            if before in by_key and by_key[before].ends_on > step.starts_on:
                ends = by_key[before].ends_on
                detail = f"{step.key} begins on {step.starts_on}, and waits for {before}, which ends {ends}."
                yield PlanFinding("step_too_early", f"{pointer}/starts_on", detail)
