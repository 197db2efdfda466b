"""Standards: versioned, and the verdicts on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.service import PartName
from feedback_api.schemas.standard_verdicts import ReviewedVerdictOut, ReviewedVerdictPage, StandardVerdictOut
from feedback_api.schemas.standards import StandardIn, StandardOut, StandardPage
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadStandards, CanWriteStandards
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kpis.types import Bucket
from feedback_core.kpis.use_cases import UNWEIGHTED
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.standards import use_cases
from feedback_core.standards.evidence import JudgedPeriod
from feedback_core.standards.types import STANDARD_KEY

router = APIRouter(prefix="/v1/standards", route_class=TransactionalRoute, tags=["Standards"])

StandardKey = Annotated[str, Path(pattern=STANDARD_KEY, examples=["short_wait"])]


@router.get("", operation_id="listStandards", responses=problems(NotFound, Invalid))
async def list_standards(
    caller: CanReadStandards,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    feature: Annotated[PartName | None, Query(description="Key of the feature that they are about")] = None,
    process: Annotated[PartName | None, Query(description="Key of the process that supports them")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> StandardPage:
    """Standards by key, each as it stands now."""
    found, following = await use_cases.list_standards(
        session,
        caller.organisation_id,
        survey_id=survey_id,
        feature=feature,
        process=process,
        limit=limit,
        cursor=cursor,
    )
    return StandardPage(items=[StandardOut.of(each) for each in found], next_cursor=following)


@router.get("/{standard}", operation_id="getStandard", responses=problems(NotFound))
async def get_standard(
    standard: StandardKey, caller: CanReadStandards, session: SnapshotDep, response: Response
) -> StandardOut:
    """The latest version of a standard."""
    found = await use_cases.get_standard(session, caller.organisation_id, standard)
    response.headers["ETag"] = etag(found.version)
    return StandardOut.of(found)


@router.put(
    "/{standard}",
    operation_id="putStandard",
    dependencies=[GuardsPeople],
    responses={
        201: {"model": StandardOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_standard(
    standard: StandardKey,
    body: StandardIn,
    caller: CanWriteStandards,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> StandardOut:
    """Agree a standard, or put a next version of it in place; to replace, send If-Match. Earlier versions stay."""
    version = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_standard(
        session, caller.organisation_id, standard, body.details(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.version)
    return StandardOut.of(found)


@router.get("/{standard}/versions", operation_id="listStandardVersions", responses=problems(NotFound, Invalid))
async def list_standard_versions(
    standard: StandardKey,
    caller: CanReadStandards,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> StandardPage:
    """Every version that a standard has had, the latest first."""
    found, following = await use_cases.list_versions(
        session, caller.organisation_id, standard, limit=limit, cursor=cursor
    )
    return StandardPage(items=[StandardOut.of(each) for each in found], next_cursor=following)


@router.get("/{standard}/verdict", operation_id="getStandardVerdict", responses=problems(NotFound, Conflict, Invalid))
async def standard_verdict(
    standard: StandardKey,
    caller: CanReadStandards,
    session: SnapshotDep,
    clock: ClockDep,
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    bucket: Annotated[Bucket, Query(description="Periods of trend and assurance")] = Bucket.MONTH,
    weighting: Annotated[
        str,
        Query(
            max_length=200, pattern=r"^[^\x00-\x1f]+$", description="Key of a weighting scheme of the survey, or none"
        ),
    ] = UNWEIGHTED,
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of intervals, level of tests")] = 0.95,
) -> StandardVerdictOut:
    """Met, not met, or not enough evidence: with interval, trend, assurance and what others reach."""
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    scheme = None if weighting == UNWEIGHTED else weighting
    period = JudgedPeriod(instant_of(start, zone), instant_of(end, zone), bucket, level, scheme)
    found = await use_cases.get_verdict(session, caller.organisation_id, standard, period, clock=clock)
    return StandardVerdictOut.of(found)


@router.get("/{standard}/verdicts", operation_id="listStandardVerdicts", responses=problems(NotFound, Invalid))
async def list_standard_verdicts(
    standard: StandardKey,
    caller: CanReadStandards,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> ReviewedVerdictPage:
    """What reviews have said of a standard, the latest first."""
    found, following = await use_cases.list_verdicts(
        session, caller.organisation_id, standard, limit=limit, cursor=cursor
    )
    return ReviewedVerdictPage(items=[ReviewedVerdictOut.model_validate(one) for one in found], next_cursor=following)
