"""SQL of telling that responses came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session

_NO_ID: Final = UUID(int=0)

_STATE = text(
    """
    SELECT xid::text AS xid, response_id FROM announce_state
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id FOR UPDATE
    """
)

_MOVE = text(
    """
    INSERT INTO announce_state (organisation_id, survey_id, xid, response_id)
    VALUES (:organisation_id, :survey_id, CAST(:xid AS xid8), :response_id)
        ON CONFLICT (organisation_id, survey_id)
        DO UPDATE SET xid = excluded.xid, response_id = excluded.response_id
    """
)

_NEXT = text(
    """
    SELECT id, recorded_xid::text AS xid, survey_version_id, status, method, submitted_at, received_at, answers
      FROM response
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND import_id IS NULL
       AND (recorded_xid, id) > (CAST(:xid AS xid8), CAST(:after AS uuid)) AND recorded_xid < CAST(:upper AS xid8)
     ORDER BY recorded_xid, id LIMIT :most
    """
)

_SURVEYS_DUE = text(
    """
    SELECT s.organisation_id, s.id AS survey_id
      FROM survey s
      LEFT JOIN announce_state a ON a.organisation_id = s.organisation_id AND a.survey_id = s.id
     WHERE s.published_version IS NOT NULL
       AND EXISTS (SELECT FROM response r
                    WHERE r.organisation_id = s.organisation_id AND r.survey_id = s.id AND r.import_id IS NULL
                      AND r.recorded_xid >= coalesce(a.xid, '0'::xid8)
                      -- What an open transaction holds back cannot be told yet.
                      AND r.recorded_xid < pg_snapshot_xmin(pg_current_snapshot()))
    """
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Up to which response of a survey it was told that it came in."""

    xid: int
    response_id: UUID


@dataclass(frozen=True, slots=True)
class NewResponse:
    """A response of which nothing was told."""

    id: UUID
    version_id: UUID
    status: str
    method: str
    submitted_at: datetime
    received_at: datetime
    answers: Mapping[str, Any] = field(repr=False)


async def hold_reached(session: Session, organisation_id: UUID, survey_id: UUID) -> Reached:
    """Up to which response it was told, held until the transaction ends."""
    found = await session.execute(_STATE, {"organisation_id": organisation_id, "survey_id": survey_id})
    row = found.one_or_none()
    return Reached(0, _NO_ID) if row is None else Reached(int(row.xid), row.response_id)


async def next_responses(
    session: Session, organisation_id: UUID, survey_id: UUID, after: Reached, *, below: int, most: int
) -> tuple[list[NewResponse], Reached]:
    """The next responses of transactions that have all ended, and the place behind them; none that came in a file."""
    rows = (
        await session.execute(
            _NEXT,
            {
                "organisation_id": organisation_id,
                "survey_id": survey_id,
                "xid": str(after.xid),
                "after": after.response_id,
                "upper": str(below),
                "most": most,
            },
        )
    ).all()
    found = [
        NewResponse(
            id=row.id,
            version_id=row.survey_version_id,
            status=row.status,
            method=row.method,
            submitted_at=row.submitted_at,
            received_at=row.received_at,
            answers=row.answers,
        )
        for row in rows
    ]
    if len(found) == most:
        return found, Reached(int(rows[-1].xid), rows[-1].id)
    # Nothing more can come below: what comes next is looked for from here on.
    return found, Reached(max(below, after.xid), _NO_ID) if below > after.xid else after


async def move_on(session: Session, organisation_id: UUID, survey_id: UUID, reached: Reached) -> None:
    """It was told up to this response."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "xid": str(reached.xid)}
    await session.execute(_MOVE, {**values, "response_id": reached.response_id})


async def surveys_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey) with responses of which it was not told."""
    return [(row.organisation_id, row.survey_id) for row in await system.execute(_SURVEYS_DUE)]
