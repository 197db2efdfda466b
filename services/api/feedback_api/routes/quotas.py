"""Quotas of a survey: set, followed, and samples refilled for them."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.frame_units import VaultDep
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.quotas import QuotaRefillIn, QuotaRefillOut, QuotaRefillsOut, QuotasIn, QuotasOut
from feedback_api.security import CanReadSurveys, CanWriteSamples, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.responses.quotas import refills, use_cases

router = APIRouter(prefix="/v1/surveys/{survey_id}/quotas", route_class=TransactionalRoute, tags=["Quotas"])


@router.get("", operation_id="getQuotas", responses=problems(NotFound))
async def get_quotas(
    survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep, clock: ClockDep, response: Response
) -> QuotasOut:
    """The quotas of a survey with how many places of each cell are taken, reserved and free, exact at this moment."""
    stored, counts = await use_cases.get_quotas(session, caller.organisation_id, survey_id, now=clock.now())
    response.headers["ETag"] = etag(stored.revision)
    return QuotasOut.of(stored, counts)


@router.put(
    "",
    operation_id="putQuotas",
    responses=problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
)
async def put_quotas(
    survey_id: UUID,
    body: QuotasIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> QuotasOut:
    """Set the quotas, or others in their place (with If-Match); responses recorded before take their places in them."""
    revision = None if if_match is None else matched_revision(if_match)
    stored, counts = await use_cases.put_quotas(
        session,
        caller.organisation_id,
        survey_id,
        body.wanted(),
        if_revision=revision,
        by=caller.name,
        clock=clock,
    )
    response.headers["ETag"] = etag(stored.revision)
    return QuotasOut.of(stored, counts)


@router.post(
    "/refills",
    operation_id="refillForQuotas",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def refill_for_quotas(
    survey_id: UUID, body: QuotaRefillIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, vault: VaultDep
) -> QuotaRefillOut:
    """Have others of the frame come into a sample, as many as the cells that fall short need, by its design's rule."""
    refill = await refills.refill_by_quotas(
        session, caller.organisation_id, survey_id, body.refill(), vault=vault, by=caller.name, clock=clock
    )
    return QuotaRefillOut.of(refill)


@router.get("/refills", operation_id="listQuotaRefills", responses=problems(NotFound))
async def list_quota_refills(survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep) -> QuotaRefillsOut:
    """Every refill for the quotas of a survey, oldest first."""
    found = await refills.list_refills(session, caller.organisation_id, survey_id)
    return QuotaRefillsOut(items=[QuotaRefillOut.of(refill) for refill in found])
