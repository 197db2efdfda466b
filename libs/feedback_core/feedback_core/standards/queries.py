"""SQL of standards and of the verdicts of reviews on them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from feedback_core.db.session import Session
from feedback_core.service.tables import feature as service_feature
from feedback_core.standards.tables import standard, standard_verdict
from feedback_core.standards.types import ReviewedVerdict, Standard, StandardDetails, StandardVerdict, Verdict

_DETAILS = TypeAdapter(StandardDetails)


async def latest_standard(session: Session, organisation_id: UUID, key: str) -> Standard | None:
    """The latest version of a standard."""
    statement = _of(organisation_id, key).order_by(standard.c.version.desc()).limit(1)
    row = (await session.execute(statement)).one_or_none()
    return _standard(row) if row else None


async def latest_standards(session: Session, organisation_id: UUID, keys: Collection[str]) -> list[Standard]:
    """The latest version of each of these standards, by key."""
    rows = await session.execute(_newest(organisation_id).where(standard.c.key.in_(list(keys))))
    return [_standard(row) for row in rows]


async def standards_after(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    feature: str | None,
    process: str | None,
    after: str | None,
    limit: int,
) -> list[Standard]:
    """The latest version of each standard, by key, those after ``after`` only.

    A standard that names no process is supported by the one that produces its feature.
    """
    columns = standard.c
    newest = _newest(organisation_id)
    if after is not None:
        newest = newest.where(columns.key > after)
    latest = newest.subquery()
    statement = select(latest)
    if survey_id is not None:
        statement = statement.where(latest.c.survey_id == survey_id)
    if feature is not None:
        statement = statement.where(latest.c.feature_key == feature)
    if process is not None:
        produced = select(service_feature.c.key).where(
            service_feature.c.organisation_id == organisation_id, service_feature.c.process_key == process
        )
        of_feature = latest.c.process_key.is_(None) & latest.c.feature_key.in_(produced)
        statement = statement.where((latest.c.process_key == process) | of_feature)
    rows = await session.execute(statement.order_by(latest.c.key).limit(limit))
    return [_standard(row) for row in rows]


async def latest_of_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Standard]:
    """The latest version of each standard that is held against a survey, by key."""
    latest = _newest(organisation_id).subquery()
    rows = await session.execute(select(latest).where(latest.c.survey_id == survey_id).order_by(latest.c.key))
    return [_standard(row) for row in rows]


async def versions_before(
    session: Session, organisation_id: UUID, key: str, *, before: int | None, limit: int
) -> list[Standard]:
    """Versions of a standard, the latest first, those below ``before`` only."""
    statement = _of(organisation_id, key)
    if before is not None:
        statement = statement.where(standard.c.version < before)
    rows = await session.execute(statement.order_by(standard.c.version.desc()).limit(limit))
    return [_standard(row) for row in rows]


async def all_versions(
    session: Session, organisation_id: UUID, *, key: str | None = None, survey_id: UUID | None = None
) -> list[Standard]:
    """Every version of one standard, or of each that was ever held against a survey; by key, the latest first."""
    columns = standard.c
    statement = select(standard).where(columns.organisation_id == organisation_id)
    if key is not None:
        statement = statement.where(columns.key == key)
    if survey_id is not None:
        of_survey = select(columns.key).where(
            columns.organisation_id == organisation_id, columns.survey_id == survey_id
        )
        statement = statement.where(columns.key.in_(of_survey))
    rows = await session.execute(statement.order_by(columns.key, columns.version.desc()))
    return [_standard(row) for row in rows]


async def keys_among(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that standards have."""
    statement = (
        select(standard.c.key).where(standard.c.organisation_id == organisation_id, standard.c.key.in_(keys)).distinct()
    )
    return set((await session.execute(statement)).scalars())


async def add_version(session: Session, organisation_id: UUID, version: Standard) -> bool:
    """Keep a version; false if somebody else has just taken its number."""
    details = version.details
    result = await session.execute(
        insert(standard)
        .values(
            organisation_id=organisation_id,
            key=version.key,
            version=version.version,
            survey_id=details.metric.survey_id,
            feature_key=details.feature,
            process_key=details.process,
            valid_from=details.valid_from,
            valid_to=details.valid_to,
            details=_DETAILS.dump_python(details, mode="json"),
            defined_by=version.defined_by,
            defined_at=version.defined_at,
        )
        .on_conflict_do_nothing()
        .returning(standard.c.version)
    )
    return result.first() is not None


async def latest_verdicts(session: Session, organisation_id: UUID, before_run: UUID) -> dict[str, Verdict]:
    """What the last review before this one said of each standard."""
    columns = standard_verdict.c
    statement = (
        select(columns.standard_key, columns.verdict)
        .where(columns.organisation_id == organisation_id, columns.run_id < before_run)
        .ext(distinct_on(columns.standard_key))
        .order_by(columns.standard_key, columns.run_id.desc())
    )
    return {row.standard_key: Verdict(row.verdict) for row in await session.execute(statement)}


async def add_verdicts(
    session: Session, organisation_id: UUID, run_id: UUID, verdicts: Sequence[StandardVerdict], *, at: datetime
) -> None:
    """Keep what a review said."""
    if not verdicts:
        return
    rows = [_verdict_row(organisation_id, run_id, verdict, at) for verdict in verdicts]
    await session.execute(insert(standard_verdict).values(rows).on_conflict_do_nothing())


async def verdicts_of(
    session: Session, organisation_id: UUID, key: str, *, before: UUID | None, limit: int
) -> list[ReviewedVerdict]:
    """What reviews said of a standard, the latest first, from below ``before``."""
    columns = standard_verdict.c
    statement = select(standard_verdict).where(columns.organisation_id == organisation_id, columns.standard_key == key)
    if before is not None:
        statement = statement.where(columns.run_id < before)
    rows = await session.execute(statement.order_by(columns.run_id.desc()).limit(limit))
    return [_reviewed(row) for row in rows]


def _of(organisation_id: UUID, key: str) -> Select[Any]:
    return select(standard).where(standard.c.organisation_id == organisation_id, standard.c.key == key)


def _newest(organisation_id: UUID) -> Select[Any]:
    return (
        select(standard)
        .where(standard.c.organisation_id == organisation_id)
        .ext(distinct_on(standard.c.key))
        .order_by(standard.c.key, standard.c.version.desc())
    )


def _verdict_row(organisation_id: UUID, run_id: UUID, verdict: StandardVerdict, at: datetime) -> dict[str, object]:
    estimate = verdict.estimate
    interval = estimate.interval if estimate else None
    return {
        "organisation_id": organisation_id,
        "standard_key": verdict.standard,
        "run_id": run_id,
        "standard_version": verdict.version,
        "verdict": verdict.verdict,
        "value": estimate.value if estimate else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "n": estimate.n if estimate else None,
        "threshold": verdict.threshold,
        "sentence": verdict.sentence,
        "period_start": verdict.period_start,
        "period_end": verdict.period_end,
        "decided_at": at,
    }


def _standard(row: Row[Any]) -> Standard:
    details = _DETAILS.validate_python(row.details)
    return Standard(row.key, row.version, details, row.defined_by, row.defined_at)


def _reviewed(row: Row[Any]) -> ReviewedVerdict:
    return ReviewedVerdict(
        run_id=row.run_id,
        version=row.standard_version,
        verdict=Verdict(row.verdict),
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        threshold=row.threshold,
        sentence=row.sentence,
        period_start=row.period_start,
        period_end=row.period_end,
        decided_at=row.decided_at,
    )
