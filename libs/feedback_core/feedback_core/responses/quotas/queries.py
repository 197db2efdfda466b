"""SQL of quotas.

Locks are always taken in one order: the survey's row, then its cells by id. Whoever records holds the row shared and
the cells alone; whoever changes quotas holds the row alone; whoever decides about responses holds the row shared and
only adds corrections, so that nobody who records waits for them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Row,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.kit.ids import new_id
from feedback_core.responses.quotas.documents import quotas_from_json, quotas_to_json
from feedback_core.responses.quotas.tables import quota_cell, quota_correction, quota_reservation
from feedback_core.responses.quotas.types import AnswerIs, Cell, CellCount, Quota, StoredQuotas, SurveyQuotas
from feedback_core.responses.tables import response, response_exclusion
from feedback_core.surveys.tables import survey_quotas
from feedback_core.surveys.types import ResponseStatus

_COUNTS: Final = text("""
    SELECT c.id, c.quota, c.cell, c.turned_away,
           c.taken + coalesce((SELECT sum(k.change) FROM quota_correction k
                                WHERE k.organisation_id = c.organisation_id AND k.cell_id = c.id), 0) AS taken,
           (SELECT count(*)
              FROM quota_reservation r
              JOIN open_response o ON o.organisation_id = r.organisation_id AND o.id = r.open_response_id
             WHERE r.organisation_id = c.organisation_id AND r.cell_id = c.id AND r.expires_at > :now
               AND o.state = 'open' AND r.open_response_id IS DISTINCT FROM CAST(:but AS uuid)) AS reserved
      FROM quota_cell c
     WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id
     ORDER BY c.id
""")


async def stored(session: Session, organisation_id: UUID, survey_id: UUID, *, hold: str = "") -> StoredQuotas:
    """The quotas of a survey that is there; ``hold``: ``shared`` or ``alone``, until the transaction ends.

    Held rows are made where there were none: there is then something to hold.
    """
    statement = select(survey_quotas).where(
        survey_quotas.c.organisation_id == organisation_id, survey_quotas.c.survey_id == survey_id
    )
    if hold:
        statement = statement.with_for_update(read=hold == "shared")
    row = (await session.execute(statement)).one_or_none()
    if row is None and hold:
        await session.execute(
            upsert(survey_quotas)
            .values(organisation_id=organisation_id, survey_id=survey_id)
            .on_conflict_do_nothing(index_elements=["organisation_id", "survey_id"])
        )
        row = (await session.execute(statement)).one()
    if row is None:
        return StoredQuotas(survey_id, SurveyQuotas(), 0, None, None)
    return StoredQuotas(
        survey_id,
        SurveyQuotas(quotas_from_json(row.quotas), row.reserve_minutes),
        row.revision,
        row.changed_by,
        row.changed_at,
    )


async def hold_cells(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Keep the cells of a survey from others who take places, until the transaction ends.

    A statement of its own: what is read after it is what the others have left.
    """
    await session.execute(
        select(quota_cell.c.id)
        .where(quota_cell.c.organisation_id == organisation_id, quota_cell.c.survey_id == survey_id)
        .order_by(quota_cell.c.id)
        .with_for_update(key_share=True)
    )


async def counts(
    session: Session, organisation_id: UUID, survey_id: UUID, *, now: datetime, but: UUID | None = None
) -> list[CellCount]:
    """How the places of every cell stand; without those that are kept for the open response ``but``."""
    rows = await session.execute(
        _COUNTS, {"organisation_id": organisation_id, "survey_id": survey_id, "now": now, "but": but}
    )
    return [_count(row) for row in rows]


async def take(
    session: Session, organisation_id: UUID, taken: Mapping[UUID, int], turned_away: Mapping[UUID, int]
) -> None:
    """Count places as taken, and those who were turned away, by cell; the cells are held."""
    values = [
        {"the_cell": cell_id, "more": taken.get(cell_id, 0), "away": turned_away.get(cell_id, 0)}
        for cell_id in sorted({*taken, *turned_away})
    ]
    if values:
        await session.execute(
            update(quota_cell)
            .where(quota_cell.c.organisation_id == organisation_id, quota_cell.c.id == bindparam("the_cell"))
            .values(
                taken=quota_cell.c.taken + bindparam("more"), turned_away=quota_cell.c.turned_away + bindparam("away")
            ),
            values,
        )


async def save(
    session: Session, organisation_id: UUID, survey_id: UUID, quotas: SurveyQuotas, *, by: str, at: datetime
) -> None:
    """Other quotas from now on, each cell with the places that responses take; the survey's row is held alone."""
    before = await session.execute(
        select(quota_cell.c.id, quota_cell.c.quota, quota_cell.c.cell).where(
            quota_cell.c.organisation_id == organisation_id, quota_cell.c.survey_id == survey_id
        )
    )
    known = {(row.quota, row.cell): row.id for row in before}
    wanted = [(quota, cell) for quota in quotas.quotas for cell in quota.cells]
    taken = await standing(session, organisation_id, survey_id, wanted)
    gone = [cell_id for name, cell_id in known.items() if name not in {(q.key, c.key) for q, c in wanted}]
    of_survey = (quota_cell.c.organisation_id == organisation_id, quota_cell.c.survey_id == survey_id)
    if gone:
        await session.execute(delete(quota_cell).where(*of_survey, quota_cell.c.id.in_(gone)))
    await session.execute(
        delete(quota_correction).where(
            quota_correction.c.organisation_id == organisation_id,
            quota_correction.c.cell_id.in_(select(quota_cell.c.id).where(*of_survey)),
        )
    )
    for (quota, cell), places in zip(wanted, taken, strict=True):
        name = {"quota": quota.key, "cell": cell.key}
        await session.execute(
            upsert(quota_cell)
            .values(organisation_id=organisation_id, id=new_id(), survey_id=survey_id, **name, taken=places)
            .on_conflict_do_update(
                index_elements=["organisation_id", "survey_id", "quota", "cell"], set_={"taken": places}
            )
        )
    await session.execute(
        update(survey_quotas)
        .where(survey_quotas.c.organisation_id == organisation_id, survey_quotas.c.survey_id == survey_id)
        .values(
            quotas=quotas_to_json(quotas.quotas),
            reserve_minutes=quotas.reserve_minutes,
            revision=survey_quotas.c.revision + 1,
            changed_by=by,
            changed_at=at,
        )
    )


async def standing(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    cells: Sequence[tuple[Quota, Cell]],
    response_ids: Collection[UUID] | None = None,
) -> list[int]:
    """How many responses take a place in each cell as they stand; of these responses only, if they are named."""
    if not cells:
        return []
    excluded = exists().where(
        response_exclusion.c.organisation_id == response.c.organisation_id,
        response_exclusion.c.response_id == response.c.id,
        response_exclusion.c.restored_at.is_(None),
    )
    statement = select(*(func.count().filter(_is_of(quota, cell)) for quota, cell in cells)).where(
        response.c.organisation_id == organisation_id, response.c.survey_id == survey_id, ~excluded
    )
    if response_ids is not None:
        statement = statement.where(response.c.id == func.any(bindparam("these", list(response_ids))))
    return list((await session.execute(statement)).one())


async def correct(session: Session, organisation_id: UUID, changes: Mapping[UUID, int]) -> None:
    """Note places given back (below 0) or taken again, by cell."""
    values = [
        {"organisation_id": organisation_id, "id": new_id(), "cell_id": cell_id, "change": change}
        for cell_id, change in changes.items()
        if change
    ]
    if values:
        await session.execute(insert(quota_correction), values)


async def cell_ids(session: Session, organisation_id: UUID, survey_id: UUID) -> dict[tuple[str, str], UUID]:
    """Ids of the cells, by quota and cell."""
    rows = await session.execute(
        select(quota_cell.c.id, quota_cell.c.quota, quota_cell.c.cell).where(
            quota_cell.c.organisation_id == organisation_id, quota_cell.c.survey_id == survey_id
        )
    )
    return {(row.quota, row.cell): row.id for row in rows}


async def reserve(
    session: Session, organisation_id: UUID, open_id: UUID, cells: Collection[UUID], *, until: datetime
) -> None:
    """Keep places for an open response, in the place of those that were kept for it."""
    await release(session, organisation_id, [open_id])
    if cells:
        await session.execute(
            insert(quota_reservation),
            [
                {
                    "organisation_id": organisation_id,
                    "open_response_id": open_id,
                    "cell_id": cell_id,
                    "expires_at": until,
                }
                for cell_id in cells
            ],
        )


async def release(session: Session, organisation_id: UUID, open_ids: Collection[UUID]) -> None:
    """Keep no places for open responses any more."""
    await session.execute(
        delete(quota_reservation).where(
            quota_reservation.c.organisation_id == organisation_id,
            quota_reservation.c.open_response_id.in_(list(open_ids)),
        )
    )


def _is_of(quota: Quota, cell: Cell) -> ColumnElement[bool]:
    """The same as ``calc.is_of`` and ``calc.counts_in``, asked of rows."""
    statuses = [ResponseStatus.COMPLETE, *([ResponseStatus.PARTIAL] if quota.count_partials else [])]
    parts: list[ColumnElement[bool]] = [response.c.status.in_([status.value for status in statuses])]
    if cell.methods:
        parts.append(response.c.method.in_([method.value for method in cell.methods]))
    parts += [response.c.attributes[key].astext.in_(values) for key, values in cell.attributes.items()]
    parts += [_answers(key, asked) for key, asked in cell.answers.items()]
    return and_(*parts)


def _answers(key: str, asked: AnswerIs) -> ColumnElement[bool]:
    answer = response.c.answers[key]
    if asked.any_of:
        # An array contains a value that is in it, and a value itself.
        return or_(false(), *(answer.contains(literal(value, JSONB)) for value in asked.any_of))
    number = case((func.jsonb_typeof(answer) == "number", cast(answer.astext, Numeric)), else_=None)
    limits: list[ColumnElement[bool]] = [true()]
    if asked.at_least is not None:
        limits.append(number >= asked.at_least)
    if asked.at_most is not None:
        limits.append(number <= asked.at_most)
    return and_(*limits)


def _count(row: Row[Any]) -> CellCount:
    return CellCount(row.id, row.quota, row.cell, int(row.taken), row.reserved, row.turned_away)
