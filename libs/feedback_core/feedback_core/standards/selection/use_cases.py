"""The measures that standards could be held on, ranked."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.analyses.documents import from_document
from feedback_core.analyses.queries import latest_with_result
from feedback_core.analyses.types import AnalysisKind
from feedback_core.db.session import Session
from feedback_core.drivers.types import DriversOutcome
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.types import Withheld
from feedback_core.kpis.use_cases import KpiQuestion, kpi_value, period_of, settle
from feedback_core.planning.calc import sample_size_for_mean
from feedback_core.service.parts import links_of
from feedback_core.service.use_cases import assumed_importances
from feedback_core.standards import queries
from feedback_core.standards.selection.calc import rank_measures
from feedback_core.standards.selection.types import Cost, Importance, Measure, RankedMeasure, Spread
from feedback_core.surveys.types import Question, QuestionType
from feedback_core.surveys.use_cases import published_survey


@dataclass(frozen=True, slots=True)
class SelectionQuestion:
    """How measures are to be ranked.

    Attributes:
        margin: half-width of the interval of a mean that is to be reached, as a share of the scale.
        price: of an answer, in whatever currency; ``None``: costs are in answers alone.
    """

    start: datetime | None = None
    end: datetime | None = None
    margin: float = 0.05
    level: float = 0.95
    price: float | None = None


async def rank_candidate_measures(
    session: Session, organisation_id: UUID, survey_id: UUID, question: SelectionQuestion
) -> tuple[RankedMeasure, ...]:
    """Every question on a scale, and row of a matrix, of a survey: what could be held to a standard, the best first.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: the period is empty.
    """
    if question.start and question.end and question.start >= question.end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    survey = await published_survey(session, organisation_id, survey_id)
    asked = [each for each in survey.questionnaire.questions if each.answer_scale is not None]
    features = {each.feature for each in asked if each.feature}
    links, _ = await links_of(session, organisation_id, features)
    assumed = await assumed_importances(session, organisation_id, features)
    importances = await _importances(session, organisation_id, survey_id)
    held = await _standards(session, organisation_id, survey_id)
    found = []
    for each, item in [(one, item) for one in asked for item in _items(one)]:
        spread, cost = await _known(session, organisation_id, survey_id, each, item, question)
        place = links.get(each.feature or "")
        found.append(
            Measure(
                question=each.key,
                item=item,
                feature=place.feature if place else None,
                assumed_importance=assumed.get(each.feature or ""),
                importance=importances.get(each.key if item is None else f"{each.key}.{item}"),
                spread=spread,
                cost=cost,
                standards=tuple(held[each.key, item]),
            )
        )
    return rank_measures(found)


def _items(question: Question) -> Sequence[str | None]:
    return [row.key for row in question.rows] if question.type is QuestionType.MATRIX else [None]


async def _importances(session: Session, organisation_id: UUID, survey_id: UUID) -> Mapping[str, Importance]:
    run = await latest_with_result(session, organisation_id, survey_id, AnalysisKind.DRIVERS)
    if run is None:
        return {}
    outcome = from_document(DriversOutcome, run.result)
    return {
        each.driver.name: Importance(outcome.outcome.name, each.share, each.share_interval, run.id)
        for each in outcome.drivers.drivers
    }


async def _standards(
    session: Session, organisation_id: UUID, survey_id: UUID
) -> defaultdict[tuple[str, str | None], list[str]]:
    held = defaultdict(list)
    latest: dict[str, tuple[str, str | None] | None] = {}
    for version in await queries.all_versions(session, organisation_id, survey_id=survey_id):
        metric = version.details.metric
        latest.setdefault(version.key, (metric.question, metric.item) if metric.question else None)
    for key, place in latest.items():
        if place is not None:
            held[place].append(key)
    return held


async def _known(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    question: Question,
    item: str | None,
    wanted: SelectionQuestion,
) -> tuple[Spread | None, Cost | None]:
    asked = await settle(session, organisation_id, KpiQuestion("mean", str(survey_id), question.key, item))
    figure = await kpi_value(session, period_of(asked, wanted.start, wanted.end))
    scale = question.answer_scale
    if isinstance(figure, Withheld) or figure.estimate is None or scale is None or not figure.estimate.standard_error:
        return None, None
    deviation = figure.estimate.standard_error * math.sqrt(figure.estimate.n_effective)
    reach = scale.max - scale.min
    needed = sample_size_for_mean(deviation**2, margin=wanted.margin * reach, level=wanted.level)
    amount = None if wanted.price is None else needed.n * wanted.price
    return Spread(min(2 * deviation / reach, 1.0), figure.estimate.n), Cost(needed.n, amount)
