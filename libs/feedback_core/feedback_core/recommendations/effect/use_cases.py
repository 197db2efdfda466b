"""Asking whether a change worked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kpis.calc.periods import first_instant
from feedback_core.kpis.types import WHOLE
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.kpis.wording import bounds_of
from feedback_core.recommendations.actions.queries import action_by_id
from feedback_core.recommendations.effect.types import EffectParameters, Wanted

MATTERS: Final = 0.05
"""Share of its scale by which a figure has to move for it to matter, where nobody says otherwise."""


async def check_effect(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    parameters: EffectParameters,
    *,
    change_on: date | None,
    label: str | None,
    smallest: float | None,
    wanted: Wanted | None,
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Args:
        session: bound to the organisation.
        organisation_id: whose data.
        survey_id: whose figure it is.
        parameters: of which the four that follow are not yet settled.
        change_on: ``None``: as the action says.
        label: ``None``: the title of the action.
        smallest: ``None``: 5 % of the scale of the figure.
        wanted: ``None``: as the KPI says.

    Raises:
        NotFound: no such survey or action.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there, or is missing; the pointer says which.
    """
    change_on, label = await _change(session, organisation_id, parameters.action_id, change_on, label)
    asked = await settle_effect(session, organisation_id, survey_id, parameters)
    zone, target = asked.selection.time_zone, asked.target
    at = first_instant(change_on, zone)
    faults = []
    if (parameters.start and at <= parameters.start) or (parameters.end and at >= parameters.end):
        detail = "The change lies outside the period: there is nothing before it, or nothing after it, to compare."
        faults.append(Fault("/change_on", "change_outside_period", detail))
    if parameters.control:
        await settle_effect(session, organisation_id, survey_id, replace(parameters, where=parameters.control))
        if not _are_apart(parameters):
            detail = "Give `where` and `control` different values of one attribute: nobody can be in both groups."
            faults.append(Fault("/control", "groups_overlap", detail))
    better = target.definition.higher_is_better
    if wanted is None and better is None:
        detail = "Nobody has said which way is better for this KPI: say whether it is to be higher or lower."
        faults.append(Fault("/wanted", "direction_missing", detail))
    low, high = bounds_of(target)
    if smallest is None and (low is None or high is None):
        detail = "The figure has no scale: say how large a change would have to be to matter."
        faults.append(Fault("/smallest", "smallest_missing", detail))
    if faults:
        raise Invalid(faults)
    if smallest is None and low is not None and high is not None:
        smallest = MATTERS * (high - low)
    assert smallest is not None
    settled = replace(
        parameters,
        change_on=change_on,
        label=label,
        smallest=smallest,
        wanted=wanted or ("higher" if better else "lower"),
        question=target.question_key or None,
        item=None if target.item == WHOLE else target.item,
        where=_sorted(parameters.where),
        control=_sorted(parameters.control),
        tz=zone,
        weighting=asked.scheme.key if asked.scheme else None,
    )
    return AnalysisRequest(AnalysisKind.EFFECT, survey_id, to_document(settled))


async def settle_effect(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: EffectParameters
) -> Asked:
    """The KPI that the effect is on, of those whom the change is for.

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


async def _change(
    session: Session, organisation_id: UUID, action_id: UUID | None, change_on: date | None, label: str | None
) -> tuple[date, str]:
    if action_id is not None:
        action = await action_by_id(session, organisation_id, action_id)
        if action is None:
            raise NotFound("action", action_id)
        if change_on is None and action.change_on is None:
            detail = "The action has not been completed: give the first day on which it could have an effect."
            raise Invalid([Fault("/change_on", "action_not_completed", detail)])
        change_on, label = change_on or action.change_on, label or action.details.title
    if change_on is None:
        raise Invalid(
            [Fault("/change_on", "change_missing", "Say when something changed, or which action changed it.")]
        )
    return change_on, label or "the change"


def _are_apart(parameters: EffectParameters) -> bool:
    return any(
        not set(values) & set(parameters.control[attribute])
        for attribute, values in parameters.where.items()
        if attribute in parameters.control
    )


def _sorted(where: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {attribute: tuple(sorted(set(values))) for attribute, values in where.items()}
