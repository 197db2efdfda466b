"""What holders of roles use: no key, and no organisation in the request; the link is believed by its signature."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from feedback_api.problems import problem_response
from feedback_api.recipients import Token, wants_page
from feedback_api.role_holders import HoldsRole, page_of
from feedback_api.schemas.staff_roles import SharedRoleOut
from feedback_api.unit_of_work import ClockDep, TransactionalRoute
from feedback_core.people.roles import use_cases
from feedback_core.people.roles.links import path_of
from feedback_core.people.roles.types import SharedRole

router = APIRouter(prefix="/v1/shared-roles", route_class=TransactionalRoute, tags=["People"])

_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "What the link leads to; a browser gets a page", "content": {"text/html": {"schema": {}}}},
    **{status: problem_response(status) for status in (404, 429, 503)},
}


@router.get("/{token}", operation_id="seeSharedRole", response_model=SharedRoleOut, responses=_PAGE)
async def see(token: Token, request: Request, holder: HoldsRole) -> SharedRoleOut | Response:
    """What the link leads to. Looking at it does not count as acknowledged: mail programs look, too."""
    shared = await use_cases.shared_role(holder.session, holder.organisation_id, holder.assignment_id)
    return _answer(token, request, shared)


@router.post(
    "/{token}/acknowledge", operation_id="acknowledgeSharedRole", response_model=SharedRoleOut, responses=_PAGE
)
async def acknowledge(token: Token, request: Request, holder: HoldsRole, clock: ClockDep) -> SharedRoleOut | Response:
    """Say that the role was read. Saying so again changes nothing, so it needs no Idempotency-Key."""
    shared = await use_cases.acknowledge(holder.session, holder.organisation_id, holder.assignment_id, clock=clock)
    return _answer(token, request, shared)


def _answer(token: str, request: Request, shared: SharedRole) -> SharedRoleOut | Response:
    out = SharedRoleOut.of(shared, path_of(token))
    return page_of(out) if wants_page(request) else out
