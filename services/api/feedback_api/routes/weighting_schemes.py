"""Weighting schemes of a survey: named in ``weighting=`` of every KPI query."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.weighting_schemes import WeightingSchemeIn, WeightingSchemeOut, WeightingSchemesOut
from feedback_api.security import CanReadKpis, CanWriteKpis
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.weighting import use_cases

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/weighting-schemes", route_class=TransactionalRoute, tags=["Weighting"]
)

SchemeKey = Annotated[str, Path(max_length=63, pattern=r"^[a-z][a-z0-9_]*$", examples=["customers_2026"])]


@router.get("", operation_id="listWeightingSchemes", responses=problems(NotFound, Conflict))
async def list_weighting_schemes(survey_id: UUID, caller: CanReadKpis, session: SnapshotDep) -> WeightingSchemesOut:
    """The schemes of a survey as they hold now, by key."""
    found = await use_cases.list_schemes(session, caller.organisation_id, survey_id)
    return WeightingSchemesOut(items=[WeightingSchemeOut.of(stored) for stored in found])


@router.get("/{scheme}", operation_id="getWeightingScheme", responses=problems(NotFound))
async def get_weighting_scheme(
    survey_id: UUID, scheme: SchemeKey, caller: CanReadKpis, session: SnapshotDep, response: Response
) -> WeightingSchemeOut:
    """A scheme as it holds now."""
    found = await use_cases.get_scheme(session, caller.organisation_id, survey_id, scheme)
    response.headers["ETag"] = etag(found.scheme.version)
    return WeightingSchemeOut.of(found)


@router.get("/{scheme}/versions", operation_id="listWeightingSchemeVersions", responses=problems(NotFound))
async def list_weighting_scheme_versions(
    survey_id: UUID, scheme: SchemeKey, caller: CanReadKpis, session: SnapshotDep
) -> WeightingSchemesOut:
    """Every version of a scheme, the one that holds now first."""
    found = await use_cases.scheme_versions(session, caller.organisation_id, survey_id, scheme)
    return WeightingSchemesOut(items=[WeightingSchemeOut.of(stored) for stored in found])


@router.put(
    "/{scheme}",
    operation_id="putWeightingScheme",
    responses={
        201: {"model": WeightingSchemeOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_weighting_scheme(
    survey_id: UUID,
    scheme: SchemeKey,
    body: WeightingSchemeIn,
    caller: CanWriteKpis,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> WeightingSchemeOut:
    """Keep a scheme, or replace it by its next version; to replace, send If-Match. Weighted figures change at once."""
    version = None if if_match is None else matched_revision(if_match)
    stored, is_new = await use_cases.put_scheme(
        session, caller.organisation_id, survey_id, body.scheme(scheme), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.scheme.version)
    return WeightingSchemeOut.of(stored)
