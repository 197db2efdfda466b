"""Whether the evidence of recommendations still holds: held against newer runs and what was taken away since."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.recommendations.evidence import queries
from feedback_core.recommendations.evidence.calc import corresponding, is_overtaken, linked
from feedback_core.recommendations.evidence.types import EvidenceStanding, EvidenceState, RunResult, Taken
from feedback_core.recommendations.types import Recommendation


async def evidence_of(
    session: Session, organisation_id: UUID, found: Sequence[Recommendation]
) -> dict[UUID, EvidenceStanding]:
    """Whether the evidence of each of these recommendations still holds."""
    used = {run_of(one, piece) for one in found for piece in one.evidence}
    if not used:
        return {one.id: EvidenceStanding(EvidenceState.CURRENT) for one in found}
    newer = await queries.newer_runs(session, organisation_id, used)
    taken = await queries.taken_since(session, organisation_id, used)
    results = await queries.results_of(session, organisation_id, {*newer, *newer.values()}) if newer else {}
    return {one.id: _standing(one, newer, taken, results) for one in found}


def run_of(found: Recommendation, piece: Mapping[str, Any]) -> UUID:
    """The run that a piece of evidence is of; what was kept before links named it is of the recommendation's."""
    run_id = piece.get("run_id")
    return UUID(run_id) if run_id else found.run_id


def _standing(
    found: Recommendation,
    newer: Mapping[UUID, UUID],
    taken: Mapping[UUID, Taken],
    results: Mapping[UUID, RunResult],
) -> EvidenceStanding:
    reasons: list[str] = []
    for run_id in dict.fromkeys(run_of(found, piece) for piece in found.evidence):
        if run_id in taken:
            reasons += _taken_away(taken[run_id])
    for piece in found.evidence:
        run_id = run_of(found, piece)
        if run_id in newer:
            reasons += _overtaken(piece, results.get(run_id), results.get(newer[run_id]))
    told = tuple(dict.fromkeys(reasons))
    return EvidenceStanding(EvidenceState.OVERTAKEN if told else EvidenceState.CURRENT, told)


def _taken_away(taken: Taken) -> list[str]:
    told = []
    if taken.erased or taken.swept:
        what = f"{taken.erased:,} responses" if taken.erased else "answers"
        told.append(f"Since the run, {what} of the survey were erased.")
    if taken.excluded:
        told.append(f"Since the run, {taken.excluded:,} responses behind it were excluded or put back.")
    return told


def _overtaken(piece: Mapping[str, Any], old: RunResult | None, new: RunResult | None) -> list[str]:
    if piece.get("value") is None or old is None or new is None:
        return []
    place = corresponding(old.result, piece["pointer"], new.result)
    figure = None if place is None else linked(new.result, place)
    if figure is None or not is_overtaken(piece["value"], piece["low"], piece["high"], figure):
        return []
    limits = f"{figure.low:.3g} to {figure.high:.3g}"
    told = f"A run of {new.created_at:%Y-%m-%d} ({new.id}) found {figure.value:.3g} ({limits})"
    return [f"{told} where this stands on {piece['value']:.3g}: more than sampling error explains."]
