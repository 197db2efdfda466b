"""Holders of roles: no key; their link names organisation and assignment, and is believed by its signature."""

from dataclasses import dataclass
from html import escape
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from feedback_api.linked_pages import linked_page
from feedback_api.rate_limits import Quota, admit
from feedback_api.recipients import REQUESTS_PER_MINUTE, Token
from feedback_api.schemas.staff_roles import SharedRoleOut
from feedback_api.unit_of_work import UnitOfWork
from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.people.roles.links import RoleLinks


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """Who holds a link, and a transaction of the organisation that gave it."""

    organisation_id: UUID
    assignment_id: UUID
    session: Session


async def holder_of(request: Request, token: Token) -> RoleHolder:
    """The holder of a link.

    Raises:
        NotFound: the link was not made here; that it has ended looks the same.
        TooManyRequests: the link is used more often than anybody reads.
    """
    links: RoleLinks = request.app.state.role_links
    ids = links.ids_of(token)
    if ids is None:
        raise NotFound("shared role", "under this link")
    organisation_id, assignment_id = ids
    admit(request, ((Quota("shared_role", REQUESTS_PER_MINUTE), assignment_id.bytes),))
    unit: UnitOfWork = request.state.unit_of_work
    return RoleHolder(organisation_id, assignment_id, await unit.session(organisation_id))


HoldsRole = Annotated[RoleHolder, Depends(holder_of)]


def page_of(shared: SharedRoleOut) -> HTMLResponse:
    """The page that a link leads to: what the role answers for, and a button to acknowledge it."""
    listed = "\n".join(f'<li dir="auto">{escape(each.text)}</li>' for each in shared.responsibilities)
    purpose = f'<p dir="auto">{escape(shared.purpose)}</p>' if shared.purpose else ""
    if shared.acknowledged_at is None:
        below = (
            f'<form method="post" action="{shared.acknowledge}">'
            '<button type="submit">I have read it, and answer for it</button></form>'
        )
    else:
        below = f"<p>Acknowledged on {shared.acknowledged_at:%Y-%m-%d}. Thank you.</p>"
    older = "" if shared.is_latest else "<p>There is a newer version of this role: it will be sent to you.</p>"
    return linked_page(shared.organisation, shared.title, f"{purpose}\n<ul>\n{listed}\n</ul>\n{older}\n{below}")
