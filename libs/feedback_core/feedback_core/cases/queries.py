"""SQL of cases, of what happened to them, and of taking away what leads to a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, case, delete, insert, literal, or_, select, text, tuple_, update

from feedback_core.cases.tables import case_entry, case_response, feedback_case
from feedback_core.cases.types import (
    WAITING,
    Case,
    CaseOutcome,
    CaseState,
    EntryKind,
    Match,
    WantedCases,
)
from feedback_core.db.session import Session

_MATCHED = TypeAdapter(tuple[Match, ...])

_HAS_RESPONSE: Final = case_response.c.case_id.is_not(None)
_STATE: Final = case((_HAS_RESPONSE, feedback_case.c.state), else_=literal(CaseState.CLOSED.value))
_WITH_RESPONSE: Final = feedback_case.outerjoin(
    case_response,
    and_(
        case_response.c.organisation_id == feedback_case.c.organisation_id,
        case_response.c.case_id == feedback_case.c.id,
    ),
)
_SHOWN: Final = (
    *(column for column in feedback_case.c if column.name != "state"),
    _STATE.label("state"),
    case_response.c.response_id,
    case_response.c.matched,
)

_FORGET_MATCHES = text(
    """
    UPDATE case_response c
       SET matched = (SELECT coalesce(jsonb_agg(m), '[]'::jsonb) FROM jsonb_array_elements(c.matched) AS m
                       WHERE m ->> 'question' <> :question)
     WHERE c.organisation_id = :organisation_id AND c.response_id = ANY(CAST(:ids AS uuid[]))
    """
)


async def case_by_id(session: Session, organisation_id: UUID, case_id: UUID) -> Case | None:
    """One case."""
    statement = select(*_SHOWN).select_from(_WITH_RESPONSE)
    found = await session.execute(statement.where(*_this(organisation_id, case_id)))
    row = found.one_or_none()
    return _case(row) if row else None


async def hold_case(session: Session, organisation_id: UUID, case_id: UUID) -> None:
    """Until the transaction ends nobody else changes a case, and its response is not taken away."""
    await session.execute(select(feedback_case.c.id).where(*_this(organisation_id, case_id)).with_for_update())
    await session.execute(
        select(case_response.c.case_id)
        .where(case_response.c.organisation_id == organisation_id, case_response.c.case_id == case_id)
        .with_for_update(read=True, key_share=True)
    )


async def cases_after(
    session: Session, organisation_id: UUID, wanted: WantedCases, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Case]:
    """Cases, those due first first, from behind ``after``."""
    columns = feedback_case.c
    statement = select(*_SHOWN).select_from(_WITH_RESPONSE).where(columns.organisation_id == organisation_id)
    if wanted.survey_id is not None:
        statement = statement.where(columns.survey_id == wanted.survey_id)
    if wanted.owner is not None:
        statement = statement.where(columns.owner == wanted.owner)
    if wanted.state is CaseState.CLOSED:
        statement = statement.where(or_(columns.state == wanted.state.value, ~_HAS_RESPONSE))
    elif wanted.state is not None:
        statement = statement.where(columns.state == wanted.state.value, _HAS_RESPONSE)
    if wanted.overdue_at is not None:
        waiting = columns.state.in_(sorted(WAITING))
        statement = statement.where(columns.due_at < wanted.overdue_at, waiting, _HAS_RESPONSE)
    if wanted.escalated is not None:
        is_escalated = columns.escalated_at.is_not(None)
        statement = statement.where(is_escalated if wanted.escalated else ~is_escalated)
    if after is not None:
        statement = statement.where(tuple_(columns.due_at, columns.id) > after)
    return [_case(row) for row in await session.execute(statement.order_by(columns.due_at, columns.id).limit(limit))]


async def change_case(
    session: Session, organisation_id: UUID, case_id: UUID, *, at: datetime, **values: object
) -> None:
    """Other values of a case."""
    await session.execute(
        update(feedback_case)
        .where(*_this(organisation_id, case_id))
        .values(updated_at=at, revision=feedback_case.c.revision + 1, **values)
    )


async def add_entry(
    session: Session,
    organisation_id: UUID,
    case_id: UUID,
    entry_id: UUID,
    *,
    kind: EntryKind,
    states: tuple[CaseState, CaseState],
    sealed: bytes | None,
    by: str,
    key_name: str,
    at: datetime,
) -> None:
    """Something that happened to a case."""
    await session.execute(
        insert(case_entry).values(
            organisation_id=organisation_id,
            id=entry_id,
            case_id=case_id,
            kind=kind.value,
            from_state=states[0].value,
            to_state=states[1].value,
            sealed=sealed,
            written_by=by,
            key_name=key_name,
            written_at=at,
        )
    )


async def entry_rows(session: Session, organisation_id: UUID, case_id: UUID) -> Sequence[Row[Any]]:
    """Everything that happened to a case, oldest first, as it is kept."""
    rows = await session.execute(
        select(case_entry)
        .where(case_entry.c.organisation_id == organisation_id, case_entry.c.case_id == case_id)
        .order_by(case_entry.c.id)
    )
    return rows.all()


async def strip(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> int:
    """Take away what leads from cases to responses, with everything that was written about them; how many."""
    gone = await session.execute(
        delete(case_response).where(
            case_response.c.organisation_id == organisation_id, case_response.c.response_id.in_(list(response_ids))
        )
    )
    return gone.rowcount


async def forget_matches(session: Session, organisation_id: UUID, question: str, response_ids: Sequence[UUID]) -> None:
    """Take away that the answer to a question made responses cases."""
    values = {"organisation_id": organisation_id, "question": question, "ids": list(response_ids)}
    await session.execute(_FORGET_MATCHES, values)


async def cases_of_responses(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Response of each entry of the cases of these responses, by the entry's id."""
    rows = await session.execute(
        select(case_entry.c.id, case_response.c.response_id)
        .join(
            case_response,
            and_(
                case_response.c.organisation_id == case_entry.c.organisation_id,
                case_response.c.case_id == case_entry.c.case_id,
            ),
        )
        .where(case_entry.c.organisation_id == organisation_id, case_response.c.response_id.in_(list(response_ids)))
    )
    return {row.id: row.response_id for row in rows}


async def delete_entries(session: Session, organisation_id: UUID, entry_ids: Sequence[UUID]) -> int:
    """Delete what was written about cases; how many there were."""
    gone = await session.execute(
        delete(case_entry).where(case_entry.c.organisation_id == organisation_id, case_entry.c.id.in_(list(entry_ids)))
    )
    return gone.rowcount


def _this(organisation_id: UUID, case_id: UUID) -> tuple[Any, ...]:
    return (feedback_case.c.organisation_id == organisation_id, feedback_case.c.id == case_id)


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        survey_id=row.survey_id,
        response_id=row.response_id,
        matched=_MATCHED.validate_python(row.matched or ()),
        rule_version=row.rule_version,
        state=CaseState(row.state),
        owner=row.owner,
        due_at=row.due_at,
        escalates_at=row.escalates_at,
        escalation_to=tuple(row.escalation_to),
        escalated_at=row.escalated_at,
        outcome=CaseOutcome(row.outcome) if row.outcome else None,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        revision=row.revision,
    )
