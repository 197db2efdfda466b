"""What no plan may say, draft or not: contradictions, each with its place."""

import itertools
from collections.abc import Iterator, Sequence

from feedback_core.kit.errors import Fault
from feedback_core.planning.calc.conduct.waves import waves_of
from feedback_core.planning.types.plans import Between, PlanDetails

_LAST_YEAR = 2200


def faults_of(details: PlanDetails) -> list[Fault]:
    """Why a plan contradicts itself; nothing if it does not."""
    return [*_days(details), *_names(details), *_steps(details), *_money(details), *_comparisons(details)]


def _days(details: PlanDetails) -> Iterator[Fault]:
    first, last = details.starts_on, details.ends_on
    if first is None or last is None:
        if details.recurrence is not None:
            yield Fault("/recurrence", "days_missing", "Say when the first wave begins and ends.")
        return
    if last < first:
        yield Fault("/ends_on", "ends_before_it_begins", f"The plan begins on {first}: it cannot end before.")
        return
    if details.recurrence is None:
        return
    try:
        waves = waves_of(details)
    except (ValueError, OverflowError):
        waves = ()
    if not waves or waves[-1].ends_on.year > _LAST_YEAR:
        yield Fault("/recurrence/waves", "too_many_waves", f"The last wave would end after {_LAST_YEAR}.")
        return
    for before, after in itertools.pairwise(waves):
        if after.starts_on <= before.ends_on:
            detail = f"Wave {after.number} begins on {after.starts_on}, before wave {before.number} has ended."
            yield Fault("/recurrence", "waves_overlap", detail)
            return


def _names(details: PlanDetails) -> Iterator[Fault]:
    for path, names in (
        ("/needs/{}/key", [need.key for need in details.needs]),
        ("/steps/{}/key", [step.key for step in details.steps]),
        ("/methods/{}/method", [method.method.value for method in details.methods]),
        ("/features/{}", list(details.features)),
        ("/people/{}/name", [person.name for person in details.people]),
    ):
        for place, name in enumerate(names):
            if name in names[:place]:
                yield Fault(path.format(place), "named_twice", f"{name} is named twice.")


def _steps(details: PlanDetails) -> Iterator[Fault]:
    keys = {step.key for step in details.steps}
    for place, step in enumerate(details.steps):
        if step.ends_on < step.starts_on:
            yield Fault(f"/steps/{place}/ends_on", "ends_before_it_begins", "The step cannot end before it begins.")
        for position, before in enumerate(step.after):
            if before not in keys:
                yield Fault(f"/steps/{place}/after/{position}", "unknown_step", f"There is no step {before}.")
    circle = _circle({step.key: step.after for step in details.steps})
    if circle:
        named = " after ".join(circle)
        yield Fault("/steps", "steps_in_a_circle", f"Each of these steps waits for the other: {named}.")


def _circle(after: dict[str, tuple[str, ...]]) -> Sequence[str]:
    """Steps that wait for one another; nothing if all can be done."""
    left = {key: {before for before in waits if before in after} for key, waits in after.items()}
    while ready := [key for key, waits in left.items() if not waits]:
        for key in ready:
            del left[key]
        for waits in left.values():
            waits.difference_update(ready)
    return sorted(left)


def _money(details: PlanDetails) -> Iterator[Fault]:
    amounts = [
        ("/budget/currency", details.budget),
        *((f"/methods/{place}/cost/currency", method.cost) for place, method in enumerate(details.methods)),
        *((f"/steps/{place}/cost/currency", step.cost) for place, step in enumerate(details.steps)),
    ]
    known = [(pointer, money.currency) for pointer, money in amounts if money is not None]
    for pointer, currency in known[1:]:
        if currency != known[0][1]:
            detail = f"The plan reckons in {known[0][1]}: give this in it, too."
            yield Fault(pointer, "currency_differs", detail)


def _comparisons(details: PlanDetails) -> Iterator[Fault]:
    comparisons = details.analysis.comparisons if details.analysis else ()
    for place, comparison in enumerate(comparisons):
        if (comparison.between is Between.GROUPS) != (comparison.by is not None):
            detail = "Say by which attribute groups are compared; periods are compared without one."
            yield Fault(f"/analysis/comparisons/{place}/by", "groups_unclear", detail)
