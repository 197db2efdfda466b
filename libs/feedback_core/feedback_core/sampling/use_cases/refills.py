"""Refilling a sample: who lies next in its strata comes in, in the place of others or beside them, by its rule.

The first n units of a stratum after its start are a simple random sample of it for every n. So whoever comes in is
drawn at random too, and every unit of the stratum then has the probability of the larger sample.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.sampling.queries import samples as queries
from feedback_core.sampling.queries.population import Wanted, next_in_stratum
from feedback_core.sampling.queries.samples import UnitToAdd
from feedback_core.sampling.respondents import respondent_refs
from feedback_core.sampling.types.designs import ReplacementRule
from feedback_core.sampling.types.samples import (
    DrawnStratum,
    Released,
    Replaced,
    ReplacementNotAllowed,
    ReserveExhausted,
    Sample,
    SampleNotDrawn,
    SampleOutcome,
)
from feedback_core.sampling.use_cases.frames import frame_in_use
from feedback_core.sampling.use_cases.samples import get_sample
from feedback_core.sampling.vault import ContactVault


@dataclass(frozen=True, slots=True)
class More:
    """Units that are to come into a stratum beside the others."""

    values: Mapping[str, str | None]
    units: int


@dataclass(frozen=True, slots=True)
class Refill:
    """What is asked for.

    Attributes:
        replaced: in whose place others come in, of the same stratum each.
        more: who comes in beside them.
        reason: of ``more``: one of the rule.
    """

    replaced: tuple[Replaced, ...] = ()
    more: tuple[More, ...] = ()
    reason: str | None = None


async def refill_sample(
    session: Session,
    organisation_id: UUID,
    sample_id: UUID,
    refill: Refill,
    *,
    vault: ContactVault,
    by: str,
    clock: Clock,
) -> tuple[Sample, Released]:
    """Have others of the frame come into a sample; the sample as it then is, and who came in.

    Raises:
        NotFound: no such sample here.
        SampleNotDrawn: it is not drawn.
        FrameEmptied: the frame's time is over.
        ReplacementNotAllowed: its design has no rule, or the rule does not allow this.
        Invalid: a unit is not of the sample, or was replaced before; a stratum is not of it.
        ReserveExhausted: the frame has nobody left in a stratum.
    """
    sample = await get_sample(session, organisation_id, sample_id, hold=True)
    if sample.outcome is None:
        raise SampleNotDrawn("The sample is not drawn yet.")
    frame = await frame_in_use(session, organisation_id, sample.frame_id)
    leaving, wanted = await _asked(session, organisation_id, sample, sample.outcome, refill)
    rule = _allowed(sample, sample.outcome, refill, sum(wanted.values()))
    releases = await queries.releases_of(session, organisation_id, sample_id)
    number, now = len(releases) + 1, clock.now()
    population = Wanted(organisation_id, frame, sample.design, now)
    coming = await _next(session, population, sample, sample.outcome, wanted)
    outcome = _refilled(sample.outcome, wanted)
    refs = await respondent_refs(session, organisation_id, sample, [unit for _, unit, _ in coming], vault)
    units = [
        UnitToAdd(
            position=sample.outcome.drawn + place,
            unit_id=unit,
            number=at,
            stratum=stratum,
            cluster=None,
            probability=_probability(outcome.strata[stratum]),
            cluster_probability=None,
            cluster_population=None,
            respondent_ref=refs.get(unit),
        )
        for place, (stratum, unit, at) in enumerate(coming)
    ]
    await queries.note_replaced(session, organisation_id, sample_id, leaving)
    await queries.add_units(session, organisation_id, sample_id, units, release=number)
    for stratum in wanted:
        probability = _probability(outcome.strata[stratum])
        await queries.reweigh(session, organisation_id, sample_id, stratum, probability)
    reason = refill.reason or ", ".join(dict.fromkeys(each.reason for each in refill.replaced)) or rule.reasons[0]
    released = Released(number, reason, tuple(unit.unit_id for unit in units), by, now)
    await queries.add_release(session, organisation_id, sample_id, released)
    await queries.save_outcome(session, organisation_id, sample_id, outcome)
    if sample.design.counts_as_contact:
        await queries.note_asked(session, organisation_id, sample_id, release=number, at=now)
    return await get_sample(session, organisation_id, sample_id), released


async def _asked(
    session: Session, organisation_id: UUID, sample: Sample, outcome: SampleOutcome, refill: Refill
) -> tuple[list[tuple[int, str]], Counter[int]]:
    """Who leaves (position, reason), and how many come in by stratum.

    Raises:
        Invalid: a unit is not of the sample, or was replaced before; a stratum is not of it; or nothing is asked for.
    """
    refs = [each.ref for each in refill.replaced]
    named = await queries.units_named(session, organisation_id, sample, refs)
    place_of = {tuple(stratum.values.items()): i for i, stratum in enumerate(outcome.strata)}
    keys = sample.design.strata_by
    faults, leaving, wanted = [], [], Counter[int]()
    for place, each in enumerate(refill.replaced):
        unit, pointer = named.get(each.ref), f"/replace/{place}/ref"
        if unit is None:
            faults.append(Fault(pointer, "unknown_unit", "The sample has no unit of this ref."))
        elif unit.replaced_for is not None or each.ref in refs[:place]:
            faults.append(Fault(pointer, "named_twice", "Somebody else is asked in the place of this unit already."))
        else:
            leaving.append((unit.position, each.reason))
            wanted[unit.stratum] += 1
    for place, more in enumerate(refill.more):
        values = tuple((key, more.values.get(key)) for key in keys)
        if set(more.values) != set(keys) or values not in place_of:
            faults.append(Fault(f"/more/{place}/values", "unknown_stratum", "The sample has no such stratum."))
        else:
            wanted[place_of[values]] += more.units
    if not faults and not wanted:
        faults.append(Fault("/replace", "required", "Say in whose place others come in, or how many more."))
    if faults:
        raise Invalid(faults)
    return leaving, wanted


def _allowed(sample: Sample, outcome: SampleOutcome, refill: Refill, coming: int) -> ReplacementRule:
    rule = sample.design.replacement
    if rule is None:
        raise ReplacementNotAllowed("The design says nothing of replacement: nobody comes into this sample later.")
    reasons = [each.reason for each in refill.replaced] + ([refill.reason or ""] if refill.more else [])
    for reason in reasons:
        if reason not in rule.reasons:
            detail = f"Others come in only for: {', '.join(rule.reasons)}."
            raise ReplacementNotAllowed(detail)
    later = outcome.drawn - outcome.drawn_at_first + coming
    if later > rule.most_share * outcome.drawn_at_first:
        detail = (
            f"With these, {later} units would have come in later; the rule allows"
            f" {int(rule.most_share * outcome.drawn_at_first)}."
        )
        raise ReplacementNotAllowed(detail)
    return rule


async def _next(
    session: Session, population: Wanted, sample: Sample, outcome: SampleOutcome, wanted: Mapping[int, int]
) -> list[tuple[int, UUID, int]]:
    """Who comes in: stratum, unit, and its permanent random number."""
    found: list[tuple[int, UUID, int]] = []
    for stratum, units in sorted(wanted.items()):
        of = outcome.strata[stratum]
        values = json.dumps([of.values[key] for key in sample.design.strata_by])
        following = await next_in_stratum(
            session, population, sample_id=sample.id, stratum=values, start=of.start, limit=units
        )
        if len(following) < units:
            detail = f"{units} are wanted of {_named(of)}, and the frame has {len(following)} left."
            raise ReserveExhausted([Fault("/more" if not found else "/replace", ReserveExhausted.code, detail)])
        found += [(stratum, unit, number) for unit, number in following]
    return found


def _refilled(outcome: SampleOutcome, wanted: Mapping[int, int]) -> SampleOutcome:
    strata = tuple(
        replace(stratum, drawn=stratum.drawn + wanted.get(place, 0)) for place, stratum in enumerate(outcome.strata)
    )
    return replace(outcome, strata=strata)


def _probability(stratum: DrawnStratum) -> float:
    """Of every unit of a stratum; one that has shrunk below what is drawn of it is drawn whole."""
    return min(1.0, stratum.drawn / stratum.population)


def _named(stratum: DrawnStratum) -> str:
    named: Sequence[str] = [f"{key} {value}" for key, value in stratum.values.items()]
    return ", ".join(named) or "the frame"
