"""The invited: no key; their link names organisation and invitation, and is believed by its signature."""

from dataclasses import dataclass
from html import escape
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Path, Request
from starlette.responses import HTMLResponse

from feedback_api.linked_pages import linked_page
from feedback_api.rate_limits import Quota, admit
from feedback_api.unit_of_work import UnitOfWork
from feedback_core.collectors.links import SurveyLinks
from feedback_core.db.session import Session
from feedback_core.invitations.links import opt_out_path
from feedback_core.invitations.use_cases.answering import Keys
from feedback_core.kit.errors import NotFound
from feedback_core.kit.settings import InvitationSettings, SmsSettings, SmtpSettings

REQUESTS_PER_MINUTE: Final = 120
"""Of one link."""

InvitedToken = Annotated[str, Path(min_length=1, max_length=200, description="As in the personal link: fbi_…")]


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """Who holds a personal link, and a transaction of the organisation that gave it."""

    token: str
    organisation_id: UUID
    invitation_id: UUID
    session: Session
    keys: Keys


async def invited_by(request: Request, token: InvitedToken) -> InvitedPerson:
    """The holder of a personal link.

    Raises:
        NotFound: the link was not made here.
        TooManyRequests: the link is used more often than anybody answers.
    """
    links: SurveyLinks = request.app.state.survey_links
    named = links.named(token)
    if named is None or named.invitation_id is None:
        raise NotFound("invitation", "under this link")
    admit(request, ((Quota("invitation", REQUESTS_PER_MINUTE), named.invitation_id.bytes),))
    unit: UnitOfWork = request.state.unit_of_work
    state = request.app.state
    session = await unit.session(named.organisation_id)
    return InvitedPerson(
        token, named.organisation_id, named.invitation_id, session, Keys(state.contacts, state.privacy)
    )


IsInvited = Annotated[InvitedPerson, Depends(invited_by)]


def base_path(token: str) -> str:
    """Where the API answers whoever has the link."""
    return f"/v1/invited/{token}"


def asking_page(token: str, organisation: str) -> HTMLResponse:
    """The page that asks whether somebody really wants to be asked no more: following a link changes nothing."""
    button = (
        f'<form method="post" action="{escape(opt_out_path(token))}"><button type="submit">Do not ask me again</button>'
        "</form>"
    )
    return linked_page(organisation, "Do you want no more questions from us?", button)


def done_page(organisation: str) -> HTMLResponse:
    """The page that says that nobody is asked again."""
    return linked_page(organisation, "We will not ask you again.", "<p>It holds from now on.</p>")


def ways() -> tuple[SmtpSettings, SmsSettings, InvitationSettings]:
    """How messages go out, as it is set in the environment."""
    return SmtpSettings(), SmsSettings(), InvitationSettings()
