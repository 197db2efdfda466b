"""Portfolios of evidence: the worker puts together the organisation's own records for each criterion of a unit."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.files import AskedBytes, IfRange, portfolio_response
from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.evidence import PortfolioIn, PortfolioOut, PortfoliosOut
from feedback_api.security import CanReadEvidence, CanWriteEvidence
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Gone, Invalid, NotFound
from feedback_core.reports.portfolios import use_cases
from feedback_core.reports.portfolios.types import UnitKey

router = APIRouter(prefix="/v1/evidence", route_class=TransactionalRoute, tags=["Evidence"])

_ZIP: Final = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file", "content": _ZIP},
    206: {"description": "The bytes that Range asks for", "content": _ZIP},
    416: problem_response(416),
}


@router.post(
    "",
    operation_id="requestPortfolio",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def request_portfolio(
    body: PortfolioIn, caller: CanWriteEvidence, session: SessionDep, clock: ClockDep, response: Response
) -> PortfolioOut:
    """Have the organisation's own records for each criterion of a unit put together; `Location` is where to look.

    The same records give the same bytes.
    """
    stored = await use_cases.request_portfolio(
        session, caller.organisation_id, body.request(), by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/evidence/{stored.id}"
    return PortfolioOut.of(stored)


@router.get("", operation_id="listPortfolios", responses=problems(Invalid))
async def list_portfolios(
    caller: CanReadEvidence,
    session: SnapshotDep,
    unit: UnitKey | None = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> PortfoliosOut:
    """Portfolios, newest first; those whose file is gone too."""
    page = await use_cases.list_portfolios(session, caller.organisation_id, unit=unit, cursor=cursor, limit=limit)
    return PortfoliosOut(items=[PortfolioOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/{portfolio_id}", operation_id="getPortfolio", responses=problems(NotFound))
async def get_portfolio(portfolio_id: UUID, caller: CanReadEvidence, session: SnapshotDep) -> PortfolioOut:
    """How far a portfolio is, for which criteria there is something, and where its file is."""
    return PortfolioOut.of(await use_cases.get_portfolio(session, caller.organisation_id, portfolio_id))


@router.get(
    "/{portfolio_id}/file",
    operation_id="getPortfolioFile",
    response_class=Response,
    responses={**_FILE, **problems(NotFound, Conflict, Gone)},
)
async def get_file(
    portfolio_id: UUID,
    request: Request,
    caller: CanReadEvidence,
    session: SnapshotDep,
    asked: AskedBytes = None,
    if_range: IfRange = None,
) -> Response:
    """The file, a ZIP, or the bytes of it that `Range` asks for."""
    file = await use_cases.finished_portfolio(session, caller.organisation_id, portfolio_id)
    return portfolio_response(request, file, asked=asked, if_range=if_range)


@router.post(
    "/{portfolio_id}/cancel",
    operation_id="cancelPortfolio",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict),
)
async def cancel_portfolio(
    portfolio_id: UUID, caller: CanWriteEvidence, session: SessionDep, clock: ClockDep
) -> PortfolioOut:
    """Stop a portfolio: at once while it waits, after the kind of record in hand while it runs."""
    return PortfolioOut.of(await use_cases.cancel_portfolio(session, caller.organisation_id, portfolio_id, clock=clock))


@router.delete(
    "/{portfolio_id}", operation_id="deletePortfolio", status_code=204, responses=problems(NotFound, Conflict)
)
async def delete_portfolio(portfolio_id: UUID, caller: CanWriteEvidence, session: SessionDep, clock: ClockDep) -> None:
    """Throw the file of a portfolio away before it expires; that there was one, and for whom, stays on record."""
    await use_cases.delete_portfolio(session, caller.organisation_id, portfolio_id, clock=clock)
