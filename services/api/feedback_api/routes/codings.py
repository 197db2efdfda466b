"""Coding comments by hand: batches to code, what coders gave, and how far they agree."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.codings import (
    CodingAgreementOut,
    CodingBatchIn,
    CodingBatchOut,
    CodingBatchTextsOut,
    CodingOut,
    CodingsIn,
    CodingsRecordedOut,
)
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.security import CanReadCodings, CanReadResponses, CanWriteCodings
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.themes.codings import use_cases
from feedback_core.themes.codings.types import CoderRole, NothingToCode

router = APIRouter(prefix="/v1/surveys/{survey_id}", route_class=TransactionalRoute, tags=["Comments"])

Coder = Annotated[
    str, Query(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$", description="Only what this coder gave")
]
Disagreements = Annotated[int, Query(ge=1, le=1000, description="Most disagreements to name")]
Level = Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of intervals")]


@router.post(
    "/coding-batches",
    operation_id="drawCodingBatch",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, NothingToCode),
)
async def draw_coding_batch(
    survey_id: UUID, body: CodingBatchIn, caller: CanWriteCodings, session: SessionDep, clock: ClockDep
) -> CodingBatchOut:
    """Draw comments at random to be coded; what they say is read with the scope for responses."""
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    return CodingBatchOut.of(
        await use_cases.draw_batch(
            session,
            caller.organisation_id,
            survey_id,
            body.selection(zone),
            seed=body.seed,
            by=caller.name,
            clock=clock,
        )
    )


@router.get("/coding-batches", operation_id="listCodingBatches", responses=problems(NotFound, Invalid))
async def list_coding_batches(
    survey_id: UUID, caller: CanReadCodings, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> Page[CodingBatchOut]:
    """Batches, newest first."""
    found, following = await use_cases.list_batches(
        session, caller.organisation_id, survey_id, limit=limit, cursor=cursor
    )
    return Page(items=[CodingBatchOut.of(batch) for batch in found], next_cursor=following)


@router.get(
    "/coding-batches/{batch_id}",
    operation_id="getCodingBatch",
    dependencies=[NeverStored],
    responses=problems(NotFound),
)
async def get_coding_batch(
    survey_id: UUID, batch_id: UUID, caller: CanReadResponses, session: SnapshotDep
) -> CodingBatchTextsOut:
    """A batch with its comments, with what identifies people masked unless the key may see it."""
    return CodingBatchTextsOut.with_texts(
        *await use_cases.get_batch(session, caller.organisation_id, survey_id, batch_id, unmasked=caller.unmasked)
    )


@router.post("/codings", operation_id="recordCodings", dependencies=[Idempotent], responses=problems(NotFound, Invalid))
async def record_codings(
    survey_id: UUID, body: CodingsIn, caller: CanWriteCodings, session: SessionDep, clock: ClockDep
) -> CodingsRecordedOut:
    """Record what a coder gave to up to 1,000 comments; each is recorded, unchanged, or rejected by itself.

    A coding is never changed: one that corrects another is recorded beside it, and holds from then on.
    """
    return CodingsRecordedOut.of(
        await use_cases.record_codings(
            session,
            caller.organisation_id,
            survey_id,
            body.codings(),
            coder=body.coder,
            role=body.role,
            codebook_version=body.codebook_version,
            by=caller.name,
            clock=clock,
        )
    )


@router.get("/codings", operation_id="listCodings", responses=problems(NotFound, Invalid))
async def list_codings(
    survey_id: UUID,
    caller: CanReadCodings,
    session: SnapshotDep,
    coder: Coder | None = None,
    role: CoderRole | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> Page[CodingOut]:
    """Codings as they were recorded, oldest first, corrected ones included."""
    found, following = await use_cases.list_codings(
        session, caller.organisation_id, survey_id, coder=coder, role=role, limit=limit, cursor=cursor
    )
    return Page(items=[CodingOut.of(coding) for coding in found], next_cursor=following)


@router.get("/coding-agreement", operation_id="getCodingAgreement", responses=problems(NotFound, Invalid))
async def get_coding_agreement(
    survey_id: UUID,
    caller: CanReadCodings,
    session: SnapshotDep,
    disagreements: Disagreements = 100,
    level: Level = 0.95,
) -> CodingAgreementOut:
    """How far coders agree, theme by theme and over all, and about which comments they differ."""
    return CodingAgreementOut.of(
        await use_cases.coding_agreement(session, caller.organisation_id, survey_id, most=disagreements, level=level)
    )
