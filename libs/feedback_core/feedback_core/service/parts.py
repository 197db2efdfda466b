"""What can be done with processes, offers and touchpoints; and where a finding about a feature belongs."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.service import part_queries, queries
from feedback_core.service.calc import FootprintComparison, compare_footprints
from feedback_core.service.types import PART_KEY, Feature, Linked, Part, PartDetails, PartKind, ServiceLinks


async def list_parts(
    session: Session, organisation_id: UUID, kind: PartKind, *, limit: int, cursor: str | None
) -> tuple[list[Part], str | None]:
    """A page of parts of a kind by key, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list.
    """
    query = {"list": kind, "organisation": organisation_id}
    after = key_in_cursor(cursor, query, PART_KEY)
    found = await part_queries.parts_after(session, organisation_id, kind, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.key)


async def get_part(session: Session, organisation_id: UUID, kind: PartKind, key: str) -> Part:
    """One of them.

    Raises:
        NotFound: there is none of this kind with this key.
    """
    found = await part_queries.part_by_key(session, organisation_id, kind, key)
    if found is None:
        raise NotFound(kind, key)
    return found


async def put_part(
    session: Session,
    organisation_id: UUID,
    kind: PartKind,
    key: str,
    details: PartDetails,
    *,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Part, bool]:
    """The part with exactly these details, and whether it is new.

    Args:
        session: bound to the organisation.
        organisation_id: whose part it is.
        kind: process, offer or touchpoint.
        key: matches ``PART_KEY``.
        details: what is said of it from now on.
        if_revision: the revision that the caller has edited; ``None`` for one that is not there yet.
        clock: for the time of creation.

    Raises:
        PreconditionRequired: it is there, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since, or it is gone.
    """
    current = await part_queries.part_by_key(session, organisation_id, kind, key, for_update=True)
    if current is None and if_revision is None:
        if await part_queries.add_part(session, organisation_id, kind, key, details, at=clock.now()):
            return await get_part(session, organisation_id, kind, key), True
        current = await get_part(session, organisation_id, kind, key)
    require_current(kind, current.revision if current else None, if_revision)
    await part_queries.update_part(session, organisation_id, kind, key, details)
    return await get_part(session, organisation_id, kind, key), False


async def delete_part(session: Session, organisation_id: UUID, kind: PartKind, key: str) -> None:
    """Delete one that nothing refers to.

    Raises:
        NotFound: there is none of this kind with this key.
        PartInUse: features or standards refer to it.
    """
    if not await part_queries.delete_part(session, organisation_id, kind, key):
        raise NotFound(kind, key)


async def unknown_parts(
    session: Session, organisation_id: UUID, kind: PartKind, named: Iterable[tuple[str, str]]
) -> list[Fault]:
    """A fault for each part that is not there, from pairs of pointer and key; the others are held until the end."""
    codes = {
        PartKind.PROCESS: "unknown_process",
        PartKind.OFFER: "unknown_offer",
        PartKind.TOUCHPOINT: "unknown_touchpoint",
    }
    places = list(named)
    if not places:
        return []
    known = await part_queries.hold_parts(session, organisation_id, kind, {key for _, key in places})
    return [
        Fault(pointer, codes.get(kind, ""), f"There is no {kind} {key}: put it first.")
        for pointer, key in places
        if key not in known
    ]


async def compare_processes(
    session: Session, organisation_id: UUID, keys: Sequence[str], units: float
) -> FootprintComparison:
    """What each of these processes takes for so many units.

    Raises:
        Invalid: one is not there, or they count different units.
    """
    found = await part_queries.parts_by_key(session, organisation_id, PartKind.PROCESS, keys)
    faults: list[Fault] = []
    unit = None
    for place, key in enumerate(keys):
        pointer, process = f"/processes/{place}", found.get(key)
        if key in keys[:place]:
            faults.append(Fault(pointer, "named_twice", f"{key} is named twice."))
            continue
        if process is None:
            faults.append(Fault(pointer, "unknown_process", f"There is no process {key}: put it first."))
            continue
        counted = process.details.footprint.unit if process.details.footprint else None
        unit = unit or counted
        if counted is not None and counted != unit:
            detail = f"{key} is per {counted}, those before it per {unit}: there is no common unit."
            faults.append(Fault(pointer, "units_differ", detail))
    if faults:
        raise Invalid(faults)
    return compare_footprints({key: found[key].details.footprint for key in keys}, units)


async def links_of(
    session: Session, organisation_id: UUID, features: Collection[str], processes: Collection[str] = ()
) -> tuple[dict[str, ServiceLinks], dict[str, Linked]]:
    """Where findings about these features belong, by feature; and the processes named beside, by key."""
    known = await queries.features_by_key(session, organisation_id, features)
    details = [feature.details for feature in known.values()]
    wanted = {
        PartKind.PROCESS: {*processes, *(each.process for each in details if each.process)},
        PartKind.OFFER: {key for each in details for key in each.offers},
        PartKind.TOUCHPOINT: {key for each in details for key in each.touchpoints},
    }
    parts = {
        kind: await part_queries.parts_by_key(session, organisation_id, kind, keys) for kind, keys in wanted.items()
    }
    linked = {kind: {key: _linked(part) for key, part in found.items()} for kind, found in parts.items()}
    return {key: _links(feature, linked) for key, feature in known.items()}, linked[PartKind.PROCESS]


def _links(feature: Feature, parts: dict[PartKind, dict[str, Linked]]) -> ServiceLinks:
    details = feature.details
    return ServiceLinks(
        feature=Linked(feature.key, details.name, details.owner),
        process=parts[PartKind.PROCESS].get(details.process or ""),
        offers=tuple(parts[PartKind.OFFER][key] for key in details.offers),
        touchpoints=tuple(parts[PartKind.TOUCHPOINT][key] for key in details.touchpoints),
    )


def _linked(part: Part) -> Linked:
    return Linked(part.key, part.details.name, part.details.owner)
