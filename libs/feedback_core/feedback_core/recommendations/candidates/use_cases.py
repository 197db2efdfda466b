"""Proposing what follows from an analysis that has succeeded."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.bias.types import SamplingBiasOutcome
from feedback_core.db.session import Session
from feedback_core.drivers.types import DriversOutcome
from feedback_core.kit.clock import Clock
from feedback_core.kpis.use_cases import get_definition
from feedback_core.method_effectiveness.types import MethodEffectivenessOutcome
from feedback_core.recommendations.candidates.calc import (
    from_drivers,
    from_sampling_bias,
    from_themes,
    from_trend,
)
from feedback_core.recommendations.candidates.methods import from_methods
from feedback_core.recommendations.candidates.types import ProposesNothing, Subjects
from feedback_core.recommendations.proposing import propose_candidates
from feedback_core.recommendations.types import Candidate, ReviewOutcome
from feedback_core.service.types import name_of_key
from feedback_core.service.use_cases import features_named
from feedback_core.surveys.use_cases import published_survey
from feedback_core.themes.analysis.types import ThemesOutcome
from feedback_core.trends.types import TrendOutcome

Proposer: TypeAlias = Callable[[object, Subjects], list[Candidate]]

PROPOSERS: Final[Mapping[AnalysisKind, Proposer]] = {
    AnalysisKind.REVIEW: lambda result, _: list(from_document(ReviewOutcome, result).candidates),
    AnalysisKind.DRIVERS: lambda result, subjects: from_drivers(from_document(DriversOutcome, result), subjects),
    AnalysisKind.TREND: lambda result, subjects: from_trend(from_document(TrendOutcome, result), subjects),
    AnalysisKind.SAMPLING_BIAS: lambda result, subjects: from_sampling_bias(
        from_document(SamplingBiasOutcome, result), subjects
    ),
    AnalysisKind.METHOD_EFFECTIVENESS: lambda result, subjects: from_methods(
        from_document(MethodEffectivenessOutcome, result), subjects
    ),
    AnalysisKind.THEMES: lambda result, subjects: from_themes(from_document(ThemesOutcome, result), subjects),
}
"""What follows from a result, by kind of analysis: another kind from which recommendations follow is one more entry.

A review proposes its own by itself, too.
"""


async def propose_from(session: Session, organisation_id: UUID, run_id: UUID, *, clock: Clock) -> list[UUID]:
    """Propose what follows from a run: what is there already gets one more sighting.

    Raises:
        NotFound: no such run here.
        ProposesNothing: it has no result, or is of another kind.
    """
    run = await get_run(session, organisation_id, run_id)
    if run.kind not in PROPOSERS:
        raise ProposesNothing(f"Recommendations follow from: {', '.join(PROPOSERS)}.")
    if run.result is None:
        raise ProposesNothing(f"The analysis is {run.job.status}; recommendations follow once it has succeeded.")
    subjects = await _subjects(session, organisation_id, run)
    candidates = PROPOSERS[run.kind](run.result, subjects)
    return await propose_candidates(session, organisation_id, run.survey_id, run_id, candidates, clock=clock)


async def _subjects(session: Session, organisation_id: UUID, run: AnalysisRun) -> Subjects:
    survey = await published_survey(session, organisation_id, run.survey_id)
    features = {each.key: each.feature for each in survey.questionnaire.questions if each.feature}
    names = {key: name_of_key(key) for key in features.values()}
    names |= await features_named(session, organisation_id, names)
    kpi = run.parameters.get("kpi")
    better = None
    if isinstance(kpi, str):
        better = (await get_definition(session, organisation_id, kpi)).definition.higher_is_better
    return Subjects(features, names, better)
