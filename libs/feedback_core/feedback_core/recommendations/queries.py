"""SQL of recommendations."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.recommendations.tables import recommendation, recommendation_transition
from feedback_core.recommendations.types import (
    Candidate,
    Confidence,
    Recommendation,
    RecommendationKind,
    RecommendationState,
    Transition,
)


async def propose(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    run_id: UUID,
    proposals: Sequence[tuple[UUID, Candidate]],
    *,
    at: datetime,
) -> None:
    """Add candidates under these ids; one already proposed takes the newer evidence, one decided on keeps its own.

    A review that ended later but was asked for earlier changes nothing.
    """
    for new_id, candidate in proposals:
        values = {
            "feature_key": candidate.feature_key,
            "standard_key": candidate.standard_key,
            "kind": candidate.kind,
            "title": candidate.title,
            "rationale": candidate.rationale,
            "evidence": [asdict(piece) for piece in candidate.evidence],
            "gap": candidate.gap,
            "confidence": candidate.confidence,
            "priority": candidate.priority,
            "priority_reason": candidate.priority_reason,
            "run_id": run_id,
            "updated_at": at,
        }
        statement = upsert(recommendation).values(
            organisation_id=organisation_id,
            id=new_id,
            survey_id=survey_id,
            subject=candidate.subject,
            state=RecommendationState.PROPOSED,
            created_at=at,
            **values,
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "survey_id", "subject"],
                set_={**values, "revision": recommendation.c.revision + 1},
                where=(recommendation.c.state == RecommendationState.PROPOSED) & (recommendation.c.run_id < run_id),
            )
        )


async def recommendations(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    feature: str | None,
    state: RecommendationState | None,
    kind: RecommendationKind | None,
    after: tuple[float, UUID] | None,
    limit: int,
) -> list[Recommendation]:
    """Recommendations, highest priority first, from behind ``after``."""
    columns = recommendation.c
    statement = select(recommendation).where(columns.organisation_id == organisation_id)
    for column, value in (
        (columns.survey_id, survey_id),
        (columns.feature_key, feature),
        (columns.state, state),
        (columns.kind, kind),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(tuple_(columns.priority, columns.id) < after)
    rows = await session.execute(statement.order_by(columns.priority.desc(), columns.id.desc()).limit(limit))
    return [_recommendation(row) for row in rows]


async def recommendation_by_id(
    session: Session, organisation_id: UUID, recommendation_id: UUID, *, for_update: bool = False
) -> Recommendation | None:
    """A recommendation with its decisions."""
    statement = select(recommendation).where(
        recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id
    )
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    if row is None:
        return None
    decisions = await session.execute(
        select(recommendation_transition)
        .where(
            recommendation_transition.c.organisation_id == organisation_id,
            recommendation_transition.c.recommendation_id == recommendation_id,
        )
        .order_by(recommendation_transition.c.id)
    )
    return _recommendation(row, tuple(_transition(decision) for decision in decisions))


async def move(session: Session, organisation_id: UUID, recommendation_id: UUID, step: Transition) -> None:
    """Take a decision: the new state, and the record of who took it and why."""
    await session.execute(
        update(recommendation)
        .where(recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id)
        .values(state=step.to_state, updated_at=step.decided_at, revision=recommendation.c.revision + 1)
    )
    await session.execute(
        insert(recommendation_transition).values(
            organisation_id=organisation_id,
            id=step.id,
            recommendation_id=recommendation_id,
            from_state=step.from_state,
            to_state=step.to_state,
            decided_by=step.decided_by,
            reason=step.reason,
            decided_at=step.decided_at,
        )
    )


def _recommendation(row: Row[Any], transitions: tuple[Transition, ...] = ()) -> Recommendation:
    return Recommendation(
        id=row.id,
        survey_id=row.survey_id,
        feature_key=row.feature_key,
        kind=RecommendationKind(row.kind),
        subject=row.subject,
        title=row.title,
        rationale=row.rationale,
        evidence=tuple(row.evidence),
        gap=row.gap,
        confidence=Confidence(row.confidence),
        priority=row.priority,
        priority_reason=row.priority_reason,
        state=RecommendationState(row.state),
        run_id=row.run_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        transitions=transitions,
        standard_key=row.standard_key,
    )


def _transition(row: Row[Any]) -> Transition:
    return Transition(
        id=row.id,
        from_state=RecommendationState(row.from_state),
        to_state=RecommendationState(row.to_state),
        decided_by=row.decided_by,
        reason=row.reason,
        decided_at=row.decided_at,
    )
