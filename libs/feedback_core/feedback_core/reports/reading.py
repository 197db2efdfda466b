"""Reading what an edition is made from: the run as it was kept, and the names of what it is about."""

from collections.abc import Mapping
from uuid import UUID

from feedback_core.analyses.cuts import read_at
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.jobs.types import JobStatus
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.recommendations.types import Candidate, ReviewOutcome, ReviewParameters
from feedback_core.reports import source_queries as queries
from feedback_core.reports.acting import actions_about, facts_of
from feedback_core.reports.source import (
    ActionFact,
    AskedQuestion,
    FeatureFact,
    Proposal,
    ReportSource,
    Standing,
    SurveyFacts,
    ThemesFacts,
)
from feedback_core.reports.types import ReportRequest, RunNotReportable
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.types.texts import Text, text_in
from feedback_core.themes.analysis.types import ThemesOutcome


async def reportable_run(session: Session, organisation_id: UUID, run_id: UUID) -> AnalysisRun:
    """A review that has succeeded.

    Raises:
        NotFound: no such analysis here.
        RunNotReportable: it is of another kind, or has not succeeded.
    """
    run = await get_run(session, organisation_id, run_id)
    if run.kind is not AnalysisKind.REVIEW:
        raise RunNotReportable(f"Reports are made of reviews; this analysis is of the kind {run.kind}.")
    if run.result is None or run.job.status is not JobStatus.SUCCEEDED:
        raise RunNotReportable(f"The review is {run.job.status}: reports are made once it has succeeded.")
    return run


async def themes_beside(session: Session, organisation_id: UUID, run_id: UUID, survey_id: UUID) -> AnalysisRun:
    """An analysis of the themes of the same survey that has succeeded.

    Raises:
        NotFound: no such analysis here.
        Invalid: it is not one.
    """
    run = await get_run(session, organisation_id, run_id)
    if run.kind is not AnalysisKind.THEMES or run.survey_id != survey_id or run.result is None:
        detail = "Give an analysis of themes of the same survey that has succeeded."
        raise Invalid([Fault("/themes_run_id", "not_its_themes", detail)])
    return run


async def source_of(session: Session, organisation_id: UUID, request: ReportRequest) -> ReportSource:
    """All that an edition is made from.

    Raises:
        NotFound: an analysis is not here.
        RunNotReportable: the review is of another kind, or has not succeeded.
        Invalid: the analysis of themes is not one of the same survey.
    """
    run = await reportable_run(session, organisation_id, request.run_id)
    outcome = from_document(ReviewOutcome, run.result)
    organisation = await get_organisation(session, organisation_id)
    key, confidentiality, number, asked = await queries.questionnaire_at(
        session, organisation_id, run.survey_id, read_at(run)
    )
    verdicts = {verdict.standard: verdict for verdict in outcome.standards}
    standings = await queries.standings(
        session, organisation_id, run.survey_id, [candidate.subject for candidate in outcome.candidates]
    )
    done = await actions_about(
        session, organisation_id, run.survey_id, [standing.recommendation_id for standing in standings.values()]
    )
    texts = _texts(asked)
    features = tuple(
        FeatureFact(
            place=place,
            review=review,
            question_text=texts.get((review.question, review.item), review.question),
            standard=verdicts.get(review.standard or ""),
        )
        for place, review in enumerate(outcome.features)
    )
    themes = None
    if request.themes_run_id is not None:
        beside = await themes_beside(session, organisation_id, request.themes_run_id, run.survey_id)
        themes = ThemesFacts(facts_of(beside), from_document(ThemesOutcome, beside.result))
    return ReportSource(
        organisation=organisation.name,
        minimum_cell_size=organisation.minimum_cell_size,
        survey=_survey(key, confidentiality, number, asked),
        run=facts_of(run),
        parameters=from_document(ReviewParameters, run.parameters),
        outcome=outcome,
        features=features,
        proposals=tuple(_proposal(each, standings.get(each.subject), done) for each in outcome.candidates),
        themes=themes,
    )


def _proposal(candidate: Candidate, standing: Standing | None, done: Mapping[UUID, tuple[ActionFact, ...]]) -> Proposal:
    return Proposal(candidate, standing, done.get(standing.recommendation_id, ()) if standing else ())


def _survey(key: str, confidentiality: str, number: int, asked: Questionnaire) -> SurveyFacts:
    def words(text: Text) -> str:
        return text_in(text, asked.language, fallback=asked.language)

    questions = tuple(
        AskedQuestion(question.key, words(question.text), question.feature) for question in asked.questions
    )
    labels = {attribute.key: words(attribute.label or attribute.key) for attribute in asked.attributes}
    for attribute in asked.attributes:
        labels |= {f"{attribute.key}={value.key}": words(value.label or value.key) for value in attribute.values}
    return SurveyFacts(key, words(asked.title), asked.language, number, confidentiality, questions, labels)


def _texts(asked: Questionnaire) -> dict[tuple[str, str | None], str]:
    found: dict[tuple[str, str | None], str] = {}
    for question in asked.questions:
        text = text_in(question.text, asked.language, fallback=asked.language)
        found[question.key, None] = text
        for row in question.rows:
            found[question.key, row.key] = f"{text} – {text_in(row.label, asked.language, fallback=asked.language)}"
    return found
