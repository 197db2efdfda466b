"""Methods compared: from what was read to what may be shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback_core.bias.calc import AnswerCount, CellTable, cell_table
from feedback_core.bias.calc.kpi_scores import scores_for
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.types import WHOLE, CellAnswers, Target
from feedback_core.kpis.wording import bounds_of, title_of
from feedback_core.method_effectiveness.calc.composition import UNKNOWN, compositions
from feedback_core.method_effectiveness.calc.figures import Arm, finding_of
from feedback_core.method_effectiveness.calc.pairs import differences, kpi_by_pairs
from feedback_core.method_effectiveness.calc.wording import sentence, warnings
from feedback_core.method_effectiveness.types import (
    ItemSums,
    MethodContacts,
    MethodCounts,
    MethodEffectivenessOutcome,
    MethodFinding,
)
from feedback_core.planning.types import CollectionMethod

_METHOD = "method"
_NOTHING = MethodCounts(0, 0, 0, ItemSums(), {}, None)


@dataclass(frozen=True, slots=True)
class MethodReading:
    """All that was read.

    Attributes:
        attributes: of the respondents, without the method.
        complete: complete responses that count by what is known of their respondents, ``method`` among it.
        answers: of the KPI, by respondent cell.
        rule: whether the survey has an inclusion rule, and ``up_to_date`` whether every response is held to it.
    """

    counts: Mapping[CollectionMethod, MethodCounts]
    attributes: Sequence[str]
    complete: Sequence[tuple[Mapping[str, str], int]]
    target: Target
    answers: Sequence[CellAnswers]
    rule: bool
    up_to_date: bool


def compare_methods(
    reading: MethodReading,
    contacts: Mapping[CollectionMethod, MethodContacts],
    *,
    minimum: int,
    level: float = 0.95,
    as_of: datetime,
) -> MethodEffectivenessOutcome:
    """What each method brought and at what price, without any of too few.

    Args:
        reading: counts and sums by method.
        contacts: whom each method contacted and what it cost, as entered.
        minimum: fewest responses that may be shown.
        level: of the intervals; those of differences hold together over all pairs of a measure.
        as_of: the moment that it is of.

    Raises:
        NotEstimable: nobody responded, or too few to show any method.
        Invalid: an answered value without a score.
    """
    counts = {method: reading.counts.get(method, _NOTHING) for method in sorted({*reading.counts, *contacts})}
    hidden = _hidden(counts, minimum)
    shown = {method: one for method, one in counts.items() if method not in hidden}
    over = [name for name, one in shown.items() if name in contacts and one.completed > contacts[name].contacted]
    composed = compositions(_cells(reading, shown), reading.attributes, minimum=minimum)
    arms = [
        Arm(
            name,
            one,
            contacts.get(name) if name not in over else None,
            composed.get(name),
            minimum,
        )
        for name, one in shown.items()
    ]
    arms.sort(key=lambda arm: (-arm.counts.completed, arm.name))
    methods = (
        *(finding_of(arm, level=level) for arm in arms),
        *(MethodFinding(name, withheld=True) for name in hidden),
    )
    compared = differences(arms, level=level)
    tables = _tables(reading, [arm.name for arm in arms if arm.counts.kpi is not None])
    kpi = scores_for(reading.target, {value for cell in reading.answers for value in cell.counts})
    effects, refusals = kpi_by_pairs(tables, kpi, level=level, minimum=minimum)
    target, costs = reading.target, [given.cost for given in contacts.values() if given.cost is not None]
    told = warnings(arms, over=over, rule=reading.rule, up_to_date=reading.up_to_date, level=level)
    return MethodEffectivenessOutcome(
        kpi=target.definition.key,
        definition_version=target.definition.version,
        question=target.question_key,
        item=None if target.item == WHOLE else target.item,
        choice=target.choice,
        subject=title_of(target),
        unit=target.definition.unit,
        bounds=bounds_of(target),
        as_of=as_of,
        currency=costs[0].currency if costs else None,
        methods=methods,
        comparisons=compared,
        mode_effects=effects,
        sentence=sentence(methods, compared, effects, kpi, contacts_given=bool(contacts)),
        warnings=(*told, *refusals),
    )


def _hidden(counts: Mapping[CollectionMethod, MethodCounts], minimum: int) -> list[CollectionMethod]:
    """Methods with too few complete responses, or too few begun, and those from which these would follow.

    Raises:
        NotEstimable: nothing may be shown.
    """
    if not any(one.looked_at for one in counts.values()):
        raise NotEstimable("Nobody responded, so there is no method to compare.")
    hidden: set[CollectionMethod] = set()
    of_each = [(name, one.complete, one.looked_at) for name, one in counts.items()]
    for groups in ([(name, n) for name, n, _ in of_each], [(name, n) for name, _, n in of_each]):
        hidden |= set(suppress_groups(groups, minimum=minimum).hidden)
    if not any(one.looked_at for name, one in counts.items() if name not in hidden):
        raise NotEstimable(f"Too few responded by each method to show any; it takes {minimum}.")
    return sorted(hidden)


def _cells(
    reading: MethodReading, shown: Mapping[CollectionMethod, MethodCounts]
) -> dict[CollectionMethod, dict[tuple[str, ...], int]]:
    found: dict[CollectionMethod, dict[tuple[str, ...], int]] = {}
    for known, n in reading.complete:
        name = CollectionMethod(known[_METHOD])
        if name in shown:
            cells = found.setdefault(name, {})
            cell = tuple(known.get(attribute, UNKNOWN) for attribute in reading.attributes)
            cells[cell] = cells.get(cell, 0) + n
    return found


def _tables(reading: MethodReading, shown: Sequence[CollectionMethod]) -> dict[CollectionMethod, CellTable]:
    counted: dict[CollectionMethod, list[AnswerCount]] = {name: [] for name in shown}
    for cell in reading.answers:
        name = CollectionMethod(cell.attributes[_METHOD])
        if name in counted:
            categories = tuple(cell.attributes.get(attribute) for attribute in reading.attributes)
            counted[name] += [AnswerCount(categories, value, n) for value, n in cell.counts.items()]
    return {name: cell_table(reading.attributes, answers) for name, answers in counted.items()}
