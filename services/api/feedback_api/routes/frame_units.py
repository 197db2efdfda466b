"""Units of frames: put in batches, read, deleted; who was asked elsewhere, and who does not want to be asked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.frames import (
    AskedOfFrameIn,
    Said,
    UnitOut,
    UnitResultsOut,
    UnitsIn,
)
from feedback_api.schemas.opt_outs import OptOutOut, OptOutsIn, OptOutsOut
from feedback_api.security import CanReadSamples, CanWriteSamples, require_scope
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.organisations.types import Scope
from feedback_core.sampling.use_cases import units
from feedback_core.sampling.vault import ContactVault

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Sampling"])


async def _vault(request: Request) -> ContactVault:
    vault: ContactVault = request.app.state.contacts
    return vault


async def _contacts(
    caller: CanReadSamples,
    contacts: Annotated[bool, Query(description="Show contacts; takes a key with `identities:read` too")] = False,  # noqa: FBT002
) -> bool:
    if contacts:
        require_scope(caller, Scope.IDENTITIES_READ)
    return contacts


VaultDep = Annotated[ContactVault, Depends(_vault)]
ShowContacts = Annotated[bool, Depends(_contacts)]


@router.post(
    "/frames/{frame_id}/units",
    operation_id="putFrameUnits",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def put_units(
    frame_id: UUID, body: UnitsIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, vault: VaultDep
) -> UnitResultsOut:
    """Add units, or replace those of the same ref; what is wrong with one keeps no other out."""
    said = [each.unit() for each in body.units]
    found = await units.put_units(session, caller.organisation_id, frame_id, said, vault=vault, clock=clock)
    return UnitResultsOut.of(found)


@router.get(
    "/frames/{frame_id}/units",
    operation_id="listFrameUnits",
    dependencies=[NeverStored],
    responses=problems(NotFound, Invalid),
)
async def list_units(
    frame_id: UUID,
    caller: CanReadSamples,
    session: SnapshotDep,
    vault: VaultDep,
    contacts: ShowContacts,
    ref: Annotated[Said | None, Query(description="Only the unit that you call so")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[UnitOut]:
    """Units of a frame in the order in which they came in."""
    found, following = await units.list_units(
        session, caller.organisation_id, frame_id, ref=ref, cursor=cursor, limit=limit
    )
    items = [UnitOut.of(unit, units.opened(unit, vault) if contacts else None) for unit in found]
    return Page(items=items, next_cursor=following)


@router.delete(
    "/frames/{frame_id}/units/{unit_id}",
    operation_id="deleteFrameUnit",
    status_code=204,
    responses=problems(NotFound),
)
async def delete_unit(
    frame_id: UUID, unit_id: UUID, caller: CanWriteSamples, session: SessionDep, clock: ClockDep
) -> None:
    """Delete a unit; it is of no sample any more."""
    await units.delete_unit(session, caller.organisation_id, frame_id, unit_id, clock=clock)


@router.post(
    "/frames/{frame_id}/contacts",
    operation_id="noteFrameContacts",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def note_contacts(frame_id: UUID, body: AskedOfFrameIn, caller: CanWriteSamples, session: SessionDep) -> None:
    """Note who was asked elsewhere, so that the contact rules of every frame count it."""
    asked = [(each.ref, each.at) for each in body.items]
    await units.note_contacts(session, caller.organisation_id, frame_id, asked)


@router.post("/opt-outs", operation_id="noteOptOuts", dependencies=[Idempotent], responses=problems(Invalid))
async def note_opt_outs(
    body: OptOutsIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, vault: VaultDep
) -> OptOutsOut:
    """Note who does not want to be asked, or wants to again, whatever frame they are in or come into later."""
    said = [each.opt_out() for each in body.items]
    found = await units.note_opt_outs(session, caller.organisation_id, said, vault=vault, by=caller.name, clock=clock)
    items = [OptOutOut(opted_out=each.opted_out, units=n) for each, n in zip(said, found, strict=True)]
    return OptOutsOut(items=items)
