"""SQL that reads responses back."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, union

from feedback_core.db.session import Session
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quality.types import FlagKind, ResponseFlag
from feedback_core.responses.tables import (
    respondent_identity,
    response,
    response_exclusion,
    response_flag,
    response_suspicion,
)
from feedback_core.responses.types import Exclusion, ResponseFilter, StoredResponse
from feedback_core.surveys.types import Confidentiality, ResponseStatus

_STANDING = exists().where(
    response_exclusion.c.organisation_id == response.c.organisation_id,
    response_exclusion.c.response_id == response.c.id,
    response_exclusion.c.restored_at.is_(None),
)

_SUSPECT = exists().where(
    response_suspicion.c.organisation_id == response.c.organisation_id,
    response_suspicion.c.response_id == response.c.id,
)

_COLUMNS: tuple[ColumnElement[Any], ...] = (
    response.c.id,
    response.c.survey_id,
    response.c.survey_version_id,
    response.c.external_id,
    response.c.respondent_ref,
    response.c.status,
    response.c.method,
    response.c.confidentiality,
    response.c.submitted_at,
    response.c.started_at,
    response.c.received_at,
    response.c.attributes,
    response.c.answers,
    response.c.unanswered,
    response.c.import_id,
    response.c.import_line,
    response.c.sent_by,
    response.c.request_id,
    _STANDING.label("excluded"),
    _SUSPECT.label("suspect"),
)

_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00Z")
_CLOCK_STEP: Final = 60_000
"""Milliseconds."""


async def responses_after(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    wanted: ResponseFilter,
    *,
    after: UUID | None,
    limit: int,
) -> list[StoredResponse]:
    """Responses of a survey in the order of their ids, that is, in which they were recorded; those after ``after``."""
    conditions = [
        response.c.organisation_id == organisation_id,
        response.c.survey_id == survey_id,
        *_conditions(wanted),
    ]
    if after is not None:
        conditions.append(response.c.id > after)
    if wanted.updated_since is not None:
        ids = _updated(organisation_id, survey_id, wanted.updated_since, conditions, limit)
        conditions = [response.c.organisation_id == organisation_id, response.c.id.in_(ids)]
    rows = await session.execute(select(*_COLUMNS).where(*conditions).order_by(response.c.id).limit(limit))
    return await _flagged(session, organisation_id, [_stored(row) for row in rows])


async def response_by_id(
    session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID
) -> StoredResponse | None:
    """One response of a survey."""
    row = (
        await session.execute(select(*_COLUMNS).where(*_this(organisation_id, survey_id, response_id)))
    ).one_or_none()
    return (await _flagged(session, organisation_id, [_stored(row)]))[0] if row else None


async def response_exists(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> bool:
    """Whether the survey has this response."""
    found = await session.execute(select(response.c.id).where(*_this(organisation_id, survey_id, response_id)))
    return found.scalar_one_or_none() is not None


async def exclusions_of(session: Session, organisation_id: UUID, response_id: UUID) -> list[Exclusion]:
    """Every exclusion of a response, oldest first."""
    rows = await session.execute(
        select(response_exclusion)
        .where(response_exclusion.c.organisation_id == organisation_id, response_exclusion.c.response_id == response_id)
        .order_by(response_exclusion.c.id)
    )
    return [exclusion(row) for row in rows]


async def sealed_identity(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> bytes | None:
    """The sealed identity of who gave a response, if one is kept."""
    found = await session.execute(
        select(respondent_identity.c.ciphertext)
        .join(
            response,
            and_(
                response.c.organisation_id == respondent_identity.c.organisation_id,
                response.c.id == respondent_identity.c.response_id,
            ),
        )
        .where(*_this(organisation_id, survey_id, response_id))
    )
    ciphertext = found.scalar_one_or_none()
    return None if ciphertext is None else bytes(ciphertext)


async def _flagged(session: Session, organisation_id: UUID, found: list[StoredResponse]) -> list[StoredResponse]:
    """The same responses with their signs of careless answering, in the order of their kinds."""
    rows = await session.execute(
        select(response_flag)
        .where(
            response_flag.c.organisation_id == organisation_id,
            response_flag.c.response_id.in_([each.id for each in found]),
        )
        .order_by(response_flag.c.response_id, response_flag.c.kind)
    )
    flags: dict[UUID, list[ResponseFlag]] = defaultdict(list)
    for row in rows:
        flag = ResponseFlag(FlagKind(row.kind), row.sign, row.value, row.threshold, row.rule_version, row.flagged_at)
        flags[row.response_id].append(flag)
    return [replace(each, flags=tuple(flags[each.id])) if each.id in flags else each for each in found]


def _has_flag(kind: FlagKind) -> ColumnElement[bool]:
    return exists().where(
        response_flag.c.organisation_id == response.c.organisation_id,
        response_flag.c.survey_id == response.c.survey_id,
        response_flag.c.response_id == response.c.id,
        response_flag.c.kind == kind.value,
    )


def exclusion(row: Row[Any]) -> Exclusion:
    """An exclusion from its row."""
    return Exclusion(
        id=row.id,
        response_id=row.response_id,
        reason=row.reason,
        excluded_by=row.excluded_by,
        excluded_at=row.excluded_at,
        restore_reason=row.restore_reason,
        restored_by=row.restored_by,
        restored_at=row.restored_at,
    )


def _this(organisation_id: UUID, survey_id: UUID, response_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        response.c.organisation_id == organisation_id,
        response.c.survey_id == survey_id,
        response.c.id == response_id,
    )


def _conditions(wanted: ResponseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.submitted_from is not None:
        conditions.append(response.c.submitted_at >= wanted.submitted_from)
    if wanted.submitted_to is not None:
        conditions.append(response.c.submitted_at < wanted.submitted_to)
    if wanted.status is not None:
        conditions.append(response.c.status == wanted.status.value)
    if wanted.excluded is not None:
        conditions.append(_STANDING if wanted.excluded else ~_STANDING)
    if wanted.suspect is not None:
        conditions.append(_SUSPECT if wanted.suspect else ~_SUSPECT)
    if wanted.flag is not None:
        conditions.append(_has_flag(wanted.flag))
    return conditions


def _updated(
    organisation_id: UUID, survey_id: UUID, since: datetime, conditions: list[ColumnElement[bool]], limit: int
) -> Any:  # noqa: ANN401 - a SQLAlchemy subquery
    """Ids received or decided about since then, the first ``limit`` of either.

    An id is made when its response is received and begins with that time, so the index of ids finds the new ones
    without reading the old; the minute allows for a clock that was set back in between.
    """
    received = (
        select(response.c.id)
        .where(*conditions, response.c.id >= _first_id(since), response.c.received_at >= since)
        .order_by(response.c.id)
        .limit(limit)
    )
    decided = (
        select(response.c.id)
        .where(
            *conditions,
            response.c.id.in_(
                select(response_exclusion.c.response_id).where(
                    response_exclusion.c.organisation_id == organisation_id,
                    response_exclusion.c.survey_id == survey_id,
                    or_(response_exclusion.c.excluded_at >= since, response_exclusion.c.restored_at >= since),
                )
            ),
        )
        .order_by(response.c.id)
        .limit(limit)
    )
    return union(received.subquery().select(), decided.subquery().select())


def _first_id(instant: datetime) -> UUID:
    """The least UUIDv7 of a minute before."""
    milliseconds = max(0, (instant - _EPOCH) // timedelta(milliseconds=1) - _CLOCK_STEP)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (0x2 << 62))


def _stored(row: Row[Any]) -> StoredResponse:
    return StoredResponse(
        id=row.id,
        survey_id=row.survey_id,
        survey_version_id=row.survey_version_id,
        external_id=row.external_id,
        respondent_ref=None if row.respondent_ref is None else bytes(row.respondent_ref).hex(),
        status=ResponseStatus(row.status),
        method=CollectionMethod(row.method),
        confidentiality=Confidentiality(row.confidentiality),
        submitted_at=row.submitted_at,
        started_at=row.started_at,
        received_at=row.received_at,
        attributes=row.attributes,
        answers=row.answers,
        unanswered=tuple(row.unanswered),
        import_id=row.import_id,
        import_line=row.import_line,
        sent_by=row.sent_by,
        request_id=row.request_id,
        excluded=row.excluded,
        suspect=row.suspect,
    )
