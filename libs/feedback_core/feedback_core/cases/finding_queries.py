"""SQL of looking for cases among what was recorded, behind a watermark; and of what has waited for too long."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.cases.calc import Heard, Spoken
from feedback_core.cases.types import Case, CaseOutcome, CaseState
from feedback_core.db.session import Session
from feedback_core.surveys.types import Confidentiality

_NO_ID: Final = UUID(int=0)

_SURVEYS_DUE = text(
    """
    SELECT w.organisation_id, w.survey_id FROM case_watch w
     WHERE w.watching
       AND EXISTS (SELECT FROM response r
                    WHERE r.organisation_id = w.organisation_id AND r.survey_id = w.survey_id
                      AND r.recorded_xid >= w.xid)
     ORDER BY 1, 2
    """
)

_HOLD = text(
    """
    SELECT xid::text AS xid, response_id FROM case_watch
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND watching FOR UPDATE
    """
)

_MOVE = text(
    """
    UPDATE case_watch SET xid = CAST(CAST(:xid AS text) AS xid8), response_id = :response_id
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
    """
)

# Of a response that is known to be no answer, or has been excluded, nobody is to be followed up.
_NEXT = text(
    """
    SELECT r.id, r.recorded_xid::text AS xid, r.answers, r.confidentiality,
           r.status IN ('complete', 'partial')
           AND NOT EXISTS (SELECT FROM response_exclusion x
                            WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id
                              AND x.restored_at IS NULL) AS stands,
           r.external_id IS NOT NULL
           OR EXISTS (SELECT FROM respondent_identity i
                       WHERE i.organisation_id = r.organisation_id AND i.response_id = r.id) AS reachable,
           (SELECT jsonb_agg(jsonb_build_object('question', c.question_key, 'theme', t.theme)
                             ORDER BY c.question_key, t.theme)
              FROM comment_reading c CROSS JOIN LATERAL unnest(c.themes) AS t(theme)
             WHERE c.organisation_id = r.organisation_id AND c.response_id = r.id) AS spoken
      FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
       AND (r.recorded_xid, r.id) > (CAST(CAST(:xid AS text) AS xid8), CAST(:after AS uuid))
       AND (r.recorded_xid, r.id) <= (CAST(CAST(:upper_xid AS text) AS xid8), CAST(:upper AS uuid))
     ORDER BY r.recorded_xid, r.id LIMIT :most
    """
)

_WITH_CASE = text(
    "SELECT response_id FROM case_response"
    " WHERE organisation_id = :organisation_id AND response_id = ANY(CAST(:ids AS uuid[]))"
)

_ADD = text(
    """
    INSERT INTO feedback_case (organisation_id, id, survey_id, rule_version, state, owner, due_at, escalates_at,
                               escalation_to, opened_at, updated_at)
    SELECT :organisation_id, c.id, :survey_id, c.rule_version, c.state, c.owner, c.due_at, c.escalates_at,
           c.escalation_to, c.opened_at, c.opened_at
      FROM jsonb_to_recordset(CAST(:cases AS jsonb))
        AS c(id uuid, rule_version int, state text, owner text, due_at timestamptz, escalates_at timestamptz,
             escalation_to text[], opened_at timestamptz)
    """
)

_ADD_RESPONSES = text(
    """
    INSERT INTO case_response (organisation_id, case_id, response_id, matched)
    SELECT :organisation_id, c.id, c.response_id, c.matched
      FROM jsonb_to_recordset(CAST(:cases AS jsonb)) AS c(id uuid, response_id uuid, matched jsonb)
    """
)

_ENDED = """
    c.state <> 'closed'
    AND NOT EXISTS (SELECT FROM case_response r WHERE r.organisation_id = c.organisation_id AND r.case_id = c.id)
"""
_UNTOLD = "c.state IN ('open', 'in_progress') AND c.escalates_at <= :now AND c.escalated_at IS NULL"

_ORGANISATIONS_DUE = text(
    f"SELECT DISTINCT c.organisation_id FROM feedback_case c WHERE ({_ENDED}) OR ({_UNTOLD}) ORDER BY 1"  # noqa: S608 - composed of constants
)

_CLOSE_ENDED = text(
    "UPDATE feedback_case c SET state = 'closed', closed_at = :now, updated_at = :now, revision = revision + 1"  # noqa: S608 - composed of constants
    f" WHERE c.organisation_id = :organisation_id AND {_ENDED} RETURNING c.id, c.survey_id, c.outcome"
)

_ESCALATE = text(
    f"""
    UPDATE feedback_case f SET escalated_at = :now, updated_at = :now, revision = revision + 1
     WHERE f.organisation_id = :organisation_id
       AND f.id IN (SELECT c.id FROM feedback_case c
                     WHERE c.organisation_id = :organisation_id AND {_UNTOLD}
                     ORDER BY c.id LIMIT :most FOR UPDATE SKIP LOCKED)
     RETURNING f.id, f.survey_id, f.state
    """  # noqa: S608 - composed of constants
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place among the responses of a survey, in the order of recording transactions and ids."""

    xid: int
    response_id: UUID = _NO_ID


@dataclass(frozen=True, slots=True)
class NewResponse:
    """A response in which nobody has looked for a case; ``stands``: whether it is an answer that counts."""

    id: UUID
    place: Place
    stands: bool
    heard: Heard


async def surveys_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey) with responses in which cases are to be looked for."""
    return [(row.organisation_id, row.survey_id) for row in await system.execute(_SURVEYS_DUE)]


async def hold_watch(session: Session, organisation_id: UUID, survey_id: UUID) -> Place | None:
    """Up to where cases were looked for, held until the transaction ends; ``None``: nobody looks."""
    row = (await session.execute(_HOLD, {"organisation_id": organisation_id, "survey_id": survey_id})).one_or_none()
    return None if row is None else Place(int(row.xid), row.response_id)


async def move_on(session: Session, organisation_id: UUID, survey_id: UUID, reached: Place) -> None:
    """Cases were looked for up to there."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "xid": str(reached.xid)}
    await session.execute(_MOVE, {**values, "response_id": reached.response_id})


async def responses_between(
    session: Session, organisation_id: UUID, survey_id: UUID, after: Place, upper: Place, *, most: int
) -> list[NewResponse]:
    """The next responses behind a place, up to and with another."""
    values = {
        "organisation_id": organisation_id,
        "survey_id": survey_id,
        "xid": str(after.xid),
        "after": after.response_id,
        "upper_xid": str(upper.xid),
        "upper": upper.response_id,
        "most": most,
    }
    return [
        NewResponse(
            id=row.id,
            place=Place(int(row.xid), row.id),
            stands=row.stands,
            heard=Heard(
                answers=row.answers,
                confidentiality=Confidentiality(row.confidentiality),
                reachable=row.reachable,
                spoken=tuple(Spoken(**each) for each in row.spoken or ()),
            ),
        )
        for row in await session.execute(_NEXT, values)
    ]


async def with_case(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> set[UUID]:
    """Those responses that are cases already."""
    values = {"organisation_id": organisation_id, "ids": list(response_ids)}
    return set((await session.execute(_WITH_CASE, values)).scalars())


async def add_cases(session: Session, organisation_id: UUID, survey_id: UUID, cases: Sequence[Case]) -> None:
    """New cases of a survey, with their responses."""
    rows = json.dumps([asdict(case) for case in cases], default=str)
    values = {"organisation_id": organisation_id, "cases": rows}
    await session.execute(_ADD, {**values, "survey_id": survey_id})
    await session.execute(_ADD_RESPONSES, values)


async def organisations_due(system: Session, now: datetime) -> list[UUID]:
    """Organisations, across tenants, with cases that have ended with their response or are to go to others."""
    return list((await system.execute(_ORGANISATIONS_DUE, {"now": now})).scalars())


async def close_ended(
    session: Session, organisation_id: UUID, now: datetime
) -> list[tuple[UUID, UUID, CaseOutcome | None]]:
    """Close cases whose response is gone; (case, survey, outcome) of each."""
    rows = await session.execute(_CLOSE_ENDED, {"organisation_id": organisation_id, "now": now})
    return [(row.id, row.survey_id, CaseOutcome(row.outcome) if row.outcome else None) for row in rows]


async def escalate(
    session: Session, organisation_id: UUID, now: datetime, *, most: int
) -> list[tuple[UUID, UUID, CaseState]]:
    """Note of cases that have waited for so long that they went to others; (case, survey, state) of each."""
    rows = await session.execute(_ESCALATE, {"organisation_id": organisation_id, "now": now, "most": most})
    return [(row.id, row.survey_id, CaseState(row.state)) for row in rows]
