"""SQL of samples: what was asked for, who was drawn, and who came in later."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, text, update

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.sampling.tables import sample, sample_release
from feedback_core.sampling.types.designs import Design
from feedback_core.sampling.types.samples import Released, Sample, SampleOutcome, SampleUnit

_DESIGN = TypeAdapter(Design)
_OUTCOME = TypeAdapter(SampleOutcome)

_ADD_UNITS = text("""
    INSERT INTO sample_unit (
        organisation_id, sample_id, position, unit_id, number, stratum, cluster, probability, cluster_probability,
        cluster_population, release, respondent_ref
    )
    SELECT :organisation_id, :sample_id, n.position, n.unit_id, n.number, n.stratum, n.cluster, n.probability,
           n.cluster_probability, n.cluster_population, :release, n.respondent_ref
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           position integer, unit_id uuid, number bigint, stratum integer, cluster text, probability float8,
           cluster_probability float8, cluster_population integer, respondent_ref bytea)
""")

_UNITS = text("""
    SELECT s.position, s.unit_id, u.ref, s.stratum, s.cluster, s.probability, s.cluster_probability, s.release,
           s.replaced_for, u.contact
      FROM sample_unit s
      JOIN frame_unit u ON u.organisation_id = s.organisation_id AND u.id = s.unit_id
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.position > :after
     ORDER BY s.position LIMIT :limit
""")

_NUMBERS = text("""
    SELECT s.stratum, string_agg(int8send(s.number), ''::bytea) AS numbers
      FROM sample_unit s
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id
     GROUP BY s.stratum ORDER BY s.stratum
""")

_CLUSTERS = text("""
    SELECT DISTINCT s.cluster FROM sample_unit s
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.cluster IS NOT NULL
""")

_OVERLAP = text("""
    SELECT count(*) FROM sample_unit s
      JOIN sample_unit e
        ON e.organisation_id = s.organisation_id AND e.sample_id = :earlier AND e.unit_id = s.unit_id
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id
""")

_OF_REFS = text("""
    SELECT u.ref, s.position, s.stratum, s.replaced_for
      FROM frame_unit u
      JOIN sample_unit s ON s.organisation_id = u.organisation_id AND s.unit_id = u.id AND s.sample_id = :sample_id
     WHERE u.organisation_id = :organisation_id AND u.frame_id = :frame_id AND u.ref = ANY(:refs)
""")

_REPLACE = text("""
    UPDATE sample_unit s SET replaced_for = n.reason
      FROM json_to_recordset(CAST(:rows AS json)) AS n (position integer, reason text)
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.position = n.position
""")

_REWEIGH = text("""
    UPDATE sample_unit s SET probability = :probability
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.stratum = :stratum
""")

_NOTE_ASKED = text("""
    INSERT INTO person_contact (organisation_id, person_ref, at)
    SELECT DISTINCT CAST(:organisation_id AS uuid), u.person_ref, CAST(:at AS timestamptz)
      FROM sample_unit s
      JOIN frame_unit u ON u.organisation_id = s.organisation_id AND u.id = s.unit_id
     WHERE s.organisation_id = :organisation_id AND s.sample_id = :sample_id AND s.release = :release
       AND u.person_ref IS NOT NULL
    ON CONFLICT DO NOTHING
""")

_REFS = text("""
    SELECT u.id, u.ref FROM frame_unit u
      JOIN json_array_elements_text(CAST(:ids AS json)) AS w ON u.id = CAST(w AS uuid)
     WHERE u.organisation_id = :organisation_id
""")


@dataclass(frozen=True, slots=True)
class UnitToAdd:
    """A unit that was drawn."""

    position: int
    unit_id: UUID
    number: int
    stratum: int
    cluster: str | None
    probability: float
    cluster_probability: float | None
    cluster_population: int | None
    respondent_ref: bytes | None


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """Where a unit stands in a sample, and why another one is asked in its place."""

    position: int
    stratum: int
    replaced_for: str | None


async def add_sample(session: Session, organisation_id: UUID, new: Sample) -> None:
    """A sample that is to be drawn."""
    await session.execute(
        insert(sample).values(
            organisation_id=organisation_id,
            id=new.id,
            frame_id=new.frame_id,
            survey_id=new.survey_id,
            name=new.name,
            design=_DESIGN.dump_python(new.design, mode="json"),
            seed=new.seed,
            job_id=new.job.id,
            requested_by=new.requested_by,
            created_at=new.created_at,
        )
    )


async def sample_by_id(
    session: Session, organisation_id: UUID, sample_id: UUID, *, hold: bool = False
) -> Sample | None:
    """A sample; held, nobody else changes it until the transaction ends."""
    statement = select(sample).where(sample.c.organisation_id == organisation_id, sample.c.id == sample_id)
    rows = (await session.execute(statement.with_for_update() if hold else statement)).all()
    found = await _with_jobs(session, organisation_id, rows)
    return found[0] if found else None


async def samples_before(
    session: Session,
    organisation_id: UUID,
    *,
    frame_id: UUID | None,
    survey_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> list[Sample]:
    """Samples, newest first."""
    statement = select(sample).where(sample.c.organisation_id == organisation_id)
    if frame_id is not None:
        statement = statement.where(sample.c.frame_id == frame_id)
    if survey_id is not None:
        statement = statement.where(sample.c.survey_id == survey_id)
    if before is not None:
        statement = statement.where(sample.c.id < before)
    rows = (await session.execute(statement.order_by(sample.c.id.desc()).limit(limit))).all()
    return await _with_jobs(session, organisation_id, rows)


async def drawn_samples(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Sample]:
    """Every sample of a survey that is drawn, the oldest first."""
    statement = select(sample).where(
        sample.c.organisation_id == organisation_id, sample.c.survey_id == survey_id, sample.c.drawn_at.is_not(None)
    )
    rows = (await session.execute(statement.order_by(sample.c.drawn_at, sample.c.id))).all()
    return await _with_jobs(session, organisation_id, rows)


async def save_outcome(
    session: Session,
    organisation_id: UUID,
    sample_id: UUID,
    outcome: SampleOutcome,
    *,
    frame_changes: int | None = None,
    at: datetime | None = None,
) -> None:
    """Keep what a draw came to; with ``at``, that it was then."""
    values: dict[str, Any] = {"outcome": _OUTCOME.dump_python(outcome, mode="json")}
    if at is not None:
        values |= {"drawn_at": at, "frame_changes": frame_changes}
    await session.execute(
        update(sample).where(sample.c.organisation_id == organisation_id, sample.c.id == sample_id).values(**values)
    )


async def add_units(
    session: Session, organisation_id: UUID, sample_id: UUID, units: Sequence[UnitToAdd], *, release: int
) -> None:
    """Keep who was drawn."""
    rows = [
        {
            "position": unit.position,
            "unit_id": str(unit.unit_id),
            "number": unit.number,
            "stratum": unit.stratum,
            "cluster": unit.cluster,
            "probability": unit.probability,
            "cluster_probability": unit.cluster_probability,
            "cluster_population": unit.cluster_population,
            "respondent_ref": None if unit.respondent_ref is None else f"\\x{unit.respondent_ref.hex()}",
        }
        for unit in units
    ]
    values = {"organisation_id": organisation_id, "sample_id": sample_id, "release": release}
    await session.execute(_ADD_UNITS, {**values, "rows": json.dumps(rows)})


async def units_after(
    session: Session, organisation_id: UUID, sample_id: UUID, *, after: int, limit: int
) -> list[SampleUnit]:
    """Units of a sample in the order in which they are to be asked."""
    values = {"organisation_id": organisation_id, "sample_id": sample_id, "after": after, "limit": limit}
    return [
        SampleUnit(
            position=row.position,
            unit_id=row.unit_id,
            ref=row.ref,
            stratum=row.stratum,
            cluster=row.cluster,
            probability=row.probability,
            cluster_probability=row.cluster_probability,
            release=row.release,
            replaced_for=row.replaced_for,
            contact=None if row.contact is None else bytes(row.contact),
        )
        for row in await session.execute(_UNITS, values)
    ]


async def numbers_by_stratum(session: Session, organisation_id: UUID, sample_id: UUID) -> dict[int, bytes]:
    """The permanent random numbers of a sample's units, 8 bytes each, by stratum."""
    rows = await session.execute(_NUMBERS, {"organisation_id": organisation_id, "sample_id": sample_id})
    return {row.stratum: bytes(row.numbers) for row in rows}


async def clusters_of(session: Session, organisation_id: UUID, sample_id: UUID) -> list[str]:
    """The clusters of a sample."""
    rows = await session.execute(_CLUSTERS, {"organisation_id": organisation_id, "sample_id": sample_id})
    return list(rows.scalars())


async def overlap_of(session: Session, organisation_id: UUID, sample_id: UUID, earlier: UUID) -> int:
    """Units that are in both samples."""
    values = {"organisation_id": organisation_id, "sample_id": sample_id, "earlier": earlier}
    return int((await session.execute(_OVERLAP, values)).scalar_one())


async def refs_of(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """The refs of units."""
    values = {"organisation_id": organisation_id, "ids": json.dumps([str(each) for each in ids])}
    return {row.id: row.ref for row in await session.execute(_REFS, values)}


async def units_named(
    session: Session, organisation_id: UUID, of: Sample, refs: Sequence[str]
) -> dict[str, PlacedUnit]:
    """Units of a sample by their refs."""
    values = {
        "organisation_id": organisation_id,
        "sample_id": of.id,
        "frame_id": of.frame_id,
        "refs": list(refs),
    }
    rows = await session.execute(_OF_REFS, values)
    return {row.ref: PlacedUnit(row.position, row.stratum, row.replaced_for) for row in rows}


async def note_replaced(
    session: Session, organisation_id: UUID, sample_id: UUID, replaced: Sequence[tuple[int, str]]
) -> None:
    """Note in whose place (position, reason) others are asked."""
    rows = [{"position": position, "reason": reason} for position, reason in replaced]
    values = {"organisation_id": organisation_id, "sample_id": sample_id, "rows": json.dumps(rows)}
    await session.execute(_REPLACE, values)


async def reweigh(session: Session, organisation_id: UUID, sample_id: UUID, stratum: int, probability: float) -> None:
    """Give every unit of a stratum the probability that it has now that others came in."""
    values = {
        "organisation_id": organisation_id,
        "sample_id": sample_id,
        "stratum": stratum,
        "probability": probability,
    }
    await session.execute(_REWEIGH, values)


async def note_asked(session: Session, organisation_id: UUID, sample_id: UUID, *, release: int, at: datetime) -> None:
    """Note that those who came with a release were asked."""
    values = {"organisation_id": organisation_id, "sample_id": sample_id, "release": release, "at": at}
    await session.execute(_NOTE_ASKED, values)


async def add_release(session: Session, organisation_id: UUID, sample_id: UUID, release: Released) -> None:
    """Note who came in, and why."""
    await session.execute(
        insert(sample_release).values(
            organisation_id=organisation_id,
            sample_id=sample_id,
            number=release.number,
            reason=release.reason,
            units=[str(unit) for unit in release.units],
            released_by=release.released_by,
            released_at=release.released_at,
        )
    )


async def releases_of(session: Session, organisation_id: UUID, sample_id: UUID) -> list[Released]:
    """Who came in later, in that order."""
    rows = await session.execute(
        select(sample_release)
        .where(sample_release.c.organisation_id == organisation_id, sample_release.c.sample_id == sample_id)
        .order_by(sample_release.c.number)
    )
    return [
        Released(row.number, row.reason, tuple(map(UUID, row.units)), row.released_by, row.released_at) for row in rows
    ]


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Sample]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    return [
        Sample(
            id=row.id,
            frame_id=row.frame_id,
            survey_id=row.survey_id,
            name=row.name,
            design=_DESIGN.validate_python(row.design),
            seed=row.seed,
            outcome=None if row.outcome is None else _OUTCOME.validate_python(row.outcome),
            frame_changes=row.frame_changes,
            requested_by=row.requested_by,
            created_at=row.created_at,
            drawn_at=row.drawn_at,
            job=jobs[row.job_id],
        )
        for row in rows
    ]
