"""Collection methods: what is known of them, what they cost and bring here, and which to take."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from starlette.convertors import Convertor, register_url_convertor

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.method_choices import MethodComparisonOut, MethodsIn
from feedback_api.schemas.methods import (
    MethodCostsIn,
    MethodCostsOut,
    MethodList,
    MethodOut,
    MethodOutcomeIn,
    MethodOutcomeOut,
    MethodOutcomePage,
)
from feedback_api.security import CanReadPlanning, CanWritePlanning
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import (
    Conflict,
    Invalid,
    NotEstimable,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from feedback_core.planning import methods as use_cases
from feedback_core.planning.types import CollectionMethod


class MethodConvertor(Convertor[str]):
    """Admits names of methods only: what is beside them, `/compare`, is a route of its own for every HTTP method."""

    regex = "|".join(CollectionMethod)

    def convert(self, value: str) -> str:
        """As it is; the type of the parameter makes a method of it."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("method", MethodConvertor())

router = APIRouter(prefix="/v1/methods", route_class=TransactionalRoute, tags=["Planning"])

WhichMethod = Annotated[CollectionMethod, Path(examples=["email"])]


@router.get("", operation_id="listMethods", responses=problems())
async def list_methods(caller: CanReadPlanning, session: SnapshotDep) -> MethodList:
    """Every way to collect feedback, with strengths, weaknesses, response rate, cost and footprint."""
    found = await use_cases.list_methods(session, caller.organisation_id)
    return MethodList(items=[MethodOut.of(method) for method in found.values()])


@router.post(
    "/compare",
    operation_id="compareMethods",
    dependencies=[Idempotent],
    responses=problems(Invalid, NotEstimable),
)
async def compare_methods(body: MethodsIn, caller: CanReadPlanning, session: SessionDep) -> MethodComparisonOut:
    """Which methods do what is wanted, at which cost; one alone, or one followed up by another."""
    return MethodComparisonOut.of(await use_cases.compare(session, caller.organisation_id, body.request()))


@router.get("/{collection_method:method}", operation_id="getMethod", responses=problems(NotFound))
async def get_method(collection_method: WhichMethod, caller: CanReadPlanning, session: SnapshotDep) -> MethodOut:
    """One method."""
    return MethodOut.of(await use_cases.get_method(session, caller.organisation_id, collection_method))


@router.get("/{collection_method:method}/costs", operation_id="getMethodCosts", responses=problems(NotFound))
async def get_method_costs(
    collection_method: WhichMethod, caller: CanReadPlanning, session: SnapshotDep, response: Response
) -> MethodCostsOut:
    """What you have said that a method costs and takes here."""
    found = await use_cases.get_terms(session, caller.organisation_id, collection_method)
    response.headers["ETag"] = etag(found.revision)
    return MethodCostsOut.of(found)


@router.put(
    "/{collection_method:method}/costs",
    operation_id="putMethodCosts",
    responses={
        201: {"model": MethodCostsOut, "description": "Nothing was said before"},
        **problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_method_costs(
    collection_method: WhichMethod,
    body: MethodCostsIn,
    caller: CanWritePlanning,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> MethodCostsOut:
    """Say what a method costs and takes here, in place of what is assumed; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await use_cases.put_terms(
        session,
        caller.organisation_id,
        collection_method,
        body.terms(),
        if_revision=revision,
        by=caller.name,
        clock=clock,
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return MethodCostsOut.of(found)


@router.delete(
    "/{collection_method:method}/costs", operation_id="deleteMethodCosts", status_code=204, responses=problems(NotFound)
)
async def delete_method_costs(collection_method: WhichMethod, caller: CanWritePlanning, session: SessionDep) -> None:
    """Reckon with what is assumed again."""
    await use_cases.delete_terms(session, caller.organisation_id, collection_method)


@router.get(
    "/{collection_method:method}/outcomes", operation_id="listMethodOutcomes", responses=problems(NotFound, Invalid)
)
async def list_method_outcomes(
    collection_method: WhichMethod,
    caller: CanReadPlanning,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> MethodOutcomePage:
    """What became of those contacted, collection by collection; measured response rates follow from all of these."""
    found, following = await use_cases.list_outcomes(
        session, caller.organisation_id, collection_method, limit=limit, cursor=cursor
    )
    return MethodOutcomePage(items=[MethodOutcomeOut.of(each) for each in found], next_cursor=following)


@router.post(
    "/{collection_method:method}/outcomes",
    operation_id="addMethodOutcome",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def add_method_outcome(
    collection_method: WhichMethod,
    body: MethodOutcomeIn,
    caller: CanWritePlanning,
    session: SessionDep,
    clock: ClockDep,
) -> MethodOutcomeOut:
    """Enter what became of those contacted in a collection that has ended."""
    kept = await use_cases.keep_outcome(
        session, caller.organisation_id, collection_method, body.outcome(), by=caller.name, clock=clock
    )
    return MethodOutcomeOut.of(kept)


@router.delete(
    "/{collection_method:method}/outcomes/{outcome_id}",
    operation_id="deleteMethodOutcome",
    status_code=204,
    responses=problems(NotFound),
)
async def delete_method_outcome(
    collection_method: WhichMethod, outcome_id: UUID, caller: CanWritePlanning, session: SessionDep
) -> None:
    """Take an outcome back that was entered wrongly."""
    await use_cases.delete_outcome(session, caller.organisation_id, collection_method, outcome_id)
