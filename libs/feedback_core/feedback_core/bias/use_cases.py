"""Asking for a sampling-bias assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.frames import faults_of_frame, faults_of_response, margins_given, undeclared_in
from feedback_core.bias.types import Frame, SamplingBiasParameters
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.types import WHOLE
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.kpis.use_cases.responses import complete_responses
from feedback_core.surveys.queries import former_questionnaires
from feedback_core.weighting.margins import pointer, read_margins
from feedback_core.weighting.schemes import DESIGN_KEY
from feedback_core.weighting.types import MarginsUnusable


async def check_sampling_bias(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: SamplingBiasParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, the KPI has no answers to weight, or the invited contradict
            the rest of the frame or those who responded; the pointer says which.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    asked = await settle_sampling_bias(session, organisation_id, survey_id, parameters)
    settled = replace(
        parameters,
        question=asked.target.question_key,
        item=None if asked.target.item == WHOLE else asked.target.item,
    )
    return AnalysisRequest(AnalysisKind.SAMPLING_BIAS, survey_id, to_document(settled))


async def settle_sampling_bias(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: SamplingBiasParameters
) -> Asked:
    """The KPI whose answers are held against the frame.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, the KPI has no answers to weight, or the invited contradict
            the rest of the frame or those who responded; the pointer says which.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    refuse_design(parameters.weighting)
    question = KpiQuestion(
        kpi=parameters.kpi,
        survey=str(survey_id),
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        level=parameters.level,
        weighting=parameters.weighting,
    )
    asked = await settle_in_body(session, organisation_id, question, parameters.start, parameters.end)
    if asked.target.definition.measure not in MEANS:
        detail = "Only a KPI that is a mean of answers can be weighted: an NPS, a share or a mean."
        raise Invalid([Fault("/kpi", "unfit_kpi", detail)])
    frame, margins = parameters.frame, parameters.frame.margins
    declared: Mapping[str, Sequence[str]] = asked.attributes
    if _unknown(margins, declared) or frame.invited or frame.reach:
        declared = await _ever_declared(session, organisation_id, survey_id, declared)
    if unknown := _unknown(margins, declared):
        raise MarginsUnusable(unknown)
    if faults := undeclared_in(frame, declared):
        raise Invalid(faults)
    read = read_margins(margins_given(frame, asked.scheme))
    if faults := faults_of_frame(frame, read):
        raise Invalid(faults)
    if frame.invited:
        heard = await complete_responses(session, asked.organisation, survey_id, asked.selection)
        if faults := faults_of_response(frame.invited, heard):
            raise Invalid(faults)
    return asked


def refuse_both(frame: Frame | None, weighting: str | None) -> None:
    """Answers are weighted to a frame or by a stored scheme.

    Raises:
        Invalid: both are named.
    """
    if frame is not None and weighting is not None:
        detail = "Answers are weighted either to a frame or by a stored scheme: leave one of both out."
        raise Invalid([Fault("/weighting", "frame_and_weighting", detail)])


def refuse_design(weighting: str | None) -> None:
    """An analysis of respondents weights them to a frame, not as units of a sample.

    Raises:
        Invalid: the samples of the survey are named.
    """
    if weighting == DESIGN_KEY:
        detail = "Only figures are weighted by design; here, name a scheme of the survey, or a frame."
        raise Invalid([Fault("/weighting", "not_applicable", detail)])


async def _ever_declared(
    session: Session, organisation_id: UUID, survey_id: UUID, declared: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The attributes with the values of every version: answers to an earlier one may have a value that is gone."""
    values = {attribute: list(known) for attribute, known in declared.items()}
    for former in await former_questionnaires(session, organisation_id, survey_id):
        for attribute in former.attributes:
            known = values.get(attribute.key, [])
            known += [value.key for value in attribute.values if value.key not in known]
    return values


def _unknown(margins: Mapping[str, Mapping[str, float]], declared: Mapping[str, Sequence[str]]) -> list[Fault]:
    known = ", ".join(declared) or "none"
    faults = [
        Fault(pointer(attribute), "unknown_attribute", f"The survey declares these attributes: {known}.")
        for attribute in margins
        if attribute not in declared
    ]
    return faults + [
        Fault(pointer(attribute, value), "unknown_value", f"{attribute} has: {', '.join(declared[attribute])}.")
        for attribute, figures in margins.items()
        for value in figures
        if attribute in declared and value not in declared[attribute]
    ]
