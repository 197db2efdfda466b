"""Asking for an analysis of method effectiveness."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.types import WHOLE
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.method_effectiveness.types import MethodEffectivenessParameters


async def check_method_effectiveness(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: MethodEffectivenessParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, the KPI is no mean of answers, or costs are in several
            currencies; the pointer says which.
    """
    asked = await settle_method_effectiveness(session, organisation_id, survey_id, parameters)
    settled = replace(
        parameters,
        question=asked.target.question_key,
        item=None if asked.target.item == WHOLE else asked.target.item,
    )
    return AnalysisRequest(AnalysisKind.METHOD_EFFECTIVENESS, survey_id, to_document(settled))


async def settle_method_effectiveness(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: MethodEffectivenessParameters
) -> Asked:
    """The KPI that is compared between methods.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: as `check_method_effectiveness`.
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
    faults = list(_foreign_currencies(parameters))
    if asked.target.definition.measure not in MEANS:
        detail = "Only a KPI that is a mean of answers can be held at one composition: an NPS, a share or a mean."
        faults.append(Fault("/kpi", "unfit_kpi", detail))
    if faults:
        raise Invalid(faults)
    return asked


def _foreign_currencies(parameters: MethodEffectivenessParameters) -> Iterator[Fault]:
    costs = [(method, given.cost.currency) for method, given in parameters.contacts.items() if given.cost]
    for method, currency in costs[1:]:
        if currency != costs[0][1]:
            detail = f"Costs are compared in one currency; {costs[0][0]} has {costs[0][1]}."
            yield Fault(f"/contacts/{method}/cost/currency", "several_currencies", detail)
