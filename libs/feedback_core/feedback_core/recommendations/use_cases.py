"""Asking for a review; looking at recommendations, and saying what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import SamplingBiasParameters, SamplingFrame
from feedback_core.bias.use_cases import refuse_both, settle_sampling_bias
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.recommendations import history_queries, queries
from feedback_core.recommendations.belonging import links_of_recommendations
from feedback_core.recommendations.evidence.standing import evidence_of
from feedback_core.recommendations.evidence.types import EvidenceStanding
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.recommendations.measures import measures_of
from feedback_core.recommendations.procedures.queries import people_who_left
from feedback_core.recommendations.procedures.standing import Standing, standings_of, stuck_steps
from feedback_core.recommendations.queries import Wanted
from feedback_core.recommendations.types import (
    Entered,
    Recommendation,
    RecommendationKind,
    RecommendationState,
    ReviewParameters,
    Sighting,
    Transition,
)
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.use_cases import has_standards
from feedback_core.surveys.use_cases import check_survey, published_survey


@dataclass(frozen=True, slots=True)
class Seen:
    """A recommendation, how it stands in its procedure, whether its evidence still holds, and where it belongs."""

    recommendation: Recommendation
    standing: Standing
    evidence: EvidenceStanding
    links: ServiceLinks


@dataclass(frozen=True, slots=True)
class SeenWhole(Seen):
    """The same, with every decision taken on it and every analysis that met it, oldest first."""

    transitions: tuple[Transition, ...]
    sightings: tuple[Sighting, ...]


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Which recommendations are asked for; ``None`` and false: whatever they are."""

    survey_id: UUID | None = None
    feature: str | None = None
    state: RecommendationState | None = None
    kind: RecommendationKind | None = None
    overdue: bool = False
    stuck: bool = False


async def check_review(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: ReviewParameters
) -> AnalysisRequest:
    """The request for a review with these parameters, checked against the published survey.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: the period is empty, or no question is about a feature and no standard is held against the survey.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    measures = measures_of(survey.questionnaire)
    if not measures and not await has_standards(session, organisation_id, survey_id):
        detail = "No scale question of this survey is about a feature, and no standard is held against it."
        raise Invalid([Fault("/survey_id", "nothing_to_review", detail)])
    if parameters.start and parameters.end and parameters.start >= parameters.end:
        raise Invalid([Fault("/to", "empty_period", "The period must end after it begins.")])
    refuse_both(parameters.frame, parameters.weighting)
    if measures and (parameters.frame is not None or parameters.weighting is not None):
        first = measures[0]
        wanted = SamplingBiasParameters(
            kpi=first.kpi,
            frame=SamplingFrame(parameters.frame.margins if parameters.frame else {}),
            question=first.question,
            item=first.item,
            level=parameters.level,
            weighting=parameters.weighting,
        )
        await settle_sampling_bias(session, organisation_id, survey_id, wanted)
    return AnalysisRequest(AnalysisKind.REVIEW, survey_id, to_document(parameters))


async def get_recommendation(
    session: Session, organisation_id: UUID, recommendation_id: UUID, *, clock: Clock
) -> SeenWhole:
    """A recommendation with everything that happened to it.

    Raises:
        NotFound: no such recommendation here.
    """
    found = await queries.recommendation_by_id(session, organisation_id, recommendation_id)
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    (seen,) = await see(session, organisation_id, [found], clock=clock)
    return SeenWhole(
        seen.recommendation,
        seen.standing,
        seen.evidence,
        seen.links,
        await history_queries.transitions(session, organisation_id, recommendation_id),
        await history_queries.sightings(session, organisation_id, recommendation_id),
    )


async def see(session: Session, organisation_id: UUID, found: Sequence[Recommendation], *, clock: Clock) -> list[Seen]:
    """How recommendations stand, whether their evidence still holds, and where they belong."""
    standings = await standings_of(session, organisation_id, found, clock=clock)
    evidence = await evidence_of(session, organisation_id, found)
    links = await links_of_recommendations(session, organisation_id, found)
    return [Seen(one, standings[one.id], evidence[one.id], links[one.id]) for one in found]


async def recommendations_among(
    session: Session, organisation_id: UUID, ids: Sequence[UUID], *, clock: Clock
) -> list[Seen]:
    """These recommendations, highest priority first."""
    found = [await queries.recommendation_by_id(session, organisation_id, each) for each in ids]
    ranked = sorted((one for one in found if one is not None), key=lambda one: (-one.priority, one.id))
    return await see(session, organisation_id, ranked, clock=clock)


async def list_recommendations(
    session: Session,
    organisation_id: UUID,
    asked: ListQuestion,
    *,
    cursor: str | None = None,
    limit: int = 100,
    clock: Clock,
) -> tuple[list[Seen], str | None]:
    """A page, highest priority first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if asked.survey_id is not None:
        await check_survey(session, organisation_id, asked.survey_id)
    query = {
        "list": "recommendations",
        "organisation": organisation_id,
        "survey": asked.survey_id,
        "feature": asked.feature,
        "state": asked.state,
        "kind": asked.kind,
        "overdue": asked.overdue,
        "stuck": asked.stuck,
    }
    after = _position(decode_cursor(cursor, query, parts=2)) if cursor else None
    wanted = await _wanted(session, organisation_id, asked, clock=clock)
    found = await queries.recommendations(session, organisation_id, wanted, after=after, limit=limit + 1)
    page, following = page_of(found, limit, query, at=lambda one: (repr(one.priority), one.id))
    return await see(session, organisation_id, page, clock=clock), following


async def enter_details(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    entered: Entered,
    *,
    if_revision: int,
    clock: Clock,
) -> None:
    """Say what a recommendation costs and who sees to it.

    Raises:
        NotFound: no such recommendation here.
        PreconditionFailed: it has changed since ``if_revision``.
        PersonLeft: the owner has left.
    """
    found = await queries.recommendation_by_id(session, organisation_id, recommendation_id, for_update=True)
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    require_current("recommendation", found.revision, if_revision)
    await refuse_people_gone(session, organisation_id, {"/owner": entered.owner})
    await queries.enter(session, organisation_id, recommendation_id, entered, at=clock.now())


async def _wanted(session: Session, organisation_id: UUID, asked: ListQuestion, *, clock: Clock) -> Wanted:
    now = clock.now()
    gone = (await people_who_left(session, organisation_id)).names if asked.stuck else frozenset()
    stuck = None
    if asked.stuck:
        versions = await queries.steps_in_use(session, organisation_id)
        stuck = await stuck_steps(session, organisation_id, versions, gone)
    return Wanted(
        survey_id=asked.survey_id,
        feature=asked.feature,
        state=asked.state,
        kind=asked.kind,
        overdue_at=now if asked.overdue else None,
        stuck=stuck,
        gone=sorted(gone),
        now=now,
    )


def _position(parts: tuple[str, ...]) -> tuple[float, UUID]:
    try:
        return float(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise InvalidCursor from error
