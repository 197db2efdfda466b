"""SQL of analyses of effects: the newest of each action."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from feedback_core.analyses.tables import analysis_run
from feedback_core.analyses.types import AnalysisKind
from feedback_core.db.session import Session


async def latest_effects(session: Session, organisation_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The newest analysis of the effect of each of these actions that has found something."""
    columns = analysis_run.c
    of_action = columns.parameters["action_id"].astext
    rows = await session.execute(
        select(of_action.label("action_id"), columns.id)
        .where(
            columns.organisation_id == organisation_id,
            columns.kind == AnalysisKind.EFFECT,
            columns.result.is_not(None),
            of_action.in_([str(action_id) for action_id in action_ids]),
        )
        .ext(distinct_on(of_action))
        .order_by(of_action, columns.id.desc())
    )
    return {UUID(row.action_id): row.id for row in rows}
