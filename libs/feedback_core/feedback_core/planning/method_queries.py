"""SQL of what an organisation says of methods, and of what they brought."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.planning.tables import method_outcome, method_terms
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.methods import MethodTerms, Outcome, OutcomeSums, StoredOutcome, StoredTerms

_TERMS = TypeAdapter(MethodTerms)


async def terms_by_method(session: Session, organisation_id: UUID) -> dict[CollectionMethod, StoredTerms]:
    """All that the organisation has said of methods."""
    rows = await session.execute(select(method_terms).where(method_terms.c.organisation_id == organisation_id))
    found = [_terms(row) for row in rows]
    return {each.method: each for each in found}


async def terms_of(
    session: Session, organisation_id: UUID, method: CollectionMethod, *, for_update: bool = False
) -> StoredTerms | None:
    """What the organisation has said of one method; held until the end of the transaction if it is to be changed."""
    columns = method_terms.c
    statement = select(method_terms).where(columns.organisation_id == organisation_id, columns.method == method)
    if for_update:
        statement = statement.with_for_update()
    row = (await session.execute(statement)).one_or_none()
    return _terms(row) if row else None


async def add_terms(
    session: Session, organisation_id: UUID, method: CollectionMethod, terms: MethodTerms, *, by: str, at: datetime
) -> bool:
    """Terms of a method that has none; false if somebody else has just put some."""
    values = {"terms": _TERMS.dump_python(terms, mode="json"), "put_by": by, "put_at": at}
    result = await session.execute(
        insert(method_terms)
        .values(organisation_id=organisation_id, method=method.value, **values)
        .on_conflict_do_nothing()
        .returning(method_terms.c.method)
    )
    return result.first() is not None


async def change_terms(
    session: Session, organisation_id: UUID, method: CollectionMethod, terms: MethodTerms, *, by: str, at: datetime
) -> None:
    """Other terms of a method; the revision counts up."""
    columns = method_terms.c
    await session.execute(
        update(method_terms)
        .where(columns.organisation_id == organisation_id, columns.method == method)
        .values(terms=_TERMS.dump_python(terms, mode="json"), put_by=by, put_at=at, revision=columns.revision + 1)
    )


async def delete_terms(session: Session, organisation_id: UUID, method: CollectionMethod) -> bool:
    """Take back what was said of a method; false if nothing was."""
    columns = method_terms.c
    statement = delete(method_terms).where(columns.organisation_id == organisation_id, columns.method == method)
    return (await session.execute(statement)).rowcount == 1


async def outcome_sums(session: Session, organisation_id: UUID) -> Mapping[CollectionMethod, OutcomeSums]:
    """What became of all who were contacted, by method."""
    columns = method_outcome.c
    rows = await session.execute(
        select(
            columns.method,
            func.sum(columns.contacts).label("contacts"),
            func.sum(columns.completes).label("completes"),
            func.count().label("collections"),
            func.max(columns.ended_on).label("latest"),
        )
        .where(columns.organisation_id == organisation_id)
        .group_by(columns.method)
    )
    return {
        CollectionMethod(row.method): OutcomeSums(row.contacts, row.completes, row.collections, row.latest)
        for row in rows
    }


async def outcomes_before(
    session: Session, organisation_id: UUID, method: CollectionMethod, *, before: UUID | None, limit: int
) -> list[StoredOutcome]:
    """Outcomes of a method, the latest entered first, those below ``before`` only."""
    columns = method_outcome.c
    statement = select(method_outcome).where(columns.organisation_id == organisation_id, columns.method == method)
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return [_outcome(row) for row in rows]


async def add_outcome(session: Session, organisation_id: UUID, stored: StoredOutcome) -> bool:
    """Keep an outcome; false if there is one of this method under this reference."""
    outcome = stored.outcome
    result = await session.execute(
        insert(method_outcome)
        .values(
            organisation_id=organisation_id,
            id=stored.id,
            method=stored.method.value,
            reference=outcome.reference,
            contacts=outcome.contacts,
            completes=outcome.completes,
            ended_on=outcome.ended_on,
            survey_id=outcome.survey_id,
            entered_by=stored.entered_by,
            entered_at=stored.entered_at,
        )
        .on_conflict_do_nothing()
        .returning(method_outcome.c.id)
    )
    return result.first() is not None


async def delete_outcome(session: Session, organisation_id: UUID, method: CollectionMethod, outcome_id: UUID) -> bool:
    """Take an outcome back; false if there is none."""
    columns = method_outcome.c
    statement = delete(method_outcome).where(
        columns.organisation_id == organisation_id, columns.method == method, columns.id == outcome_id
    )
    return (await session.execute(statement)).rowcount == 1


def _terms(row: Row[Any]) -> StoredTerms:
    terms = _TERMS.validate_python(row.terms)
    return StoredTerms(CollectionMethod(row.method), terms, row.put_by, row.put_at, row.revision)


def _outcome(row: Row[Any]) -> StoredOutcome:
    outcome = Outcome(row.reference, row.contacts, row.completes, row.ended_on, row.survey_id)
    return StoredOutcome(row.id, CollectionMethod(row.method), outcome, row.entered_by, row.entered_at)
