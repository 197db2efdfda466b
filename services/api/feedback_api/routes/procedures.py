"""Procedures: how the organisation decides; and who has left."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, Key, etag, matched_revision
from feedback_api.schemas.procedures import (
    DeparturesIn,
    DeparturesOut,
    ProcedureIn,
    ProcedureOut,
    ProceduresOut,
)
from feedback_api.security import CanReadProcedures, CanWriteProcedures
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.recommendations.procedures import use_cases

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Procedures"])

ProcedureKey = Annotated[Key, Path(examples=["standard"])]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An earlier version; the latest if left out")]


@router.get("/procedures", operation_id="listProcedures", responses=problems())
async def list_procedures(caller: CanReadProcedures, session: SnapshotDep) -> ProceduresOut:
    """Every procedure in its latest version; `standard` is the one that recommendations enter under."""
    found = await use_cases.list_procedures(session, caller.organisation_id)
    return ProceduresOut(items=[ProcedureOut.of(stored) for stored in found])


@router.get("/procedures/{procedure}", operation_id="getProcedure", responses=problems(NotFound))
async def get_procedure(
    procedure: ProcedureKey,
    caller: CanReadProcedures,
    session: SnapshotDep,
    response: Response,
    version: Version = None,
) -> ProcedureOut:
    """One procedure."""
    found = await use_cases.get_procedure(session, caller.organisation_id, procedure, version)
    response.headers["ETag"] = etag(found.version)
    return ProcedureOut.of(found)


@router.put(
    "/procedures/{procedure}",
    operation_id="putProcedure",
    responses={
        201: {"model": ProcedureOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_procedure(
    procedure: ProcedureKey,
    body: ProcedureIn,
    caller: CanWriteProcedures,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> ProcedureOut:
    """Decide so from now on; recommendations stay under the version that they entered under."""
    version = None if if_match is None else matched_revision(if_match)
    stored, is_new = await use_cases.put_procedure(
        session,
        caller.organisation_id,
        procedure,
        body.procedure(),
        if_version=version,
        by=caller.name,
        clock=clock,
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.version)
    return ProcedureOut.of(stored)


@router.get("/departures", operation_id="getDepartures", responses=problems())
async def get_departures(caller: CanReadProcedures, session: SnapshotDep, response: Response) -> DeparturesOut:
    """Everybody who left; without an ETag as long as nobody has written the list."""
    found = await use_cases.get_departures(session, caller.organisation_id)
    if found.revision:
        response.headers["ETag"] = etag(found.revision)
    return DeparturesOut.of(found)


@router.put(
    "/departures",
    operation_id="putDepartures",
    responses=problems(Invalid, PreconditionFailed, PreconditionRequired),
)
async def put_departures(
    body: DeparturesIn,
    caller: CanWriteProcedures,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> DeparturesOut:
    """Replace the list of those who left: they decide nothing any more, and nobody can name them."""
    found = await use_cases.put_departures(
        session,
        caller.organisation_id,
        body.departures(),
        if_revision=None if if_match is None else matched_revision(if_match),
        by=caller.name,
        clock=clock,
    )
    response.headers["ETag"] = etag(found.revision)
    return DeparturesOut.of(found)
