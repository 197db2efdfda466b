"""Asking for an analysis of data quality."""

from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.data_quality.rules import scale_faults
from feedback_core.data_quality.types import DataQualityParameters
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.types import RESPONSES, Measure, Target
from feedback_core.kpis.use_cases import METHOD, Asked, KpiQuestion
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import published_survey

_COUNTING = next(definition for definition in BUILT_IN if definition.measure is Measure.COUNT)


@dataclass(frozen=True, slots=True)
class AskedQuality:
    """An analysis of data quality, settled: every name in it is known to be good.

    Attributes:
        responses: the number of responses, over what is selected.
        kpi: likewise; ``None`` where none was asked for.
        by: attributes whose groups are told apart, the method first.
    """

    questionnaire: Questionnaire
    responses: Asked
    kpi: Asked | None
    by: tuple[str, ...]


async def check_data_quality(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: DataQualityParameters
) -> AnalysisRequest:
    """The request for these parameters, checked.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, or contradicts another; the pointer says which.
    """
    await settle_data_quality(session, organisation_id, survey_id, parameters)
    where = {attribute: tuple(sorted(set(values))) for attribute, values in parameters.where.items()}
    return AnalysisRequest(AnalysisKind.DATA_QUALITY, survey_id, to_document(replace(parameters, where=where)))


async def settle_data_quality(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: DataQualityParameters
) -> AskedQuality:
    """What is asked for, held against the survey.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, or contradicts another; the pointer says which.
    """
    questionnaire = (await published_survey(session, organisation_id, survey_id)).questionnaire
    faults = [*_faults(questionnaire, parameters), *scale_faults(parameters.scales or (), questionnaire)]
    if faults:
        raise Invalid(faults)
    wanted = KpiQuestion(
        kpi=parameters.kpi or _COUNTING.key,
        survey=str(survey_id),
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        where=parameters.where,
        level=parameters.level,
    )
    asked = await settle_in_body(session, organisation_id, wanted, parameters.start, parameters.end)
    responses = replace(asked, target=Target(_COUNTING, survey_id, RESPONSES))
    by = tuple(dict.fromkeys((METHOD, *parameters.by)))
    return AskedQuality(questionnaire, responses, asked if parameters.kpi else None, by)


def _faults(questionnaire: Questionnaire, parameters: DataQualityParameters) -> list[Fault]:
    faults: list[Fault] = []
    if parameters.kpi is None:
        given = [name for name in ("question", "item", "choice") if getattr(parameters, name) is not None]
        detail = "It says which figure is meant: name the kpi, too."
        faults += [Fault(f"/{name}", "not_applicable", detail) for name in given]
    known = [METHOD, *(attribute.key for attribute in questionnaire.attributes)]
    for number, name in enumerate(parameters.by):
        if name not in known:
            faults.append(Fault(f"/by/{number}", "unknown_attribute", f"The survey declares: {', '.join(known)}."))
        elif name in parameters.by[:number]:
            faults.append(Fault(f"/by/{number}", "named_twice", f"The attribute {name} is named twice."))
    return faults
