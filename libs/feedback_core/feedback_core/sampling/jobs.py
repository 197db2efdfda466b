"""The worker's part of sampling: who repeats whom, drawing, and emptying frames whose time is over."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import numpy as np

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.runs import JobRun
from feedback_core.sampling.calc.drawing import CLUSTER, DrawnPeople, Earlier, draw_people
from feedback_core.sampling.calc.duplicates import NOBODY, find_duplicates
from feedback_core.sampling.calc.numbers import number_of
from feedback_core.sampling.queries import frames as frame_queries
from feedback_core.sampling.queries import samples as queries
from feedback_core.sampling.queries import units as unit_queries
from feedback_core.sampling.queries.population import Wanted, pack_people
from feedback_core.sampling.queries.samples import UnitToAdd
from feedback_core.sampling.queries.units import PackedKeys
from feedback_core.sampling.respondents import respondent_refs
from feedback_core.sampling.types.designs import DesignKind
from feedback_core.sampling.types.frames import Deduplicate, EmptyFrame, Frame
from feedback_core.sampling.types.populations import Plan
from feedback_core.sampling.types.samples import DrawnStratum, DrawSample, Sample, SampleOutcome
from feedback_core.sampling.use_cases.frames import frame_in_use, get_frame
from feedback_core.sampling.use_cases.samples import earlier_sample, get_sample, planned
from feedback_core.sampling.vault import ContactVault

BATCH: Final = 10_000
EMPTIED_AT_ONCE: Final = 5_000
_NO_ID: Final = UUID(int=0)
_KEY_BYTES: Final = 16
# Coefficient of variation of the sizes of clusters above which whole clusters cover too seldom (bench/draws.json).
_UNEQUAL: Final = 1.0

Repeats = Sequence[tuple[UUID, UUID, Sequence[str]]]


async def deduplicate(run: JobRun[Deduplicate]) -> None:
    """Find the units of a frame that are one person, and note which one stands for them."""
    async with run.snapshot() as session:
        frame = await frame_queries.frame_by_id(session, run.organisation_id, run.payload.frame_id)
        found = None
        if frame is not None and not frame.is_settled:
            found = await _keys(session, run.organisation_id, frame)
    repeats = [] if frame is None or found is None else await run.calculate(_repeats, found, frame)
    async with run.completion() as session:
        if frame is not None and found is not None:
            await _note(session, run.organisation_id, frame, repeats)


async def draw_sample(run: JobRun[DrawSample]) -> None:
    """Draw a sample as its design says; who repeats whom is settled before.

    Raises:
        DesignImpossible: it cannot be drawn so any more.
        FrameEmptied: the frame's time is over.
    """
    organisation_id, sample_id, now = run.organisation_id, run.payload.sample_id, run.clock.now()
    async with run.snapshot() as session:
        sample = await get_sample(session, organisation_id, sample_id)
    await _settle(run, sample.frame_id)
    async with run.snapshot() as session:
        frame = await frame_in_use(session, organisation_id, sample.frame_id)
        wanted = Wanted(organisation_id, frame, sample.design, now)
        plan = await planned(session, wanted)
        people = await pack_people(session, wanted)
        earlier = await _earlier(session, organisation_id, frame, sample)
    draw = partial(draw_people, seed=sample.seed, frame_seed=frame.seed, earlier=earlier)
    drawn = await run.calculate(draw, sample.design, plan, people)
    vault = ContactVault.from_settings(run.secrets)
    async with run.completion() as session:
        refs = await respondent_refs(session, organisation_id, sample, drawn.ids, vault)
        units = _units(drawn, refs)
        for start in range(0, len(units), BATCH):
            await queries.add_units(session, organisation_id, sample_id, units[start : start + BATCH], release=0)
        overlap = None
        if sample.design.coordination is not None:
            named = sample.design.coordination.sample_id
            overlap = await queries.overlap_of(session, organisation_id, sample_id, named)
        if sample.design.counts_as_contact:
            await queries.note_asked(session, organisation_id, sample_id, release=0, at=now)
        outcome = _outcome(sample, plan, drawn, overlap)
        await queries.save_outcome(session, organisation_id, sample_id, outcome, frame_changes=frame.changes, at=now)
        data: dict[str, object] = {"frame_id": str(frame.id), "drawn": outcome.drawn}
        event = Event(EventKind.SAMPLE_DRAWN, sample_id, data, version=1)
        await record_event(session, organisation_id, event, clock=run.clock)


async def empty_frame(run: JobRun[EmptyFrame]) -> None:
    """Take out of a frame whom it is of; of units that were drawn, how they were drawn stays."""
    organisation_id, frame_id, after, done = run.organisation_id, run.payload.frame_id, _NO_ID, 0
    async with run.snapshot() as session:
        frame = await frame_queries.frame_by_id(session, organisation_id, frame_id)
    if frame is not None and _is_over(frame, run.clock.now()):
        while True:
            async with run.transaction() as session:
                batch = await frame_queries.empty_some(
                    session, organisation_id, frame_id, after=after, limit=EMPTIED_AT_ONCE
                )
            done += len(batch)
            await run.progress(done, unit="units")
            if len(batch) < EMPTIED_AT_ONCE:
                break
            after = batch[-1]
    async with run.completion() as session:
        held = await frame_queries.frame_by_id(session, organisation_id, frame_id, hold=True)
        if held is not None and held.emptied_at is None and _is_over(held, run.clock.now()):
            await frame_queries.note_emptied(session, organisation_id, frame_id, run.clock.now())


def _is_over(frame: Frame, now: datetime) -> bool:
    """Whether it is: units that came in meanwhile may have put it off."""
    return frame.emptied_at is None and frame.keep_until is not None and frame.keep_until <= now


async def _settle(run: JobRun[DrawSample], frame_id: UUID) -> None:
    """Look for duplicates now, if units came in since that was done."""
    async with run.snapshot() as session:
        frame = await get_frame(session, run.organisation_id, frame_id)
        if frame.is_settled:
            return
        found = await _keys(session, run.organisation_id, frame)
    repeats = await run.calculate(_repeats, found, frame)
    async with run.transaction() as session:
        await _note(session, run.organisation_id, frame, repeats)


async def _keys(session: Session, organisation_id: UUID, frame: Frame) -> PackedKeys:
    return await unit_queries.packed_keys(session, organisation_id, frame.id)


async def _note(session: Session, organisation_id: UUID, frame: Frame, repeats: Repeats) -> None:
    held = await frame_queries.frame_by_id(session, organisation_id, frame.id, hold=True)
    if held is None or held.deduplicated > frame.changes:
        return  # another one has looked at more meanwhile
    await unit_queries.forget_repeats(session, organisation_id, frame.id)
    for start in range(0, len(repeats), BATCH):
        await unit_queries.note_repeats(session, organisation_id, repeats[start : start + BATCH])
    await frame_queries.note_deduplicated(session, organisation_id, frame.id, frame.changes)


def _repeats(packed: PackedKeys, frame: Frame) -> Repeats:
    """Units that repeat another one, by what the frame says makes two units one person."""
    kinds = frame.settings.deduplicate_by
    if not packed.ids or not kinds:
        return []
    found = find_duplicates({kind.value: _codes(packed.by_kind[kind]) for kind in kinds})
    ids = packed.ids

    def unit(place: int) -> UUID:
        return UUID(bytes=ids[place * _KEY_BYTES : (place + 1) * _KEY_BYTES])

    return [
        (unit(place), unit(int(found.repeats[place])), [kind for kind in found.shared if found.shared[kind][place]])
        for place in np.flatnonzero(found.repeats != NOBODY).tolist()
    ]


def _codes(hashes: bytes) -> "np.typing.NDArray[np.int64]":
    """Equal codes for equal hashes; ``NOBODY`` where there is none."""
    keys = np.frombuffer(hashes, dtype=f"V{_KEY_BYTES}")
    halves = np.frombuffer(hashes, dtype=">u8").reshape(-1, 2)
    _, codes = np.unique(keys, return_inverse=True)
    return np.where((halves == 0).all(axis=1), NOBODY, codes.reshape(-1)).astype(np.int64)


async def _earlier(session: Session, organisation_id: UUID, frame: Frame, sample: Sample) -> Earlier | None:
    if sample.design.coordination is None:
        return None
    found = await earlier_sample(session, organisation_id, frame, sample.design)
    assert found.outcome is not None
    keys = found.design.strata_by
    values = [tuple(stratum.values[key] for key in keys) for stratum in found.outcome.strata]
    if found.design.kind is DesignKind.CLUSTER:
        names = await queries.clusters_of(session, organisation_id, found.id)
        numbers = {values[0]: np.array([number_of(frame.seed, name, CLUSTER) for name in names], dtype=np.int64)}
    else:
        packed = await queries.numbers_by_stratum(session, organisation_id, found.id)
        numbers = {values[i]: np.frombuffer(each, dtype=">i8").astype(np.int64) for i, each in packed.items()}
    starts = {of: stratum.start for of, stratum in zip(values, found.outcome.strata, strict=True)}
    return Earlier(starts, numbers, found.outcome.inner_start)


def _units(people: DrawnPeople, refs: dict[UUID, bytes]) -> list[UnitToAdd]:
    drawn = people.drawn
    first = None if drawn.cluster_probability is None else drawn.cluster_probability.tolist()
    inside = None if drawn.cluster_population is None else drawn.cluster_population.tolist()
    return [
        UnitToAdd(
            position=place,
            unit_id=unit,
            number=number,
            stratum=stratum,
            cluster=None if people.clusters is None else people.clusters[place],
            probability=probability,
            cluster_probability=None if first is None else first[place],
            cluster_population=None if inside is None else inside[place],
            respondent_ref=refs.get(unit),
        )
        for place, (unit, number, stratum, probability) in enumerate(
            zip(
                people.ids,
                people.numbers.tolist(),
                people.stratum.tolist(),
                drawn.probability.tolist(),
                strict=True,
            )
        )
    ]


def _outcome(sample: Sample, plan: Plan, people: DrawnPeople, overlap: int | None) -> SampleOutcome:
    design, drawn = sample.design, np.bincount(people.stratum, minlength=len(plan.strata)).tolist()
    is_cluster = design.kind is DesignKind.CLUSTER
    strata = tuple(
        DrawnStratum(
            values=dict(zip(design.strata_by, stratum.values, strict=True)),
            population=stratum.eligible,
            wanted=drawn[place] if is_cluster else plan.wanted[place],
            drawn=drawn[place],
            start=people.starts[place],
        )
        for place, stratum in enumerate(plan.strata)
    )
    by_size = design.kind is DesignKind.PROPORTIONAL
    return SampleOutcome(
        strata=strata,
        coverage=plan.coverage,
        drawn_at_first=people.drawn.n,
        clusters=plan.clusters,
        certain=int(np.count_nonzero(people.drawn.probability >= 1)) if by_size else 0,
        inner_start=people.inner_start,
        overlap=overlap,
        warnings=(*_warnings(plan, strata), *_cluster_warnings(sample, people)),
    )


def _cluster_warnings(sample: Sample, people: DrawnPeople) -> list[str]:
    drawn = people.drawn
    whole_by_chance = sample.design.take is None and not sample.design.clusters_by_size
    if drawn.cluster is None or drawn.cluster_population is None or not whole_by_chance:
        return []
    _, first = np.unique(drawn.cluster, return_index=True)
    sizes = drawn.cluster_population[first]
    if sizes.std() <= _UNEQUAL * sizes.mean():
        return []
    unequal = f"The clusters are very unequal ({sizes.min()} to {sizes.max()} units): intervals of figures will be too"
    return [f"{unequal} narrow. Draw clusters by size, or take so many units of each."]


def _warnings(plan: Plan, strata: Sequence[DrawnStratum]) -> list[str]:
    told = []
    short = sum(stratum.shortfall for stratum in strata)
    if short:
        told.append(f"{short} fewer were drawn than were asked for: there is nobody else.")
    alone = sum(stratum.drawn == 1 and stratum.population > 1 for stratum in strata)
    if alone:
        told.append(f"{alone} strata have a single unit: how much their answers vary will not be known.")
    out = plan.coverage.people - plan.coverage.eligible
    if out:
        told.append(f"{out} of {plan.coverage.people} people could not be drawn: the sample says nothing of them.")
    return told
