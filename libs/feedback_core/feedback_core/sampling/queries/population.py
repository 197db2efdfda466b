"""SQL of who could be drawn: counted by stratum, and packed for calculation; and of who lies next in a stratum.

Of people who stand in a frame more than once one unit is drawn from; what bars any of the others bars that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.sampling.types.designs import Channel, Design, DesignKind
from feedback_core.sampling.types.frames import ContactRule, Frame
from feedback_core.sampling.types.populations import CountedStratum, PackedPeople

_PEOPLE = """
    WITH resting AS (
        SELECT c.person_ref FROM person_contact c
         WHERE c.organisation_id = :organisation_id AND c.at > :since AND c.at <= :now
         GROUP BY c.person_ref
        HAVING count(*) FILTER (WHERE c.at > :rested) > 0
            OR count(*) FILTER (WHERE c.at > :counted) >= :most
    ), barred AS (
        SELECT coalesce(u.repeats, u.id) AS id, bool_or(u.opted_out_at IS NOT NULL) AS opted_out
          FROM frame_unit u
          LEFT JOIN resting r ON r.person_ref = u.person_ref
         WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id
           AND (u.opted_out_at IS NOT NULL OR r.person_ref IS NOT NULL)
         GROUP BY 1
    ), people AS (
        SELECT u.id, u.number, {columns},
               CASE WHEN b.opted_out THEN 'opted_out' WHEN b.id IS NOT NULL THEN 'resting' {standings}
                    ELSE 'eligible' END AS standing
          FROM frame_unit u
          LEFT JOIN barred b ON b.id = u.id
         WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id AND u.repeats IS NULL {where}
    )
"""

_COUNTED = """
    SELECT p.stratum, p.standing, count(*) AS n FROM people p GROUP BY 1, 2 ORDER BY 1, 2
"""

_PACKED = """
    SELECT p.stratum, p.cluster, count(*) AS n,
           string_agg(uuid_send(p.id), ''::bytea {order}) AS ids,
           string_agg(int8send(p.number), ''::bytea {order}) AS numbers,
           string_agg(float8send(p.size), ''::bytea {order}) AS sizes
      FROM people p
     WHERE p.standing = 'eligible'
     GROUP BY 1, 2 ORDER BY 1, 2
"""

_NEXT = """
    SELECT p.id, p.number
      FROM people p
     WHERE p.standing = 'eligible' AND p.stratum = CAST(:stratum AS jsonb)
       AND NOT EXISTS (SELECT FROM sample_unit s
                        WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.unit_id = p.id)
     ORDER BY p.number <= :start, p.number, p.id
     LIMIT :limit
"""

_CLUSTERS = """
    SELECT count(DISTINCT p.cluster) FROM people p WHERE p.standing = 'eligible'
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose population is read: of which frame, for which design, at which instant."""

    organisation_id: UUID
    frame: Frame
    design: Design
    now: datetime


async def count_strata(session: Session, wanted: Wanted) -> list[CountedStratum]:
    """People by stratum and by how they stand, in the order of the strata's values."""
    statement, values = _people(wanted)
    found: dict[tuple[str | None, ...], dict[str, int]] = {}
    for row in await session.execute(text(statement + _COUNTED), values):
        found.setdefault(tuple(row.stratum), {})[row.standing] = row.n
    return [CountedStratum(stratum, standings) for stratum, standings in found.items()]


async def count_clusters(session: Session, wanted: Wanted) -> int:
    """Clusters with somebody who could be drawn."""
    statement, values = _people(wanted)
    return int((await session.execute(text(statement + _CLUSTERS), values)).scalar_one())


async def pack_people(session: Session, wanted: Wanted) -> list[PackedPeople]:
    """Who could be drawn, by stratum and cluster, in the order of these."""
    statement, values = _people(wanted)
    order = ""
    if wanted.design.kind is DesignKind.SYSTEMATIC:
        order = "ORDER BY " + ", ".join([*(f"p.order_{i}" for i in range(len(wanted.design.sort_by))), "p.number"])
    rows = await session.execute(text(statement + _PACKED.format(order=order)), values)
    return [
        PackedPeople(
            values=tuple(row.stratum),
            cluster=row.cluster,
            n=row.n,
            ids=bytes(row.ids),
            numbers=bytes(row.numbers),
            sizes=bytes(row.sizes or b""),
        )
        for row in rows
    ]


async def next_in_stratum(
    session: Session,
    wanted: Wanted,
    *,
    sample_id: UUID,
    stratum: str,
    start: int,
    limit: int,
) -> list[tuple[UUID, int]]:
    """Who (id, number) lies next on the circle after a start, is of a stratum, and not in the sample.

    Args:
        session: of the organisation.
        wanted: whose population it is.
        sample_id: of the sample.
        stratum: values of the attributes by which it is stratified, as a JSON array.
        start: of the stratum.
        limit: how many.
    """
    statement, values = _people(wanted)
    values |= {"sample_id": sample_id, "stratum": stratum, "start": start, "limit": limit}
    rows = await session.execute(text(statement + _NEXT), values)
    return [(row.id, row.number) for row in rows]


def _people(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Everybody of the frame whom the design is about, with stratum, cluster, size, order, and how they stand."""
    design = wanted.design
    values: dict[str, Any] = {
        "organisation_id": wanted.organisation_id,
        "frame_id": wanted.frame.id,
        **_instants(wanted.frame.settings.contact_rule if design.rests else ContactRule(), wanted.now),
    }
    columns = [f"jsonb_build_array({', '.join(_attributes(design.strata_by, 'stratum', values))}) AS stratum"]
    cluster, size = "NULL::text", "NULL::float8"
    standings = ""
    if design.reachable_by is not None:
        column = {Channel.EMAIL: "email_ref", Channel.PHONE: "phone_ref"}[design.reachable_by]
        standings += f" WHEN u.{column} IS NULL THEN 'unreachable'"
    if design.cluster_by is not None:
        values["cluster"] = design.cluster_by
        cluster = "u.attributes ->> CAST(:cluster AS text)"
        standings += f" WHEN {cluster} IS NULL THEN 'unplaced'"
    if design.size is not None:
        values["size"] = design.size
        size = "(u.measures ->> CAST(:size AS text))::float8"
        standings += f" WHEN ({size} > 0) IS NOT TRUE THEN 'unsized'"
    columns += [f"{cluster} AS cluster", f"{size} AS size"]
    for place, key in enumerate(design.sort_by):
        values[f"order_{place}"] = key
        is_measure = key in wanted.frame.settings.measures
        said = f"u.{'measures' if is_measure else 'attributes'} ->> CAST(:order_{place} AS text)"
        columns.append(f"({said})::float8 AS order_{place}" if is_measure else f'({said}) COLLATE "C" AS order_{place}')
    where = ""
    for place, (key, allowed) in enumerate(design.where.items()):
        values |= {f"where_{place}": key, f"allowed_{place}": list(allowed)}
        where += f" AND u.attributes ->> CAST(:where_{place} AS text) = ANY(CAST(:allowed_{place} AS text[]))"
    return _PEOPLE.format(columns=", ".join(columns), standings=standings, where=where), values


def _attributes(keys: Sequence[str], name: str, values: dict[str, Any]) -> list[str]:
    values |= {f"{name}_{place}": key for place, key in enumerate(keys)}
    return [f"u.attributes ->> CAST(:{name}_{place} AS text)" for place in range(len(keys))]


def _instants(rule: ContactRule, now: datetime) -> dict[str, Any]:
    """Who was asked after these is left alone; without a rule nobody is."""
    rested = now - timedelta(days=rule.rest_days or 0)
    counted = now - timedelta(days=rule.within_days or 0)
    no_rule = rule.most is None or rule.within_days is None
    return {
        "now": now,
        "rested": rested,
        "counted": now if no_rule else counted,
        "most": 2**31 - 1 if no_rule else rule.most,
        "since": min(rested, now if no_rule else counted),
    }
