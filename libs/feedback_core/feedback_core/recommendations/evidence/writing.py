"""Recommendations that people write: with links to figures as those that analyses make, and refused without."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.analyses.types import AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.ids import new_id
from feedback_core.recommendations import events, queries
from feedback_core.recommendations.calc import CONFIDENCE_FACTORS
from feedback_core.recommendations.evidence.calc import Linked, linked, value_fault
from feedback_core.recommendations.evidence.types import EvidenceLink, EvidenceMissing, WrittenRecommendation
from feedback_core.recommendations.expected import NOT_GIVEN
from feedback_core.recommendations.procedures.queries import people_who_left
from feedback_core.recommendations.procedures.types import Actor, PersonLeft
from feedback_core.recommendations.proposing import entry_under
from feedback_core.recommendations.types import Candidate, Confidence, Evidence
from feedback_core.service.use_cases import get_feature


async def write_recommendation(
    session: Session, organisation_id: UUID, written: WrittenRecommendation, *, by: Actor, clock: Clock
) -> UUID:
    """A recommendation of somebody's own, frozen with the figures that it links.

    Raises:
        EvidenceMissing: it links nothing.
        NotFound: no such run, feature or procedure here.
        Invalid: a link leads nowhere, or quotes what the run does not say; the pointer says which.
        PersonLeft: the owner, or whoever writes, has left.
    """
    if not written.evidence:
        detail = "Link at least one figure of a run: without evidence it is an opinion."
        raise EvidenceMissing([Fault("/evidence", EvidenceMissing.code, detail)])
    await refuse_people_gone(session, organisation_id, {"/owner": written.entered.owner, "/on_behalf_of": by.name})
    runs = {link.run_id: await get_run(session, organisation_id, link.run_id) for link in written.evidence}
    evidence = settle_links(written.evidence, [runs[link.run_id] for link in written.evidence])
    if written.feature_key is not None:
        await get_feature(session, organisation_id, written.feature_key)
    recommendation_id, first = new_id(), runs[written.evidence[0].run_id]
    confidence = Confidence.MEDIUM if any(piece.low is not None for piece in evidence) else Confidence.LOW
    factor = CONFIDENCE_FACTORS[confidence]
    priority = factor if written.gap is None else written.gap * factor
    reason = (
        f"No gap was given; with {confidence} confidence it counts as {priority:.3f}."
        if written.gap is None
        else f"Gap {written.gap:.3f} of the range, as entered, × {factor} for {confidence} confidence = {priority:.3f}."
    )
    candidate = Candidate(
        kind=written.kind,
        subject=f"written:{recommendation_id}",
        feature_key=written.feature_key,
        title=written.title,
        rationale=written.rationale,
        evidence=evidence,
        gap=written.gap,
        confidence=confidence,
        priority=priority,
        priority_reason=reason,
        expected_effect=written.expected_effect,
        expected_effect_reason=NOT_GIVEN if written.expected_effect is None else None,
    )
    await queries.add_written(
        session,
        organisation_id,
        first.survey_id,
        recommendation_id,
        candidate,
        entry=await entry_under(session, organisation_id, written.procedure, clock=clock),
        entered=written.entered,
        by=by.name,
        at=clock.now(),
    )
    event = events.created(recommendation_id, first.survey_id, first.id, written.kind, by="person")
    await record_event(session, organisation_id, event, clock=clock)
    return recommendation_id


async def refuse_people_gone(session: Session, organisation_id: UUID, named: dict[str, str | None]) -> None:
    """Refuse people who left, by the pointers where they are named.

    Raises:
        PersonLeft: each with a pointer.
    """
    gone = (await people_who_left(session, organisation_id)).names
    faults = [
        Fault(pointer, PersonLeft.code, f"{name} has left: name somebody who is there.")
        for pointer, name in named.items()
        if name in gone
    ]
    if faults:
        raise PersonLeft(faults)


def settle_links(
    links: Sequence[EvidenceLink], runs: Sequence[AnalysisRun], *, under: str = "/evidence"
) -> tuple[Evidence, ...]:
    """Figures and findings that links lead to, frozen as of now; each link with its run, ``under`` where they stand.

    Raises:
        Invalid: a link leads nowhere, or quotes what the run does not say; the pointer says which.
    """
    faults: list[Fault] = []
    pieces: list[Evidence] = []
    for place, (link, run) in enumerate(zip(links, runs, strict=True)):
        pointer = f"{under}/{place}"
        if run.result is None:
            detail = f"The run is {run.job.status}: link it once it has succeeded."
            faults.append(Fault(f"{pointer}/analysis_id", "run_without_result", detail))
            continue
        found = linked(run.result, link.pointer)
        if found is None:
            detail = "The pointer leads to no figure and no finding of the run."
            faults.append(Fault(f"{pointer}/pointer", "evidence_not_found", detail))
            continue
        differs = value_fault(pointer, link.value, found)
        if differs is not None:
            faults.append(differs)
            continue
        pieces.append(_piece(link, run, found))
    if faults:
        raise Invalid(faults)
    return tuple(pieces)


def _piece(link: EvidenceLink, run: AnalysisRun, found: Linked) -> Evidence:
    kpi = run.parameters.get("kpi")
    return Evidence(
        pointer=link.pointer,
        statement=link.statement or _words(found),
        kpi=kpi if isinstance(kpi, str) else None,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        run_id=run.id,
        data_version=run.data_version,
    )


def _words(found: Linked) -> str:
    if found.value is None:
        return found.said or ""
    limits = "" if found.low is None or found.high is None else f" ({found.low:.3g} to {found.high:.3g}"
    answers = "" if found.n is None else f"n = {found.n:,}"
    told = ", ".join(part for part in (limits, answers) if part)
    return f"{found.value:.3g}{told})" if limits else f"{found.value:.3g}" + (f" ({answers})" if answers else "")
