"""Asking for an analysis of drivers."""

from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import SamplingBiasParameters, SamplingFrame
from feedback_core.bias.use_cases import refuse_both, refuse_design, settle_sampling_bias
from feedback_core.db.session import Session
from feedback_core.drivers.questions import ChosenQuestions, ScaleQuestion, chosen_questions
from feedback_core.drivers.types import DriversParameters
from feedback_core.kpis.targets import target_of
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.surveys.use_cases import published_survey


@dataclass(frozen=True, slots=True)
class AskedDrivers:
    """An analysis of drivers, settled: every name in it is known to be good.

    Attributes:
        questions: outcome and drivers.
        outcome: the mean answer to the outcome, over what is selected.
        drivers: the mean answer to each driver, likewise.
    """

    questions: ChosenQuestions
    outcome: Asked
    drivers: tuple[Asked, ...]


async def check_drivers(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: DriversParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, there is no driver, or a frame and a weighting; the pointer
            says which.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    asked = await settle_drivers(session, organisation_id, survey_id, parameters)
    settled = replace(
        parameters,
        drivers=tuple(question.about.name for question in asked.questions.drivers),
        features=(),
        where={attribute: tuple(sorted(set(values))) for attribute, values in parameters.where.items()},
    )
    return AnalysisRequest(AnalysisKind.DRIVERS, survey_id, to_document(settled))


async def settle_drivers(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: DriversParameters
) -> AskedDrivers:
    """The questions and the selection that are asked for.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, there is no driver, or a frame and a weighting; the pointer
            says which.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    refuse_both(parameters.frame, parameters.weighting)
    refuse_design(parameters.weighting)
    survey = await published_survey(session, organisation_id, survey_id)
    chosen = chosen_questions(survey.questionnaire, parameters)
    outcome = await settle_in_body(
        session, organisation_id, _mean_of(chosen.outcome, survey_id, parameters), parameters.start, parameters.end
    )
    drivers = tuple(
        replace(
            outcome,
            target=target_of(
                outcome.target.definition, survey_id, survey.questionnaire, question=each.question, item=each.item
            ),
        )
        for each in chosen.drivers
    )
    if parameters.frame is not None:
        wanted = SamplingBiasParameters(
            kpi="mean",
            frame=SamplingFrame(parameters.frame.margins),
            question=chosen.outcome.question,
            item=chosen.outcome.item,
        )
        await settle_sampling_bias(session, organisation_id, survey_id, wanted)
    return AskedDrivers(chosen, outcome, drivers)


def _mean_of(question: ScaleQuestion, survey_id: UUID, parameters: DriversParameters) -> KpiQuestion:
    return KpiQuestion(
        kpi="mean",
        survey=str(survey_id),
        question=question.question,
        item=question.item,
        where=parameters.where,
        level=parameters.level,
        weighting=parameters.weighting,
    )
