"""Invitations: of samples or people by name, in batches; what became of each; personal links."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.invited import ways
from feedback_api.problems import problems
from feedback_api.routes.frame_units import VaultDep
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.invitations import (
    InvitationBatchIn,
    InvitationBatchOut,
    InvitationDetailOut,
    InvitationOut,
    PersonalLinkOut,
    StepIn,
)
from feedback_api.security import CanReadSamples, CanWriteSamples
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.invitations.links import PersonalLinks
from feedback_core.invitations.types.states import InvitationState
from feedback_core.invitations.use_cases import batches, invitations
from feedback_core.kit.errors import Conflict, Invalid, NotFound

router = APIRouter(prefix="/v1/invitations", route_class=TransactionalRoute, tags=["Invitations"])
of_batches = APIRouter(prefix="/v1/invitation-batches", route_class=TransactionalRoute, tags=["Invitations"])


@router.post(
    "",
    operation_id="invite",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def invite(
    body: InvitationBatchIn,
    caller: CanWriteSamples,
    session: SessionDep,
    clock: ClockDep,
    vault: VaultDep,
    response: Response,
) -> InvitationBatchOut:
    """Invite a sample, or people by name; `Location` is where to look. Messages go out by the worker."""
    counted = await batches.invite(
        session,
        caller.organisation_id,
        body.batch(),
        ways=batches.Ways(*ways()),
        vault=vault,
        by=caller.name,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/invitation-batches/{counted.batch.id}"
    return InvitationBatchOut.of(counted)


@router.get("", operation_id="listInvitations", responses=problems(NotFound, Invalid))
async def list_invitations(
    caller: CanReadSamples,
    session: SnapshotDep,
    survey_id: Annotated[UUID | None, Query(description="Only invitations to this survey")] = None,
    invitation_batch_id: Annotated[UUID | None, Query(description="Only invitations of this batch")] = None,
    state: Annotated[InvitationState | None, Query(description="Only those that stand so")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[InvitationOut]:
    """Invitations in the order in which they were made."""
    found, following = await invitations.list_invitations(
        session,
        caller.organisation_id,
        survey_id=survey_id,
        batch_id=invitation_batch_id,
        state=state,
        cursor=cursor,
        limit=limit,
    )
    return Page(items=[InvitationOut.of(each) for each in found], next_cursor=following)


@router.get("/{invitation_id}", operation_id="getInvitation", responses=problems(NotFound))
async def get_invitation(invitation_id: UUID, caller: CanReadSamples, session: SnapshotDep) -> InvitationDetailOut:
    """An invitation, and what happened to it."""
    found = await invitations.get_invitation(session, caller.organisation_id, invitation_id)
    return InvitationDetailOut.of_whole(found)


@router.get(
    "/{invitation_id}/link",
    operation_id="getInvitationLink",
    dependencies=[NeverStored],
    responses=problems(NotFound, Conflict),
)
async def get_link(
    invitation_id: UUID, request: Request, caller: CanWriteSamples, session: SnapshotDep
) -> PersonalLinkOut:
    """The personal link of an invitation, for a letter or a front end: whoever has it answers in this person's name."""
    found = await invitations.get_link(
        session,
        caller.organisation_id,
        invitation_id,
        PersonalLinks(request.app.state.survey_links, caller.organisation_id, ways()[2].link_base_url or ""),
    )
    return PersonalLinkOut.model_validate(found)


@router.post(
    "/{invitation_id}/steps",
    operation_id="noteInvitationStep",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def note_step(
    invitation_id: UUID, body: StepIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep
) -> InvitationDetailOut:
    """Note what happened outside: a letter went out or came back, somebody said no on the telephone."""
    happening = InvitationState(body.happening)
    found = await invitations.note_step(
        session, caller.organisation_id, invitation_id, happening, by=caller.name, at=clock.now()
    )
    return InvitationDetailOut.of_whole(found)


@router.post(
    "/{invitation_id}/cancel",
    operation_id="cancelInvitation",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict),
)
async def cancel_invitation(
    invitation_id: UUID, caller: CanWriteSamples, session: SessionDep, clock: ClockDep
) -> InvitationDetailOut:
    """Take an invitation back: its link ends, and nothing more is sent."""
    found = await invitations.cancel_invitation(
        session, caller.organisation_id, invitation_id, by=caller.name, clock=clock
    )
    return InvitationDetailOut.of_whole(found)


@of_batches.get("", operation_id="listInvitationBatches", responses=problems(NotFound, Invalid))
async def list_batches(
    caller: CanReadSamples,
    session: SnapshotDep,
    survey_id: Annotated[UUID | None, Query(description="Only batches to this survey")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[InvitationBatchOut]:
    """Batches, newest first."""
    found, following = await batches.list_batches(
        session, caller.organisation_id, survey_id=survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[InvitationBatchOut.of(each) for each in found], next_cursor=following)


@of_batches.get("/{invitation_batch_id}", operation_id="getInvitationBatch", responses=problems(NotFound))
async def get_batch(invitation_batch_id: UUID, caller: CanReadSamples, session: SnapshotDep) -> InvitationBatchOut:
    """A batch: how it goes out, and how many of its invitations stand where."""
    return InvitationBatchOut.of(await batches.get_batch(session, caller.organisation_id, invitation_batch_id))


@of_batches.post(
    "/{invitation_batch_id}/cancel",
    operation_id="cancelInvitationBatch",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict),
)
async def cancel_batch(
    invitation_batch_id: UUID, caller: CanWriteSamples, session: SessionDep, clock: ClockDep
) -> InvitationBatchOut:
    """Take a batch back: nothing more is sent, and links end; who has begun to answer may finish."""
    found = await batches.cancel_batch(
        session, caller.organisation_id, invitation_batch_id, by=caller.name, clock=clock
    )
    return InvitationBatchOut.of(found)
