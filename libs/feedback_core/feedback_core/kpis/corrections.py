"""Keeping the cells exact while responses are excluded, restored, erased, or held for suspect."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries import folding
from feedback_core.organisations.use_cases import get_organisation


@asynccontextmanager
async def recount(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> AsyncIterator[None]:
    """Make a change to how a response stands inside this block; its counts leave their cells and enter the new ones.

    Holds the survey's watermark, so that no fold sees the response half changed. A response that is not folded yet is
    read from its row, as it stands, and needs nothing.
    """
    watermark = await folding.lock_watermark(session, organisation_id, survey_id)
    folded = await folding.is_folded(session, organisation_id, response_id, watermark)
    organisation = await get_organisation(session, organisation_id)
    if folded:
        await folding.add_response(session, organisation_id, survey_id, response_id, organisation.time_zone, sign=-1)
    yield
    if folded:
        await folding.add_response(session, organisation_id, survey_id, response_id, organisation.time_zone, sign=1)
        await folding.drop_empty_cells(session, organisation_id, survey_id)
    await folding.count_correction(session, organisation_id, survey_id)


@asynccontextmanager
async def recount_many(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID]
) -> AsyncIterator[None]:
    """The same for many responses at once, in as many statements as for one.

    The caller holds the survey's watermark already (``folding.lock_watermark``): what it found out of how the responses
    stand must still be true.
    """
    watermark = await folding.lock_watermark(session, organisation_id, survey_id)
    time_zone = (await get_organisation(session, organisation_id)).time_zone
    if response_ids:
        await folding.add_responses(
            session, organisation_id, survey_id, response_ids, time_zone, watermark=watermark, sign=-1
        )
    yield
    if response_ids:
        await folding.add_responses(
            session, organisation_id, survey_id, response_ids, time_zone, watermark=watermark, sign=1
        )
        await folding.drop_empty_cells(session, organisation_id, survey_id)
        await folding.count_correction(session, organisation_id, survey_id)
