"""What the service's own counts tell beside composition: answers by day, by method, and the question left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from feedback_core.bias.calc.cell_table import CellTable, KpiScores, scores_of
from feedback_core.bias.calc.early_late import counted_early_against_late
from feedback_core.bias.calc.evidence import evidence_of_early_late, evidence_of_methods, evidence_of_missing_items
from feedback_core.bias.calc.modes import mode_effects
from feedback_core.bias.types import BiasReason, EarlyLate, ModeEffect
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.suppression import suppress_groups

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Findings beside composition and weights; what could not be assessed is ``None`` or empty, and said.

    Attributes:
        early_late: first against last quarter of the answers, by whole days.
        methods: each method against the one with most answers.
        left_out: share of those who were asked and left the question out.
        evidence: what in them bears on the verdict.
        not_assessed: why something is missing, a sentence each.
    """

    early_late: EarlyLate | None
    methods: tuple[ModeEffect, ...]
    left_out: Estimate | None
    evidence: tuple[BiasReason, ...]
    not_assessed: tuple[str, ...]


def diagnose(
    by_method: CellTable,
    by_day: Mapping[date, Mapping[str, int]],
    asked_and_left_out: tuple[int, int] | None,
    kpi: KpiScores,
    *,
    level: float = 0.95,
    minimum_cell: int = 5,
) -> Diagnostics:
    """Assess time, method and omissions; show nothing from which a small group could be worked out.

    Args:
        by_method: answers by cell and value; the last attribute is the method.
        by_day: answers by day of submission and value; empty: time is not assessed.
        asked_and_left_out: people the question was put to, and those of them who left it out; ``None`` where that means
            nothing.
        kpi: how answers become scores.
        level: coverage of the intervals.
        minimum_cell: fewer answers than this are not shown.

    Raises:
        Invalid: an answered value without a score.
    """
    scores_of(by_method, kpi)
    refusals: list[str] = []
    early_late = (
        _unless_refused(lambda: _early_late(by_day, kpi, level, minimum_cell), "Time", refusals) if by_day else None
    )
    methods = _unless_refused(lambda: _methods(by_method, kpi, level, minimum_cell), "Method", refusals) or ()
    left_out = None
    if asked_and_left_out is not None and asked_and_left_out[0]:
        left_out = proportion_estimate(asked_and_left_out[1], asked_and_left_out[0], level=level)
    evidence = (
        *(() if early_late is None else evidence_of_early_late(early_late, kpi.unit)),
        *evidence_of_methods(methods, kpi.unit),
        *(() if left_out is None else evidence_of_missing_items(left_out)),
    )
    return Diagnostics(early_late, methods, left_out, evidence, tuple(refusals))


def _unless_refused(assess: Callable[[], Found], what: str, refusals: list[str]) -> Found | None:
    try:
        return assess()
    except NotEstimable as refusal:
        refusals.append(f"{what} was not assessed. {refusal.detail}")
        return None


def _early_late(by_day: Mapping[date, Mapping[str, int]], kpi: KpiScores, level: float, minimum_cell: int) -> EarlyLate:
    counted = [(day.toordinal(), kpi.by_value[value], n) for day in by_day for value, n in by_day[day].items()]
    days, scores, n = zip(*counted, strict=True)
    found = counted_early_against_late(days, scores, n, level=level)
    if min(found.n_early, found.n_late) < minimum_cell:
        raise NotEstimable(f"A quarter of the answers is fewer than {minimum_cell}; that is too few to show.")
    # The service does not know when people were invited.
    return replace(
        found,
        warnings=(
            *found.warnings,
            "Times are those of submission: where people were not invited at once, this may be a change over time.",
        ),
    )


def _methods(by_method: CellTable, kpi: KpiScores, level: float, minimum_cell: int) -> tuple[ModeEffect, ...]:
    tables = _tables(by_method)
    hidden = suppress_groups([(name, table.n) for name, table in tables.items()], minimum=minimum_cell).hidden
    shown = {name: table for name, table in tables.items() if name not in hidden}
    if len(shown) < 2 <= len(tables):
        raise NotEstimable(
            f"Fewer than two methods have enough answers to be shown ({minimum_cell} or more), so none can be compared."
        )
    return mode_effects(shown, kpi, level=level, minimum_cell=minimum_cell)


def _tables(by_method: CellTable) -> dict[str, CellTable]:
    names = sorted({cell[-1] for cell in by_method.cells if cell[-1] is not None})
    tables = {}
    for name in names:
        inside = [index for index, cell in enumerate(by_method.cells) if cell[-1] == name]
        cells = tuple(by_method.cells[index][:-1] for index in inside)
        tables[name] = CellTable(by_method.attributes[:-1], cells, by_method.values, by_method.counts[inside])
    return tables
