"""Frames: made, changed, looked at, deleted; and what keeps their time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.sampling.calc.numbers import seed_from
from feedback_core.sampling.queries import frames as queries
from feedback_core.sampling.queries.population import Wanted, count_strata
from feedback_core.sampling.types.designs import Design, DesignKind
from feedback_core.sampling.types.frames import (
    Coverage,
    Deduplicate,
    EmptyFrame,
    Frame,
    FrameCounts,
    FrameEmptied,
    FrameInUse,
    FrameSettings,
)
from feedback_core.sampling.types.populations import coverage_in

_SOON = timedelta(seconds=2)


async def create_frame(
    session: Session, organisation_id: UUID, settings: FrameSettings, *, seed: int | None, by: str, clock: Clock
) -> Frame:
    """A new frame without units.

    Raises:
        Invalid: its settings contradict themselves.
    """
    _check(settings)
    frame_id, now = new_id(), clock.now()
    frame = Frame(
        id=frame_id,
        settings=settings,
        seed=seed_from(frame_id) if seed is None else seed,
        changes=0,
        deduplicated=0,
        keep_until=_kept(settings, now),
        loaded_at=None,
        emptied_at=None,
        created_by=by,
        created_at=now,
        revision=1,
    )
    await queries.add_frame(session, organisation_id, frame)
    return frame


async def get_frame(session: Session, organisation_id: UUID, frame_id: UUID, *, hold: bool = False) -> Frame:
    """A frame; held, nobody else changes it until the transaction ends.

    Raises:
        NotFound: no such frame here.
    """
    found = await queries.frame_by_id(session, organisation_id, frame_id, hold=hold)
    if found is None:
        raise NotFound("frame", frame_id)
    return found


async def frame_in_use(session: Session, organisation_id: UUID, frame_id: UUID, *, hold: bool = False) -> Frame:
    """A frame that still knows whom it is of.

    Raises:
        NotFound: no such frame here.
        FrameEmptied: its time is over.
    """
    found = await get_frame(session, organisation_id, frame_id, hold=hold)
    if found.emptied_at is not None:
        raise FrameEmptied("The time of this frame is over, and whom it was of is gone: make a new one.")
    return found


async def list_frames(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Frame], str | None]:
    """A page of frames, newest first, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query: dict[str, object] = {"list": "frames", "organisation": organisation_id}
    before = id_in_cursor(cursor, query)
    found = await queries.frames_before(session, organisation_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def change_frame(
    session: Session, organisation_id: UUID, frame_id: UUID, settings: FrameSettings, *, if_revision: int, clock: Clock
) -> Frame:
    """Replace what a frame is. What units share is looked for again where that changes.

    Raises:
        NotFound: no such frame here.
        FrameEmptied: its time is over.
        PreconditionFailed: it has changed since.
        Invalid: the settings contradict themselves, or take away a key that units have.
    """
    _check(settings)
    frame = await frame_in_use(session, organisation_id, frame_id, hold=True)
    require_current("frame", frame.revision, if_revision)
    faults = [
        Fault(f"/{name}", "key_in_use", f"Units may have {key}: a frame only gains keys.")
        for name in ("attributes", "measures")
        for key in getattr(frame.settings, name)
        if key not in getattr(settings, name)
    ]
    if faults:
        raise Invalid(faults)
    looked_for = set(frame.settings.deduplicate_by) == set(settings.deduplicate_by)
    changed = replace(
        frame,
        settings=settings,
        keep_until=_kept(settings, frame.loaded_at or frame.created_at),
        changes=frame.changes if looked_for else frame.changes + 1,
        revision=frame.revision + 1,
    )
    await queries.save_settings(session, organisation_id, changed)
    if not looked_for:
        await settle_soon(session, organisation_id, frame_id, clock=clock)
    return changed


async def delete_frame(session: Session, organisation_id: UUID, frame_id: UUID) -> None:
    """Delete a frame with all of its units.

    Raises:
        NotFound: no such frame here.
        FrameInUse: samples were drawn from it.
    """
    await get_frame(session, organisation_id, frame_id, hold=True)
    if await queries.is_sampled(session, organisation_id, frame_id):
        raise FrameInUse("Samples were drawn from this frame: empty it instead, which keeps how they were drawn.")
    await queries.delete_frame(session, organisation_id, frame_id)


async def empty_frame(session: Session, organisation_id: UUID, frame_id: UUID, *, clock: Clock) -> Frame:
    """Have taken out of a frame whom it is of, before its time; how samples were drawn stays.

    Raises:
        NotFound: no such frame here.
    """
    frame = await get_frame(session, organisation_id, frame_id, hold=True)
    if frame.emptied_at is None:
        now = clock.now()
        await queries.save_settings(session, organisation_id, replace(frame, keep_until=now))
        await request_job(session, organisation_id, EmptyFrame(frame_id), now=now, dedupe_key=str(frame_id))
    return await get_frame(session, organisation_id, frame_id)


async def counts_of(session: Session, organisation_id: UUID, frame_id: UUID) -> FrameCounts:
    """How many units of each kind a frame has."""
    return await queries.counts_of(session, organisation_id, frame_id)


async def get_coverage(
    session: Session, organisation_id: UUID, frame_id: UUID, *, by: str | None, clock: Clock
) -> Mapping[str | None, Coverage]:
    """Who of a frame could be drawn now, by the values of an attribute; without one, of everybody (``None``).

    Raises:
        NotFound: no such frame here.
        Invalid: it has no such attribute.
    """
    frame = await get_frame(session, organisation_id, frame_id)
    if by is not None and by not in frame.settings.attributes:
        known = ", ".join(frame.settings.attributes) or "none"
        raise Invalid([Fault("/query/by", "unknown_attribute", f"The frame has the attributes: {known}.")])
    design = Design(DesignKind.STRATIFIED, strata_by=() if by is None else (by,))
    strata = await count_strata(session, Wanted(organisation_id, frame, design, clock.now()))
    if by is None:
        return {None: coverage_in(strata)}
    return {stratum.values[0]: coverage_in([stratum]) for stratum in strata}


async def note_change(session: Session, organisation_id: UUID, frame: Frame, *, clock: Clock) -> None:
    """Units have come into a frame: its time begins anew."""
    now = clock.now()
    await queries.note_change(session, organisation_id, frame.id, at=now, keep_until=_kept(frame.settings, now))


async def settle_soon(session: Session, organisation_id: UUID, frame_id: UUID, *, clock: Clock) -> None:
    """Have duplicates looked for a little later. A job that finds that another one was faster does nothing."""
    now, frame = clock.now(), await get_frame(session, organisation_id, frame_id)
    key = f"{frame_id} {frame.changes}"
    await request_job(session, organisation_id, Deduplicate(frame_id), now=now, run_at=now + _SOON, dedupe_key=key)


async def request_due_emptying(system: Session, /, *, now: datetime) -> int:
    """Request a job for every frame that is not to be kept any more; returns how many there are."""
    due = await queries.frames_due(system, now)
    for organisation_id, frame_id in due:
        await request_job(system, organisation_id, EmptyFrame(frame_id), now=now, dedupe_key=str(frame_id))
    return len(due)


def _kept(settings: FrameSettings, since: datetime) -> datetime | None:
    return None if settings.keep_days is None else since + timedelta(days=settings.keep_days)


def _check(settings: FrameSettings) -> None:
    faults = [
        Fault(f"/{name}/{place}", "named_twice", "Name each key once: attributes and measures share their names.")
        for name, keys in (("attributes", settings.attributes), ("measures", settings.measures))
        for place, key in enumerate(keys)
        if key in keys[:place] or (name == "measures" and key in settings.attributes)
    ]
    rule = settings.contact_rule
    if (rule.most is None) != (rule.within_days is None):
        detail = "Say both how often somebody may be asked, and within how many days."
        faults.append(Fault("/contact_rule", "incomplete_rule", detail))
    if faults:
        raise Invalid(faults)
