"""Asking for a trend analysis."""

from dataclasses import replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.periods import first_instant
from feedback_core.kpis.types import WHOLE
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.trends.types import TrendParameters


async def check_trend(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: TrendParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there; the pointer says which.
    """
    asked = await settle_trend(session, organisation_id, survey_id, parameters)
    _refuse_event_outside(asked, parameters)
    settled = replace(
        parameters,
        question=asked.target.question_key or None,
        item=None if asked.target.item == WHOLE else asked.target.item,
        where={attribute: tuple(sorted(set(values))) for attribute, values in parameters.where.items()},
        tz=asked.selection.time_zone,
        weighting=asked.scheme.key if asked.scheme else None,
        rebase=tuple(sorted(set(parameters.rebase))),
    )
    return AnalysisRequest(AnalysisKind.TREND, survey_id, to_document(settled))


async def settle_trend(session: Session, organisation_id: UUID, survey_id: UUID, parameters: TrendParameters) -> Asked:
    """The KPI that the trend is of.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there; the pointer says which.
    """
    question = KpiQuestion(
        kpi=parameters.kpi,
        survey=str(survey_id),
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        time_zone=parameters.tz,
        where=parameters.where,
        level=parameters.level,
        weighting=parameters.weighting,
    )
    return await settle_in_body(session, organisation_id, question, parameters.start, parameters.end)


def _refuse_event_outside(asked: Asked, parameters: TrendParameters) -> None:
    if parameters.interruption is None:
        return
    selection = asked.selection
    at = first_instant(parameters.interruption.at, selection.time_zone)
    if (selection.start and at <= selection.start) or (selection.end and at >= selection.end):
        detail = "The event lies outside the period: there is nothing before it, or nothing after it, to compare."
        raise Invalid([Fault("/interruption/at", "event_outside_period", detail)])
