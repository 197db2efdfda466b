"""Keeping the cells exact while a response is excluded, restored or erased."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries import folding, ratio_folding
from feedback_core.organisations.use_cases import get_organisation


@asynccontextmanager
async def recount(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> AsyncIterator[None]:
    """Make a change to how a response stands inside this block; its counts leave their cells and enter the new ones.

    Holds the survey's watermark, so that no fold sees the response half changed. A response that is not folded yet is
    read from its row, as it stands, and needs nothing.
    """
    watermark = await folding.lock_watermark(session, organisation_id, survey_id)
    folded = await folding.is_folded(session, organisation_id, response_id, watermark)
    zone = (await get_organisation(session, organisation_id)).time_zone
    if folded:
        await folding.add_response(session, organisation_id, survey_id, response_id, zone, sign=-1)
        await ratio_folding.add_response_to_pairs(session, organisation_id, survey_id, response_id, zone, sign=-1)
    yield
    if folded:
        await folding.add_response(session, organisation_id, survey_id, response_id, zone, sign=1)
        await ratio_folding.add_response_to_pairs(session, organisation_id, survey_id, response_id, zone, sign=1)
        await folding.drop_empty_cells(session, organisation_id, survey_id)
        await ratio_folding.drop_empty_sums(session, organisation_id, survey_id)
    await folding.count_correction(session, organisation_id, survey_id)
