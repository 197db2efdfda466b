"""What can be done with standards: put and read them, and ask for the verdict on one."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import (
    id_in_cursor,
    key_in_cursor,
    numbers_in_cursor,
    page_of,
)
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.service.parts import unknown_parts
from feedback_core.service.types import PartKind
from feedback_core.service.use_cases import hold_feature
from feedback_core.standards import queries, reference_queries
from feedback_core.standards.evidence import JudgedPeriod, read_evidence
from feedback_core.standards.judgement import verdict_on
from feedback_core.standards.metrics import faults_of, settle_metric
from feedback_core.standards.types import (
    STANDARD_KEY,
    PracticeNote,
    ReviewedVerdict,
    Standard,
    StandardDetails,
    StandardVerdict,
    Undecided,
    Verdict,
)
from feedback_core.standards.validity import version_for
from feedback_core.surveys.use_cases import check_survey

_KEY: Final = re.compile(STANDARD_KEY)
_MOST_NOTES: Final = 100


@dataclass(frozen=True, slots=True)
class FoundVerdict:
    """The verdict on a standard, and how others do it."""

    verdict: StandardVerdict
    practice_notes: Sequence[PracticeNote]


async def list_standards(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None = None,
    feature: str | None = None,
    process: str | None = None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Standard], str | None]:
    """A page of standards by key, each in its latest version, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list with these filters.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    filters = {"survey_id": survey_id, "feature": feature, "process": process}
    query = {"list": "standards", "organisation": organisation_id, **filters}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.standards_after(
        session,
        organisation_id,
        survey_id=survey_id,
        feature=feature,
        process=process,
        after=after,
        limit=limit + 1,
    )
    return page_of(found, limit, query, at=lambda each: each.key)


async def get_standard(session: Session, organisation_id: UUID, key: str) -> Standard:
    """The latest version of a standard.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.latest_standard(session, organisation_id, key)
    if found is None:
        raise NotFound("standard", key)
    return found


async def list_versions(
    session: Session, organisation_id: UUID, key: str, *, limit: int, cursor: str | None
) -> tuple[list[Standard], str | None]:
    """A page of the versions of a standard, the latest first, and the cursor of the next page.

    Raises:
        NotFound: there is no such standard.
        InvalidCursor: the cursor is not one of this list.
    """
    await get_standard(session, organisation_id, key)
    query = {"list": "standard_versions", "organisation": organisation_id, "standard": key}
    before = None
    if cursor is not None:
        (before,) = numbers_in_cursor(cursor, query)
    found = await queries.versions_before(session, organisation_id, key, before=before, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.version)


async def put_standard(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: StandardDetails,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[Standard, bool]:
    """Have a standard say this from now on, and whether it is new; the same again changes nothing.

    Args:
        session: bound to the organisation.
        organisation_id: whose standard it is.
        key: matches ``STANDARD_KEY``.
        details: what is said.
        if_version: the version that the caller has edited; ``None`` for a standard that is not there yet.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey here.
        Conflict: the survey was never published.
        Invalid: it contradicts itself, its metric, or what is there; the pointers say where.
        PreconditionRequired: there is such a standard, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    await _check(session, organisation_id, details)
    current = await queries.latest_standard(session, organisation_id, key)
    require_current("standard", current.version if current else None, if_version)
    if current and current.details == details:
        return current, False
    version = Standard(key, current.version + 1 if current else 1, details, by, clock.now())
    if not await queries.add_version(session, organisation_id, version):
        raise PreconditionFailed("The standard has just been changed by somebody else: read it again.")
    return version, current is None


async def get_verdict(
    session: Session, organisation_id: UUID, key: str, period: JudgedPeriod, *, clock: Clock
) -> FoundVerdict:
    """The verdict on a standard for a period.

    Raises:
        NotFound: there is no such standard.
        Invalid: the period is empty, nobody answered in it, the standard does not hold in it, or the weighting does not
            go with the survey or the metric; the pointer says which.
    """
    if period.start and period.end and period.start >= period.end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    versions = await queries.all_versions(session, organisation_id, key=key)
    if not versions:
        raise NotFound("standard", key)
    organisation, now = await get_organisation(session, organisation_id), clock.now()
    standard = version_for(versions, period.start, period.end, organisation.time_zone, now=now)
    if standard is None:
        spans = "; ".join(_span(version) for version in versions)
        detail = f"The standard does not hold in this period. Version by version it holds {spans}."
        raise Invalid([Fault("/query/from", "standard_not_valid", detail)])
    evidence = await read_evidence(session, organisation, standard, period, clock=clock)
    verdict = await asyncio.to_thread(verdict_on, evidence, as_of=now)
    if verdict.undecided is Undecided.NOBODY_ANSWERED:
        detail = f"Nobody answered in this period, so nothing can be held against the standard{_judged(verdict)}."
        raise Invalid([Fault("/query/from", "no_answers", detail)])
    notes = await reference_queries.references_after(
        session, organisation_id, PracticeNote, standard=key, after=None, limit=_MOST_NOTES
    )
    return FoundVerdict(verdict, notes)


async def list_verdicts(
    session: Session, organisation_id: UUID, key: str, *, limit: int, cursor: str | None
) -> tuple[list[ReviewedVerdict], str | None]:
    """A page of what reviews said of a standard, the latest first, and the cursor of the next page.

    Raises:
        NotFound: there is no such standard.
        InvalidCursor: the cursor is not one of this list.
    """
    await get_standard(session, organisation_id, key)
    query = {"list": "standard_verdicts", "organisation": organisation_id, "standard": key}
    before = id_in_cursor(cursor, query)
    found = await queries.verdicts_of(session, organisation_id, key, before=before, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.run_id)


async def has_standards(session: Session, organisation_id: UUID, survey_id: UUID) -> bool:
    """Whether any standard was ever held against a survey."""
    return bool(await queries.all_versions(session, organisation_id, survey_id=survey_id))


async def standards_in_force(
    session: Session, organisation: Organisation, survey_id: UUID, period: JudgedPeriod, *, clock: Clock
) -> list[Standard]:
    """The standards that are held against a survey in a period, each in the version that holds there; by key."""
    now, by_key = clock.now(), defaultdict(list)
    for version in await queries.all_versions(session, organisation.organisation_id, survey_id=survey_id):
        by_key[version.key].append(version)
    zone = organisation.time_zone
    found = [version_for(versions, period.start, period.end, zone, now=now) for versions in by_key.values()]
    return [each for each in found if each is not None and each.details.metric.survey_id == survey_id]


async def keep_verdicts(
    session: Session, organisation_id: UUID, run_id: UUID, verdicts: Sequence[StandardVerdict], *, clock: Clock
) -> list[StandardVerdict]:
    """Keep what a review said; returns the verdicts that turned to not met."""
    before = await queries.latest_verdicts(session, organisation_id, run_id)
    await queries.add_verdicts(session, organisation_id, run_id, verdicts, at=clock.now())
    return [
        one for one in verdicts if one.verdict is Verdict.NOT_MET and before.get(one.standard) is not Verdict.NOT_MET
    ]


async def _check(session: Session, organisation_id: UUID, details: StandardDetails) -> None:
    faults = [*_of_dates(details)]
    try:
        asked = await settle_metric(session, organisation_id, details.metric)
    except Invalid as invalid:
        faults += invalid.faults
    else:
        faults += faults_of(details, asked.target)
    if details.feature is not None and not await hold_feature(session, organisation_id, details.feature):
        faults.append(Fault("/feature", "unknown_feature", f"There is no feature {details.feature}: put it first."))
    named = [("/process", details.process)] if details.process else []
    faults += await unknown_parts(session, organisation_id, PartKind.PROCESS, named)
    if faults:
        raise Invalid(faults)


def _of_dates(details: StandardDetails) -> Iterator[Fault]:
    if details.valid_to is not None and details.valid_to <= details.valid_from:
        yield Fault("/valid_to", "empty_period", "The standard must end after the day on which it begins.")


def _span(version: Standard) -> str:
    details = version.details
    until = f" until {details.valid_to}" if details.valid_to else " on"
    return f"from {details.valid_from}{until}"


def _judged(verdict: StandardVerdict) -> str:
    return f", which holds from {verdict.period_start:%Y-%m-%d}" if verdict.period_start else ""
