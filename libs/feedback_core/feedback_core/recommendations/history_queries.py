"""SQL of what happened to a recommendation: the decisions taken on it, and the analyses that met it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from feedback_core.db.session import Session
from feedback_core.recommendations.tables import (
    recommendation,
    recommendation_sighting,
    recommendation_transition,
)
from feedback_core.recommendations.types import Confidence, RecommendationState, Sighting, Transition


async def move(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    taken: Transition,
    *,
    due_at: datetime | None,
    escalates_at: datetime | None,
) -> None:
    """Take a decision: the new step, and the record of who took it and why."""
    await session.execute(
        update(recommendation)
        .where(recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id)
        .values(
            state=taken.to_state,
            step=taken.to_step,
            entered_at=taken.decided_at,
            due_at=due_at,
            escalates_at=escalates_at,
            overdue_told_at=None,
            escalation_told_at=None,
            updated_at=taken.decided_at,
            revision=recommendation.c.revision + 1,
        )
    )
    await session.execute(
        insert(recommendation_transition).values(
            organisation_id=organisation_id,
            id=taken.id,
            recommendation_id=recommendation_id,
            from_state=taken.from_state,
            to_state=taken.to_state,
            from_step=taken.from_step,
            to_step=taken.to_step,
            decided_by=taken.decided_by,
            key_name=taken.key_name,
            reason=taken.reason,
            fields=dict(taken.fields),
            decided_at=taken.decided_at,
        )
    )


async def touch(session: Session, organisation_id: UUID, recommendation_id: UUID, *, at: datetime) -> None:
    """Count a change that is kept elsewhere, so that who has read it before must read it again."""
    await session.execute(
        update(recommendation)
        .where(recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id)
        .values(updated_at=at, revision=recommendation.c.revision + 1)
    )


async def transitions(session: Session, organisation_id: UUID, recommendation_id: UUID) -> tuple[Transition, ...]:
    """Every decision, oldest first."""
    columns = recommendation_transition.c
    rows = await session.execute(
        select(recommendation_transition)
        .where(columns.organisation_id == organisation_id, columns.recommendation_id == recommendation_id)
        .order_by(columns.id)
    )
    return tuple(_transition(row) for row in rows)


async def sightings(session: Session, organisation_id: UUID, recommendation_id: UUID) -> tuple[Sighting, ...]:
    """Every analysis that met it, in the order in which they were asked for."""
    columns = recommendation_sighting.c
    rows = await session.execute(
        select(recommendation_sighting)
        .where(columns.organisation_id == organisation_id, columns.recommendation_id == recommendation_id)
        .order_by(columns.run_id)
    )
    return tuple(
        Sighting(row.run_id, row.met_at, tuple(row.evidence), row.gap, Confidence(row.confidence), row.priority)
        for row in rows
    )


def _transition(row: Row[Any]) -> Transition:
    return Transition(
        id=row.id,
        from_step=row.from_step or row.from_state,
        to_step=row.to_step or row.to_state,
        from_state=RecommendationState(row.from_state),
        to_state=RecommendationState(row.to_state),
        decided_by=row.decided_by,
        key_name=row.key_name or row.decided_by,
        reason=row.reason,
        fields=row.fields or {},
        decided_at=row.decided_at,
    )
