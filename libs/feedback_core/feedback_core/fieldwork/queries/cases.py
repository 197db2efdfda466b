"""SQL of who was asked, and where each stands: invitations, and units of samples that are asked in another way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.fieldwork.types.live import CaseCount, Ended, GroupedBy, Lagged

# A unit of a sample of which no invitation was made is taken to have been asked when it was drawn, and what its
# responses say tells whether it answered; a response is of the last sample drawn before it came.
#
# Everybody asked is found once, whatever is then made of it: where the planner takes them for one or two, as it does
# of a table that has just been filled, it would otherwise find all of them again for each row that they are joined to.
_LABEL = """
    (SELECT string_agg(coalesce(p.outcome -> 'strata' -> m.stratum -> 'values' ->> k.key, '–'), ' / ' ORDER BY k.place)
       FROM jsonb_array_elements_text(p.design -> 'strata_by') WITH ORDINALITY AS k(key, place))
"""
_ASKED: Final = f"""
    answered AS MATERIALIZED (
        SELECT c.sample_id, c.respondent_ref, bool_or(c.status = 'complete') AS complete, min(c.submitted_at) AS at,
               min(c.method) AS method
          FROM (SELECT DISTINCT ON (r.id) m.sample_id, m.respondent_ref, r.status, r.submitted_at, r.method
                  FROM sample p
                  JOIN sample_unit m ON m.organisation_id = p.organisation_id AND m.sample_id = p.id
                  JOIN response r ON r.organisation_id = p.organisation_id AND r.survey_id = p.survey_id
                   AND r.respondent_ref = m.respondent_ref AND r.received_at >= p.drawn_at
                 WHERE p.organisation_id = :organisation_id AND p.survey_id = :survey_id
                 ORDER BY r.id, p.drawn_at DESC, p.id DESC) AS c
         GROUP BY 1, 2
    ),
    asked AS MATERIALIZED (
        SELECT i.method, i.wave, coalesce(i.stratum, {_LABEL}) AS stratum, i.interviewer, i.state, i.unit_id,
               i.sent_at, i.delivered_at IS NOT NULL AS delivered, i.opened_at IS NOT NULL AS opened,
               i.started_at IS NOT NULL AS started, coalesce(i.completed_at, i.ended_at) AS ended_at,
               coalesce(1 / m.probability, 1) AS weight, i.cost, n.settings ->> 'currency' AS currency
          FROM invitation i
          JOIN invitation_batch n ON n.organisation_id = i.organisation_id AND n.id = i.batch_id
          LEFT JOIN sample_unit m
            ON m.organisation_id = i.organisation_id AND m.sample_id = i.sample_id AND m.unit_id = i.unit_id
          LEFT JOIN sample p ON p.organisation_id = m.organisation_id AND p.id = m.sample_id
         WHERE i.organisation_id = :organisation_id AND i.survey_id = :survey_id AND i.state <> 'cancelled'
         UNION ALL
        SELECT a.method, p.name, {_LABEL}, NULL,
               CASE WHEN a.complete THEN 'completed' WHEN a.respondent_ref IS NOT NULL THEN 'partial'
                    WHEN b.begun THEN 'started' ELSE 'sent' END,
               m.unit_id, coalesce(l.released_at, p.drawn_at), a.respondent_ref IS NOT NULL,
               a.respondent_ref IS NOT NULL, a.respondent_ref IS NOT NULL OR b.begun, a.at,
               1 / m.probability, 0, NULL
          FROM sample p
          JOIN sample_unit m ON m.organisation_id = p.organisation_id AND m.sample_id = p.id
          CROSS JOIN LATERAL (
            SELECT coalesce(m.respondent_ref IN (
                       SELECT o.respondent_ref FROM open_response o
                        WHERE o.organisation_id = :organisation_id AND o.survey_id = :survey_id AND o.state = 'open'
                          AND o.respondent_ref IS NOT NULL), false) AS begun
          ) AS b
          LEFT JOIN sample_release l
            ON l.organisation_id = m.organisation_id AND l.sample_id = m.sample_id AND l.number = m.release
          LEFT JOIN answered a ON a.sample_id = m.sample_id AND a.respondent_ref = m.respondent_ref
         WHERE p.organisation_id = :organisation_id AND p.survey_id = :survey_id AND p.drawn_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM invitation_batch n
                            WHERE n.organisation_id = p.organisation_id AND n.sample_id = p.id
                              AND n.cancelled_at IS NULL)
    )
"""  # noqa: S608 - composed of constants

_COUNTS = """
    WITH {asked}
    SELECT {group} AS "group", state, sent_at IS NOT NULL AS sent, delivered OR opened OR started AS delivered,
           opened OR started AS opened, started, count(*) AS n, sum(weight) AS weight,
           sum(weight * weight) AS weight_squared
      FROM asked GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""

_LAGGED = """
    WITH {asked}
    SELECT {group} AS "group", wave,
           greatest(0, floor(EXTRACT(epoch FROM CAST(:now AS timestamptz) - sent_at) / 86400))::integer AS age,
           CASE WHEN state = 'completed' THEN 'completed' WHEN ended_at IS NULL THEN 'open' ELSE 'otherwise' END
               AS ended,
           greatest(0, floor(EXTRACT(epoch FROM until - sent_at) / 86400))::integer AS lag, count(*) AS n
      FROM (SELECT *, coalesce(ended_at, CAST(:now AS timestamptz)) AS until FROM asked) AS asked
     WHERE sent_at <= CAST(:now AS timestamptz) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""

_PEOPLE = """
    WITH {asked}
    SELECT u.attributes, count(*) AS n, count(*) FILTER (WHERE k.state = 'completed') AS completed
      FROM asked k
      JOIN frame_unit u ON u.organisation_id = :organisation_id AND u.id = k.unit_id
     WHERE k.state <> 'created' AND u.attributes <> '{{}}'
     GROUP BY 1 ORDER BY 1 LIMIT :most
"""

_SPENT = """
    WITH {asked}
    SELECT method, count(*) FILTER (WHERE sent_at IS NOT NULL) AS contacts,
           count(*) FILTER (WHERE state = 'completed') AS completes, sum(cost) AS cost,
           array_agg(DISTINCT currency) FILTER (WHERE cost > 0) AS currencies
      FROM asked WHERE method IS NOT NULL GROUP BY 1 ORDER BY 1
"""

_ENDS = text("""
    SELECT max(b.expires_at) AS ends_at FROM invitation_batch b
     WHERE b.organisation_id = :organisation_id AND b.survey_id = :survey_id AND b.cancelled_at IS NULL
""")

MOST_COMBINATIONS: Final = 20_000
"""Of attributes that are read; whoever has more has attributes that tell people apart."""

_GROUPS: Final[Mapping[GroupedBy | None, str]] = {
    None: "NULL::text",
    **{by: by.value for by in GroupedBy},
}


@dataclass(frozen=True, slots=True)
class Spent:
    """What was done by a method; ``measured`` was counted with each message, in these currencies."""

    method: str
    contacts: int
    completes: int
    measured: float
    currencies: tuple[str, ...]


async def case_counts(
    session: Session, organisation_id: UUID, survey_id: UUID, by: GroupedBy | None
) -> list[CaseCount]:
    """Everybody asked, counted by where they stand; by group, who is of none first."""
    rows = await session.execute(*_query(_COUNTS, organisation_id, survey_id, by))
    found = [
        CaseCount(
            row.group,
            row.state,
            row.sent,
            row.delivered,
            row.opened,
            row.started,
            row.n,
            float(row.weight),
            float(row.weight_squared),
        )
        for row in rows
    ]
    return sorted(found, key=lambda case: (case.group is not None, case.group or ""))


async def lagged_cases(
    session: Session, organisation_id: UUID, survey_id: UUID, by: GroupedBy | None, *, now: datetime
) -> list[Lagged]:
    """Everybody to whom something was sent, by whole days since then and until they came to an end."""
    rows = await session.execute(*_query(_LAGGED, organisation_id, survey_id, by, now=now))
    return [Lagged(row.group, row.wave, row.age, Ended(row.ended), row.lag, row.n) for row in rows]


async def people_asked(
    session: Session, organisation_id: UUID, survey_id: UUID
) -> list[tuple[Mapping[str, str], int, int]]:
    """Combinations of attributes of the frame, how many with them were asked, and how many of these completed."""
    statement, values = _query(_PEOPLE, organisation_id, survey_id, None, most=MOST_COMBINATIONS)
    return [
        ({name: str(value) for name, value in row.attributes.items() if value is not None}, row.n, row.completed)
        for row in await session.execute(statement, values)
    ]


async def spent_by_method(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Spent]:
    """What was done by each method, and what was counted with each message."""
    rows = await session.execute(*_query(_SPENT, organisation_id, survey_id, None))
    return [
        Spent(row.method, row.contacts, row.completes, float(row.cost or 0), tuple(row.currencies or ()))
        for row in rows
    ]


async def last_expiry(session: Session, organisation_id: UUID, survey_id: UUID) -> datetime | None:
    """When the last invitations expire."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id}
    found: datetime | None = (await session.execute(_ENDS, values)).scalar_one()
    return found


def _query(
    statement: str, organisation_id: UUID, survey_id: UUID, by: GroupedBy | None, **values: object
) -> tuple[Any, dict[str, Any]]:
    composed = text(statement.format(asked=_ASKED, group=_GROUPS[by]))
    return composed, {"organisation_id": organisation_id, "survey_id": survey_id, **values}
