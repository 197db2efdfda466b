"""Asking for a sampling-bias assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import SamplingBiasParameters
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.types import WHOLE
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.surveys.queries import former_questionnaires
from feedback_core.weighting.margins import pointer, read_margins
from feedback_core.weighting.types import MarginsUnusable


async def check_sampling_bias(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: SamplingBiasParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, or the KPI has no answers to weight; the pointer says which.
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
        Invalid: a field names something that is not there, or the KPI has no answers to weight; the pointer says which.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    question = KpiQuestion(
        kpi=parameters.kpi,
        survey=str(survey_id),
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        level=parameters.level,
    )
    asked = await settle_in_body(session, organisation_id, question, parameters.start, parameters.end)
    if asked.target.definition.measure not in MEANS:
        detail = "Only a KPI that is a mean of answers can be weighted: an NPS, a share or a mean."
        raise Invalid([Fault("/kpi", "unfit_kpi", detail)])
    margins = parameters.frame.margins
    faults = _unknown(margins, asked.attributes)
    if faults:
        faults = _unknown(margins, await _ever_declared(session, organisation_id, survey_id, asked.attributes))
    if faults:
        raise MarginsUnusable(faults)
    read_margins(margins)
    return asked


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
