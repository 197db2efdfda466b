"""What recipients of reports use: no key, and no organisation in the request; the link is believed by its signature."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from feedback_api.files import report_response
from feedback_api.problems import problem_response
from feedback_api.recipients import HasLink, Token, page_of, shared_out, wants_page
from feedback_api.routes.reports import FILE, IfRange, RangeHeader
from feedback_api.schemas.distributions import SharedReportOut
from feedback_api.unit_of_work import ClockDep, TransactionalRoute
from feedback_core.reports.distributions import use_cases
from feedback_core.reports.distributions.use_cases import Shared

router = APIRouter(prefix="/v1/shared-reports", route_class=TransactionalRoute, tags=["Reports"])

_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "What the link leads to; a browser gets a page", "content": {"text/html": {"schema": {}}}},
    **{status: problem_response(status) for status in (404, 410, 429, 503)},
}


@router.get("/{token}", operation_id="seeSharedReport", response_model=SharedReportOut, responses=_PAGE)
async def see(token: Token, request: Request, recipient: HasLink) -> SharedReportOut | Response:
    """What the link leads to. Looking at it counts neither as opened nor as acknowledged: mail programs look, too."""
    shared = await use_cases.shared_report(
        recipient.session, recipient.named.organisation_id, recipient.named.distribution_id
    )
    return _answer(token, request, shared)


@router.get(
    "/{token}/file",
    operation_id="getSharedReportFile",
    response_class=Response,
    responses={**FILE, **{status: problem_response(status) for status in (404, 410, 429, 503)}},
)
async def get_file(
    token: Token,  # noqa: ARG001 - read by the dependency
    request: Request,
    recipient: HasLink,
    clock: ClockDep,
    asked: RangeHeader = None,
    if_range: IfRange = None,
) -> Response:
    """The report itself; the first time counts as opened."""
    file = await use_cases.open_shared(
        recipient.session, recipient.named.organisation_id, recipient.named.distribution_id, clock=clock
    )
    return report_response(request, file, asked=asked, if_range=if_range, is_shown=True)


@router.post(
    "/{token}/acknowledge", operation_id="acknowledgeSharedReport", response_model=SharedReportOut, responses=_PAGE
)
async def acknowledge(
    token: Token, request: Request, recipient: HasLink, clock: ClockDep
) -> SharedReportOut | Response:
    """Say that the report was read. Saying so again changes nothing, so it needs no Idempotency-Key."""
    shared = await use_cases.acknowledge(
        recipient.session, recipient.named.organisation_id, recipient.named.distribution_id, clock=clock
    )
    return _answer(token, request, shared)


def _answer(token: str, request: Request, shared: Shared) -> SharedReportOut | Response:
    out = shared_out(
        token,
        shared.report.title,
        organisation=shared.organisation,
        audience=shared.report.request.audience,
        format=shared.report.request.format,
        opened_at=shared.distribution.opened_at,
        acknowledged_at=shared.distribution.acknowledged_at,
    )
    return page_of(out) if wants_page(request) else out
