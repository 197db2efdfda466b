"""Keeping the cells exact while responses are excluded, restored, erased, or held for suspect."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries import folding, ratio_folding
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.queries.changes import note_changes
from feedback_core.responses.quotas.corrections import correct_places


@asynccontextmanager
async def recount(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> AsyncIterator[None]:
    """Make a change to how a response stands inside this block; its counts leave their cells and enter the new ones.

    Holds the survey's watermark, so that no fold sees the response half changed. A response that is not folded yet is
    read from its row, as it stands, and needs nothing. The places that it takes in quotas follow likewise.
    """
    async with recount_many(session, organisation_id, survey_id, [response_id]):
        yield


@asynccontextmanager
async def recount_many(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID]
) -> AsyncIterator[None]:
    """The same for many responses at once, in as many statements as for one.

    That they stand otherwise from this transaction on is noted for who keeps a copy (``queries.changes``).

    Where the change follows from how the responses stand, the caller holds the survey's watermark
    (``folding.lock_watermark``) since before it looked.
    """
    if not response_ids:
        yield
        return
    watermark = await folding.lock_watermark(session, organisation_id, survey_id)
    await note_changes(session, organisation_id, survey_id, response_ids)
    zone = (await get_organisation(session, organisation_id)).time_zone
    of = (session, organisation_id, survey_id, response_ids, zone)
    await folding.add_responses(*of, watermark=watermark, sign=-1)
    await ratio_folding.add_responses_to_pairs(*of, sign=-1)
    async with correct_places(session, organisation_id, survey_id, response_ids):
        yield
    await folding.add_responses(*of, watermark=watermark, sign=1)
    await ratio_folding.add_responses_to_pairs(*of, sign=1)
    await folding.drop_empty_cells(session, organisation_id, survey_id)
    await ratio_folding.drop_empty_sums(session, organisation_id, survey_id)
    await folding.count_correction(session, organisation_id, survey_id)
