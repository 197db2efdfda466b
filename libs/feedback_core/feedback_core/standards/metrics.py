"""What a standard is held against: the question that its metric asks, and whether the standard fits it."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kpis.types import Boxes, KpiDefinition, Measure, Nature, Target
from feedback_core.kpis.use_cases import Asked, KpiQuestion, get_definition, settle_definition
from feedback_core.kpis.wording import bounds_of
from feedback_core.standards.types import Demand, Metric, StandardDetails, Statistic
from feedback_core.surveys.types import QuestionType

_QUERY = "/query/"
_MEASURES = {
    Statistic.MEAN: Measure.MEAN,
    Statistic.MEDIAN: Measure.MEDIAN,
    Statistic.SHARE_WITHIN: Measure.TOP_BOX,
}


async def settle_metric(
    session: Session, organisation_id: UUID, metric: Metric, *, level: float = 0.95, weighting: str | None = None
) -> Asked:
    """The question that a metric asks, checked against the published survey.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field of the metric names something that is not there; the pointer says which.
    """
    question = KpiQuestion(
        kpi=metric.kpi or "",
        survey=str(metric.survey_id),
        question=metric.question,
        item=metric.item,
        choice=metric.choice,
        where=metric.where,
        level=level,
        weighting=weighting,
    )
    definition = await _definition(session, organisation_id, metric)
    try:
        return await settle_definition(session, organisation_id, definition, question)
    except Invalid as invalid:
        raise Invalid([_in_metric(fault) for fault in invalid.faults]) from invalid


def faults_of(details: StandardDetails, target: Target) -> list[Fault]:
    """What is wrong with a standard on this metric."""
    return [*_of_metric(target), *_of_demand(details.direction, target), *_of_target(details, target)]


def faults_of_threshold(direction: Demand, threshold: float, target: Target) -> list[Fault]:
    """What is wrong with a threshold on this metric, to which nothing is tolerated."""
    faults = [*_of_metric(target), *_of_demand(direction, target)]
    low, high = bounds_of(target)
    if (low is not None and threshold < low) or (high is not None and threshold > high):
        faults.append(Fault("/threshold", "off_scale", f"The figure lies between {low:g} and {high:g}."))
    return faults


def _of_metric(target: Target) -> Iterator[Fault]:
    if target.definition.measure is Measure.COUNT:
        detail = "A number of responses has no interval, so nothing can be said of it beyond chance: take a rate."
        yield Fault("/metric/kpi", "unfit_kpi", detail)


def _of_demand(direction: Demand, target: Target) -> Iterator[Fault]:
    higher_is_better = target.definition.higher_is_better
    if higher_is_better is not None and higher_is_better != (direction is Demand.AT_LEAST):
        good = "higher is better: ask for at_least" if higher_is_better else "lower is better: ask for at_most"
        detail = f"Of {target.definition.key}, as it is defined, {good}."
        yield Fault("/direction", "other_direction", detail)


def _of_target(details: StandardDetails, target: Target) -> Iterator[Fault]:
    low, high = bounds_of(target)

    def beyond(value: float) -> bool:
        return (low is not None and value < low) or (high is not None and value > high)

    ends = f"{low:g} and {high:g}" if low is not None and high is not None else ""
    if beyond(details.target):
        yield Fault("/target", "off_scale", f"The figure lies between {ends}.")
    elif beyond(details.threshold):
        yield Fault("/tolerance", "off_scale", f"With so much tolerated every figure between {ends} would do.")


async def _definition(session: Session, organisation_id: UUID, metric: Metric) -> KpiDefinition:
    if metric.kpi is not None:
        try:
            return (await get_definition(session, organisation_id, metric.kpi)).definition
        except NotFound as unknown:
            raise Invalid([Fault("/metric/kpi", "unknown_kpi", unknown.detail)]) from unknown
    assert metric.statistic is not None
    within = metric.statistic is Statistic.SHARE_WITHIN
    return KpiDefinition(
        key=metric.statistic,
        name=_name(metric),
        unit="share, 0 to 1" if within else "as it was measured",
        measure=_MEASURES[metric.statistic],
        question_types=frozenset({QuestionType.NUMBER}),
        boxes=Boxes(metric.lowest, metric.highest) if within else None,
        nature=Nature.OBSERVED,
    )


def _name(metric: Metric) -> str:
    if metric.statistic is not Statistic.SHARE_WITHIN:
        return f"the {metric.statistic}"
    if metric.lowest is None:
        return f"the share up to {metric.highest:g}"
    if metric.highest is None:
        return f"the share from {metric.lowest:g}"
    return f"the share from {metric.lowest:g} to {metric.highest:g}"


def _in_metric(fault: Fault) -> Fault:
    """Where it stands in the body of a standard; the weighting is a parameter of the verdict."""
    name = fault.pointer.removeprefix(_QUERY)
    if not fault.pointer.startswith(_QUERY) or name == "weighting":
        return fault
    return replace(fault, pointer=f"/metric/{name}")


async def beyond_scale(session: Session, organisation_id: UUID, metric: Metric, value: float) -> str | None:
    """The ends of the scale that a value lies beyond; ``None`` where it does not, or the metric cannot be asked."""
    try:
        low, high = bounds_of((await settle_metric(session, organisation_id, metric)).target)
    except Invalid:
        return None
    inside = (low is None or value >= low) and (high is None or value <= high)
    return None if inside else f"{low:g} and {high:g}"
