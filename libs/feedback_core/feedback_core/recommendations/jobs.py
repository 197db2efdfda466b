"""The worker's part of reviews: read every feature's answers, review them, propose what follows."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome, seed_of_request
from feedback_core.analyses.payloads import RunReview
from feedback_core.analyses.queries import latest_with_result
from feedback_core.analyses.types import AnalysisKind
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.db.session import Session
from feedback_core.drivers.types import DriversOutcome
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_events
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.use_cases import KpiQuestion, kpi_cells, kpi_series, kpi_value, period_of, settle
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.recommendations.expected import through_drivers
from feedback_core.recommendations.measures import FeatureMeasure, measures_of, not_measured
from feedback_core.recommendations.proposing import propose_candidates
from feedback_core.recommendations.review import MeasureAnswers, review_of
from feedback_core.recommendations.types import Candidate, ReviewParameters
from feedback_core.service.parts import links_of
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.evidence import Evidence, JudgedPeriod, read_weighted_if_possible
from feedback_core.standards.types import StandardVerdict
from feedback_core.standards.use_cases import keep_verdicts, standards_in_force
from feedback_core.surveys.use_cases import published_survey

LIBRARIES = ("numpy", "scipy", "statsmodels")


async def run_review(run: JobRun[RunReview]) -> None:
    """Make a review, and propose what follows from it in the transaction that keeps its result.

    Raises:
        NotFound: the survey is gone.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(ReviewParameters, analysis.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        survey = await published_survey(session, run.organisation_id, analysis.survey_id)
        measures = measures_of(survey.questionnaire)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
        links, _ = await links_of(session, run.organisation_id, {measure.feature_key for measure in measures})
        answers = [
            await _read(run, session, analysis.survey_id, parameters, measure, links[measure.feature_key])
            for measure in measures
        ]
        evidence = await _evidence(run, session, analysis.survey_id, parameters)
    await run.progress(len(measures), len(measures) + 1, "features")
    outcome = await run.calculate(
        review_of,
        parameters,
        answers,
        evidence,
        not_reviewed=not_measured(survey.questionnaire),
        seed=seed_of_request(analysis),
        as_of=as_of,
    )
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.sentence, libraries=LIBRARIES, version=version
        )
        turned = await keep_verdicts(session, run.organisation_id, run_id, outcome.standards, clock=run.clock)
        await record_events(session, run.organisation_id, [_not_met(each, run_id) for each in turned], clock=run.clock)
        proposed = await _through_drivers(session, run.organisation_id, analysis.survey_id, outcome.candidates)
        await propose_candidates(session, run.organisation_id, analysis.survey_id, run_id, proposed, clock=run.clock)


async def _read(
    run: JobRun[RunReview],
    session: Session,
    survey_id: UUID,
    parameters: ReviewParameters,
    measure: FeatureMeasure,
    links: ServiceLinks,
) -> MeasureAnswers:
    question = KpiQuestion(
        kpi=measure.kpi,
        survey=str(survey_id),
        question=measure.question,
        item=measure.item,
        level=parameters.level,
        weighting=parameters.weighting,
    )
    asked = await settle(session, run.organisation_id, question)
    asked = period_of(asked, parameters.start, parameters.end)
    return MeasureAnswers(
        measure=measure,
        feature_name=links.feature.name if links.feature else measure.feature_key,
        asked=asked,
        figure=await kpi_value(session, asked),
        series=await kpi_series(session, asked, parameters.bucket, clock=run.clock),
        cells=await kpi_cells(session, asked),
        links=links,
    )


async def _through_drivers(
    session: Session, organisation_id: UUID, survey_id: UUID, candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """With what the newest analysis of drivers adds: to what is proposed, so that the review says the same again."""
    drivers = await latest_with_result(session, organisation_id, survey_id, AnalysisKind.DRIVERS)
    if drivers is None or not candidates:
        return candidates
    outcome = from_document(DriversOutcome, drivers.result)
    return through_drivers(candidates, outcome, run_id=drivers.id, data_version=drivers.data_version)


def _not_met(verdict: StandardVerdict, run_id: UUID) -> Event:
    """That a standard is not met any more, by the numbers."""
    estimate = verdict.estimate
    data = {
        "run_id": str(run_id),
        "standard_version": verdict.version,
        "threshold": verdict.threshold,
        "value": estimate.value if estimate else None,
        "n": estimate.n if estimate else None,
    }
    return Event(EventKind.STANDARD_NOT_MET, verdict.standard, data)


async def _evidence(
    run: JobRun[RunReview], session: Session, survey_id: UUID, parameters: ReviewParameters
) -> list[Evidence]:
    """Of every standard of the survey that holds in the period."""
    organisation = await get_organisation(session, run.organisation_id)
    period = JudgedPeriod(parameters.start, parameters.end, parameters.bucket, parameters.level, parameters.weighting)
    standards = await standards_in_force(session, organisation, survey_id, period, clock=run.clock)
    return [await read_weighted_if_possible(session, organisation, each, period, clock=run.clock) for each in standards]
