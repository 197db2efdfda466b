"""What a measure says of everybody in a period, and what a caller may see of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.sealing import Seal
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.types import CellAnswers, Figure, Withheld
from feedback_core.kpis.use_cases import Asked, kpi_breakdown, kpi_cells, minimum_of_groups, period_of
from feedback_core.people.access import Entitlement
from feedback_core.people.performance import queries
from feedback_core.people.performance.charts import standings_chart
from feedback_core.people.performance.measures import get_measure
from feedback_core.people.performance.replies import shown_reply
from feedback_core.people.performance.types import (
    LEAST_N,
    Measure,
    Performance,
    Reply,
    Standings,
    SubjectKind,
    UnitStanding,
)
from feedback_core.people.staff.queries import staff_by_reference, teams_by_reference
from feedback_core.standards.metrics import settle_metric
from feedback_core.standards.types import Standard
from feedback_core.standards.use_cases import get_standard

MOST_REPLIES: Final = 200
"""Replies that are shown beside the figures of one measure, the latest."""


@dataclass(frozen=True, slots=True)
class AskedPeriod:
    """Which answers, and how sure."""

    start: datetime | None
    end: datetime | None
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """Everybody who is measured, whoever may see it."""

    measure: Measure
    standard: Standard
    asked: Asked
    minimum_n: int
    standings: Standings


async def read_performance(
    session: Session, organisation_id: UUID, key: str, period: AskedPeriod, *, entitled: Entitlement, seal: Seal
) -> Performance:
    """What a measure says of those whom a caller may see, with what they replied.

    Raises:
        NotFound: no such measure here.
        Conflict: its survey is not there to be asked any more.
        Invalid: the period ends before it begins, or its metric cannot be asked any more.
    """
    measured = await measure_everybody(session, organisation_id, key, period)
    shown = tuple(unit for unit in measured.standings.units if _covers(entitled, measured.measure, unit))
    replies = await _replies(session, organisation_id, measured, period, shown, seal)
    found = performance_of(measured, period, shown, replies)
    details = measured.measure.details
    chart = standings_chart(
        measured.asked,
        details.name,
        found.standings,
        threshold=measured.standard.details.threshold,
        case_mix=details.case_mix,
    )
    return replace(found, chart=chart)


async def measure_everybody(session: Session, organisation_id: UUID, key: str, period: AskedPeriod) -> Measured:
    """What a measure says of everybody, for those only who may see all of it, or to be cut to what may be seen.

    Raises:
        NotFound, Conflict, Invalid: as ``read_performance``.
    """
    measure = await get_measure(session, organisation_id, key)
    details = measure.details
    standard = await get_standard(session, organisation_id, details.standard)
    asked = await settle_metric(session, organisation_id, standard.details.metric, level=period.level)
    asked = period_of(asked, period.start, period.end)
    minimum = max(minimum_of_groups(asked), details.minimum_n, LEAST_N)
    # What would give respondents away is withheld there; here, what would be no fair figure of who is measured.
    groups = await kpi_breakdown(session, asked, details.attribute)
    figures = {
        group.group: group.figure
        for group in groups
        if group.group is not None
        and isinstance(group.figure, Figure)
        and group.figure.estimate is not None
        and group.figure.answered >= minimum
    }
    is_mean = asked.target.definition.measure in MEANS
    cells = (await kpi_cells(session, asked)).cells if details.case_mix and is_mean else ()
    standings = await asyncio.to_thread(
        _stood, asked, figures, cells, standard, details.attribute, details.case_mix, period.level
    )
    hidden = [
        group.group
        for group in groups
        if group.group is not None
        and group.group not in figures
        and (isinstance(group.figure, Withheld) or group.figure.answered)
    ]
    units = (*standings.units, *(UnitStanding(reference, withheld=True) for reference in hidden))
    ids = await _ids(session, organisation_id, measure, [unit.reference for unit in units])
    named = tuple(replace(unit, subject_id=ids.get(unit.reference)) for unit in units)
    return Measured(measure, standard, asked, minimum, replace(standings, units=_in_order(named)))


def performance_of(
    measured: Measured,
    period: AskedPeriod,
    shown: tuple[UnitStanding, ...],
    replies: Mapping[UUID, tuple[Reply, ...]],
) -> Performance:
    """The same, of those who are shown only."""
    definition = measured.asked.target.definition
    return Performance(
        measure=measured.measure,
        standard_version=measured.standard.version,
        kpi=definition.key,
        unit=definition.unit,
        start=period.start,
        end=period.end,
        level=period.level,
        minimum_n=measured.minimum_n,
        standings=replace(measured.standings, units=shown),
        replies=replies,
    )


def _stood(
    asked: Asked,
    figures: Mapping[str, Figure],
    cells: Sequence[CellAnswers],
    standard: Standard,
    attribute: str,
    case_mix: tuple[str, ...],
    level: float,
) -> Standings:
    from feedback_core.people.performance.calc import stand_units  # slow to import

    return stand_units(
        asked.target,
        figures,
        cells,
        standard.details,
        attribute=attribute,
        case_mix=case_mix,
        level=level,
    )


def _covers(entitled: Entitlement, measure: Measure, unit: UnitStanding) -> bool:
    if measure.details.of is SubjectKind.PERSON:
        return entitled.covers(unit.subject_id, None)
    return entitled.covers(None, unit.subject_id)


def _in_order(units: tuple[UnitStanding, ...]) -> tuple[UnitStanding, ...]:
    """By reference: an order by figures would rank those whom nothing sets apart."""
    return tuple(sorted(units, key=lambda unit: unit.reference))


async def _ids(session: Session, organisation_id: UUID, measure: Measure, references: list[str]) -> Mapping[str, UUID]:
    by_reference = staff_by_reference if measure.details.of is SubjectKind.PERSON else teams_by_reference
    return await by_reference(session, organisation_id, references)


async def _replies(
    session: Session,
    organisation_id: UUID,
    measured: Measured,
    period: AskedPeriod,
    shown: tuple[UnitStanding, ...],
    seal: Seal,
) -> Mapping[UUID, tuple[Reply, ...]]:
    subjects = [unit.subject_id for unit in shown if unit.subject_id is not None]
    found = await queries.replies_to_figures(
        session,
        organisation_id,
        measured.measure.key,
        subjects,
        start=period.start,
        end=period.end,
        most=MOST_REPLIES,
    )
    replies: dict[UUID, list[Reply]] = {}
    for stored in found:
        replies.setdefault(stored.subject.id, []).append(shown_reply(stored, seal))
    return {subject: tuple(of_theirs) for subject, of_theirs in replies.items()}
