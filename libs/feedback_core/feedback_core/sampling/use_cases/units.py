"""Units of a frame: put in batches, read, deleted; who repeats whom; who was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.regions import regions_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.sampling.checks import UnitCheck
from feedback_core.sampling.queries import contacts as contact_queries
from feedback_core.sampling.queries import units as queries
from feedback_core.sampling.queries.contacts import Named
from feedback_core.sampling.queries.units import PutUnit
from feedback_core.sampling.types.frames import (
    Contact,
    Duplicate,
    Frame,
    NewUnit,
    OptOutBy,
    RejectedUnit,
    StoredUnit,
    UnitRow,
)
from feedback_core.sampling.use_cases.frames import frame_in_use, get_frame, note_change, settle_soon
from feedback_core.sampling.vault import Contacts, ContactVault

_NO_ID: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class OptOut:
    """Somebody who does not want to be asked, or wants to again; exactly one of the first three is there."""

    email: str | None = None
    phone: str | None = None
    ref: str | None = None
    reason: str | None = None
    opted_out: bool = True


async def contacts_of(session: Session, organisation_id: UUID, vault: ContactVault) -> Contacts:
    """What makes the keyed hashes of an organisation."""
    organisation = await get_organisation(session, organisation_id)
    return vault.of(organisation_id, regions_of(organisation.time_zone))


async def put_units(
    session: Session,
    organisation_id: UUID,
    frame_id: UUID,
    said: Sequence[NewUnit],
    *,
    vault: ContactVault,
    clock: Clock,
) -> list[PutUnit | RejectedUnit]:
    """Add units to a frame, or replace those of the same ref; what became of each, in their order.

    Raises:
        NotFound: no such frame here.
        FrameEmptied: its time is over.
    """
    frame = await frame_in_use(session, organisation_id, frame_id, hold=True)
    check = UnitCheck(frame, await contacts_of(session, organisation_id, vault))
    return await write_units(session, organisation_id, frame, [check.check(each) for each in said], clock=clock)


async def write_units(
    session: Session, organisation_id: UUID, frame: Frame, checked: Sequence[UnitRow | RejectedUnit], *, clock: Clock
) -> list[PutUnit | RejectedUnit]:
    """Write checked units; of several with one ref the last one stays, and the others say the same of it."""
    rows = {each.ref: each for each in checked if isinstance(each, UnitRow)}
    put = await queries.put_units(session, organisation_id, frame.id, list(rows.values()), at=clock.now())
    if put:
        await note_change(session, organisation_id, frame, clock=clock)
        await settle_soon(session, organisation_id, frame.id, clock=clock)
    return [put[each.ref] if isinstance(each, UnitRow) else each for each in checked]


async def list_units(
    session: Session, organisation_id: UUID, frame_id: UUID, *, ref: str | None, cursor: str | None, limit: int
) -> tuple[list[StoredUnit], str | None]:
    """A page of units in the order in which they came in, and the cursor of the next one.

    Raises:
        NotFound: no such frame here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_frame(session, organisation_id, frame_id)
    query: dict[str, object] = {"list": "units", "organisation": organisation_id, "frame": frame_id, "ref": ref}
    after = id_in_cursor(cursor, query)
    found = await queries.units_after(session, organisation_id, frame_id, ref=ref, after=after, limit=limit + 1)
    return page_of(found, limit, query)


async def list_duplicates(
    session: Session, organisation_id: UUID, frame_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Duplicate], str | None]:
    """A page of units that another one stands for, and the cursor of the next one.

    Raises:
        NotFound: no such frame here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_frame(session, organisation_id, frame_id)
    query: dict[str, object] = {"list": "duplicates", "organisation": organisation_id, "frame": frame_id}
    after = id_in_cursor(cursor, query) or _NO_ID
    found = await queries.duplicates_after(session, organisation_id, frame_id, after=after, limit=limit + 1)
    return page_of(found, limit, query)


async def delete_unit(session: Session, organisation_id: UUID, frame_id: UUID, unit_id: UUID, *, clock: Clock) -> None:
    """Delete a unit; it is of no sample any more.

    Raises:
        NotFound: no such frame or unit here.
    """
    await get_frame(session, organisation_id, frame_id, hold=True)
    if not await queries.delete_units(session, organisation_id, frame_id, [unit_id]):
        raise NotFound("unit", unit_id)
    await settle_soon(session, organisation_id, frame_id, clock=clock)


async def note_contacts(
    session: Session, organisation_id: UUID, frame_id: UUID, asked: Sequence[tuple[str, datetime]]
) -> None:
    """Note that people of a frame, by their refs, were asked elsewhere: contact rules count it.

    Raises:
        NotFound: no such frame here.
        FrameEmptied: its time is over.
        Invalid: the frame has no unit of this ref; the pointers say which.
    """
    await frame_in_use(session, organisation_id, frame_id)
    there = await queries.refs_there(session, organisation_id, frame_id, [ref for ref, _ in asked])
    faults = [
        Fault(f"/items/{place}/ref", "unknown_unit", "The frame has no unit of this ref.")
        for place, (ref, _) in enumerate(asked)
        if ref not in there
    ]
    if faults:
        raise Invalid(faults)
    await contact_queries.note_contacts(session, organisation_id, [(there[ref][1], at) for ref, at in asked])


async def note_opt_outs(
    session: Session, organisation_id: UUID, said: Sequence[OptOut], *, vault: ContactVault, by: str, clock: Clock
) -> list[int]:
    """Note who does not want to be asked, or wants to again, whatever frame they are in; how many units each is.

    Raises:
        Invalid: somebody is not named by exactly one thing, or by one that names nobody; the pointers say who.
    """
    contacts = await contacts_of(session, organisation_id, vault)
    named = [_named(each, contacts, place) for place, each in enumerate(said)]
    faults = [each for each in named if isinstance(each, Fault)]
    if faults:
        raise Invalid(faults)
    found = []
    for each, who in zip(said, named, strict=True):
        assert isinstance(who, Named)
        if each.opted_out:
            marked = await contact_queries.note_opt_out(
                session, organisation_id, who, reason=each.reason, by=by, at=clock.now()
            )
        else:
            marked = await _withdraw(session, organisation_id, who, contacts)
        found.append(marked)
    return found


def opened(unit: StoredUnit, vault: ContactVault) -> Contact:
    """How somebody is called and reached."""
    return vault.opened(unit.contact)


async def _withdraw(session: Session, organisation_id: UUID, who: Named, contacts: Contacts) -> int:
    """Forget one opt-out; units of which others hold stay barred by these."""
    await contact_queries.withdraw_opt_out(session, organisation_id, who.contact_ref)
    units = await queries.units_of_people(
        session,
        organisation_id,
        email_refs=[who.contact_ref] if who.kind is OptOutBy.EMAIL else [],
        phone_refs=[who.contact_ref] if who.kind is OptOutBy.PHONE else [],
        refs=[who.ref] if who.ref is not None else [],
    )
    for unit in units:
        contact = contacts.vault.opened(unit.contact)
        refs = [contacts.email(contact.email), contacts.phone(contact.phone)]
        refs += [contacts.ref(unit.ref)] if unit.ref is not None else []
        left = await contact_queries.opt_outs_of(session, organisation_id, [ref for ref in refs if ref is not None])
        await contact_queries.mark_unit(session, organisation_id, unit.id, left[0][1] if left else None)
    return len(units)


def _named(said: OptOut, contacts: Contacts, place: int) -> Named | Fault:
    given = [(kind, getattr(said, kind.value)) for kind in OptOutBy if getattr(said, kind.value) is not None]
    if len(given) != 1:
        return Fault(f"/items/{place}", "not_named_once", "Name them by exactly one of email, phone and ref.")
    kind, value = given[0]
    match kind:
        case OptOutBy.EMAIL:
            ref = contacts.email(value)
        case OptOutBy.PHONE:
            ref = contacts.phone(value)
        case OptOutBy.REF:
            return Named(kind, contacts.ref(value), value)
    if ref is None:
        return Fault(f"/items/{place}/{kind.value}", "unusable_contact", f"This is no {kind.value} that could be used.")
    return Named(kind, ref, None)
