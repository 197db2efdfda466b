"""Definitions of KPIs: versioned data, so that a new KPI needs no release."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.kpi_definitions import KpiIn, KpiOut, KpisOut
from feedback_api.security import CanReadKpis, CanWriteKpis
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kpis import use_cases

router = APIRouter(prefix="/v1/kpis", route_class=TransactionalRoute, tags=["KPIs"])

KpiKey = Annotated[str, Path(max_length=63, pattern=r"^[a-z][a-z0-9_]*$", examples=["nps"])]


@router.get("", operation_id="listKpis", responses=problems())
async def list_kpis(caller: CanReadKpis, session: SnapshotDep) -> KpisOut:
    """Every KPI that can be asked for, as it is defined now."""
    found = await use_cases.list_definitions(session, caller.organisation_id)
    return KpisOut(items=[KpiOut.of(stored) for stored in found])


@router.get("/{kpi}", operation_id="getKpi", responses=problems(NotFound))
async def get_kpi(kpi: KpiKey, caller: CanReadKpis, session: SnapshotDep, response: Response) -> KpiOut:
    """The definition of a KPI that holds now."""
    found = await use_cases.get_definition(session, caller.organisation_id, kpi)
    response.headers["ETag"] = etag(found.definition.version)
    return KpiOut.of(found)


@router.get("/{kpi}/versions", operation_id="listKpiVersions", responses=problems(NotFound))
async def list_kpi_versions(kpi: KpiKey, caller: CanReadKpis, session: SnapshotDep) -> KpisOut:
    """Every definition that a KPI has had, the one that holds now first."""
    found = await use_cases.definition_versions(session, caller.organisation_id, kpi)
    return KpisOut(items=[KpiOut.of(stored) for stored in found])


@router.put(
    "/{kpi}",
    operation_id="putKpi",
    responses={
        201: {"model": KpiOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_kpi(
    kpi: KpiKey,
    body: KpiIn,
    caller: CanWriteKpis,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> KpiOut:
    """Define a KPI, or replace its definition by a next version; to replace, send If-Match. Figures change at once."""
    version = None if if_match is None else matched_revision(if_match)
    definition = body.definition(kpi)
    stored, is_new = await use_cases.put_definition(
        session, caller.organisation_id, definition, if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.definition.version)
    return KpiOut.of(stored)
