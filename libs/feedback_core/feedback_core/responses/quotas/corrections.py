"""Places are given back by responses that stand no more, and taken again by those that stand again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.responses.quotas import queries


@asynccontextmanager
async def correct_places(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID]
) -> AsyncIterator[None]:
    """Make a change to how responses stand inside this block; the places that they take follow.

    Excluded, restored, erased, or told less of: a response takes the places that it would take as it now stands. So
    the count of a cell is at any moment what a recount of responses gives.
    """
    stored = await queries.stored(session, organisation_id, survey_id, hold="shared")
    cells = [(quota, cell) for quota in stored.quotas.quotas for cell in quota.cells]
    before = await queries.standing(session, organisation_id, survey_id, cells, response_ids)
    yield
    if not cells:
        return
    after = await queries.standing(session, organisation_id, survey_id, cells, response_ids)
    ids = await queries.cell_ids(session, organisation_id, survey_id)
    changes = {
        ids[quota.key, cell.key]: now - then for (quota, cell), then, now in zip(cells, before, after, strict=True)
    }
    await queries.correct(session, organisation_id, changes)
