"""Single invitations: looked at, taken back, and what somebody notes of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.invitations.links import PersonalLinks
from feedback_core.invitations.queries import invitations as queries
from feedback_core.invitations.queries.batches import batch_by_id
from feedback_core.invitations.types.batches import SendingNotConfigured
from feedback_core.invitations.types.invitations import Invitation, InvitationStep
from feedback_core.invitations.types.states import EndReason, InvitationEnded, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.surveys.use_cases import check_survey


@dataclass(frozen=True, slots=True)
class Told:
    """An invitation with what happened to it, and the ref of its unit."""

    invitation: Invitation
    ref: str | None
    steps: tuple[InvitationStep, ...]


@dataclass(frozen=True, slots=True)
class PersonalUrls:
    """Where one person answers, and where they say that they do not want to be asked."""

    token: str
    url: str
    opt_out_url: str


async def list_invitations(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    batch_id: UUID | None,
    state: InvitationState | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Told], str | None]:
    """A page of invitations in the order in which they were made, and the cursor of the next one.

    Raises:
        NotFound: no such survey, or batch, here.
        InvalidCursor: the cursor belongs to another query.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    if batch_id is not None and await batch_by_id(session, organisation_id, batch_id) is None:
        raise NotFound("invitation batch", batch_id)
    query: dict[str, object] = {
        "list": "invitations",
        "organisation": organisation_id,
        "survey": survey_id,
        "batch": batch_id,
        "state": state,
    }
    after = id_in_cursor(cursor, query)
    found = await queries.invitations_after(
        session, organisation_id, survey_id=survey_id, batch_id=batch_id, state=state, after=after, limit=limit + 1
    )
    page, following = page_of(found, limit, query)
    refs = await _refs(session, organisation_id, page)
    return [Told(each, refs.get(each.id), ()) for each in page], following


async def get_invitation(session: Session, organisation_id: UUID, invitation_id: UUID) -> Told:
    """An invitation, and what happened to it.

    Raises:
        NotFound: no such invitation here.
    """
    found = await held(session, organisation_id, invitation_id, hold=False)
    refs = await _refs(session, organisation_id, [found])
    steps = await queries.steps_of(session, organisation_id, invitation_id)
    return Told(found, refs.get(found.id), tuple(steps))


async def get_link(session: Session, organisation_id: UUID, invitation_id: UUID, links: PersonalLinks) -> PersonalUrls:
    """The personal link of an invitation, to be handed over by somebody else.

    Raises:
        NotFound: no such invitation here.
        SendingNotConfigured: the address at which the invited reach the API is not set.
    """
    found = await held(session, organisation_id, invitation_id, hold=False)
    if not links.base_url:
        raise SendingNotConfigured("There are no links before INVITATIONS_LINK_BASE_URL is set.")
    batch = await batch_by_id(session, organisation_id, found.batch_id)
    assert batch is not None
    if batch.settings.link_url is None and batch.collector_id is None:
        raise NotFound("page of the batch", batch.id)
    return PersonalUrls(
        token=links.token(invitation_id),
        url=links.questionnaire(invitation_id, batch.settings.link_url),
        opt_out_url=links.opt_out(invitation_id),
    )


async def cancel_invitation(
    session: Session, organisation_id: UUID, invitation_id: UUID, *, by: str, clock: Clock
) -> Told:
    """Take an invitation back: its link ends, and nothing more is sent.

    Raises:
        NotFound: no such invitation here.
        InvitationEnded: it has ended already.
    """
    return await _note(session, organisation_id, invitation_id, InvitationState.CANCELLED, by=by, at=clock.now())


async def note_step(
    session: Session,
    organisation_id: UUID,
    invitation_id: UUID,
    happening: InvitationState,
    *,
    by: str,
    at: datetime,
) -> Told:
    """Note what happened outside: that a letter went out, or came back, or what somebody said.

    Raises:
        NotFound: no such invitation here.
        InvitationEnded: it has ended already.
    """
    return await _note(session, organisation_id, invitation_id, happening, by=by, at=at)


async def held(session: Session, organisation_id: UUID, invitation_id: UUID, *, hold: bool = True) -> Invitation:
    """An invitation, kept from others until the transaction ends.

    Raises:
        NotFound: no such invitation here.
    """
    found = await queries.invitation_by_id(session, organisation_id, invitation_id, hold=hold)
    if found is None:
        raise NotFound("invitation", invitation_id)
    return found


async def _note(
    session: Session,
    organisation_id: UUID,
    invitation_id: UUID,
    happening: InvitationState,
    *,
    by: str,
    at: datetime,
) -> Told:
    found = await held(session, organisation_id, invitation_id)
    moved = await move(session, organisation_id, [Happened(found, happening, EndReason.NOTED)], by=by, at=at)
    if not moved:
        raise InvitationEnded(f"The invitation is {found.state.value}: it cannot become {happening.value}.")
    return await get_invitation(session, organisation_id, invitation_id)


async def _refs(session: Session, organisation_id: UUID, found: list[Invitation]) -> dict[UUID, str | None]:
    units = [each.unit_id for each in found if each.unit_id is not None]
    refs = await queries.refs_of(session, organisation_id, units) if units else {}
    return {each.id: refs.get(each.unit_id) for each in found if each.unit_id is not None}
