"""Distributions: who is told of a report, by mail or by a link, and what became of it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.distributions import DistributionIn, DistributionOut, DistributionsOut, LinkOut
from feedback_api.security import CanSendReports
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Gone, Invalid, NotFound
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.reports.distributions import use_cases
from feedback_core.reports.distributions.links import LinkSigner, path_of

router = APIRouter(prefix="/v1/reports/{report_id}/distributions", route_class=TransactionalRoute, tags=["Reports"])


@router.post(
    "",
    operation_id="distributeReport",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Gone, Invalid),
)
async def distribute_report(
    report_id: UUID,
    body: DistributionIn,
    request: Request,
    caller: CanSendReports,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> DistributionOut:
    """Tell somebody of a report that is ready. Its link lets that one recipient read and acknowledge it."""
    seal: Seal = request.app.state.seal
    stored = await use_cases.distribute(
        session,
        caller.organisation_id,
        report_id,
        body.telling(),
        by=caller.name,
        seal=seal,
        smtp=SmtpSettings(),
        settings=ReportSettings(),
        clock=clock,
    )
    response.headers["Location"] = f"/v1/reports/{report_id}/distributions/{stored.id}"
    return DistributionOut.of(stored, seal)


@router.get("", operation_id="listReportDistributions", responses=problems(NotFound, Invalid))
async def list_distributions(
    report_id: UUID,
    request: Request,
    caller: CanSendReports,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> DistributionsOut:
    """Who was told of a report, newest first: sent, opened, acknowledged."""
    items, next_cursor = await use_cases.list_distributions(
        session, caller.organisation_id, report_id, cursor=cursor, limit=limit
    )
    seal: Seal = request.app.state.seal
    return DistributionsOut(items=[DistributionOut.of(stored, seal) for stored in items], next_cursor=next_cursor)


@router.get("/{distribution_id}", operation_id="getReportDistribution", responses=problems(NotFound))
async def get_distribution(
    report_id: UUID, distribution_id: UUID, request: Request, caller: CanSendReports, session: SnapshotDep
) -> DistributionOut:
    """What became of one."""
    stored = await use_cases.get_distribution(session, caller.organisation_id, report_id, distribution_id)
    return DistributionOut.of(stored, request.app.state.seal)


@router.get("/{distribution_id}/link", operation_id="getReportLink", responses=problems(NotFound))
async def get_link(
    report_id: UUID, distribution_id: UUID, request: Request, caller: CanSendReports, session: SnapshotDep
) -> LinkOut:
    """The recipient's link, to be handed over by another way than mail."""
    stored = await use_cases.get_distribution(session, caller.organisation_id, report_id, distribution_id)
    signer: LinkSigner = request.app.state.links
    path, base = path_of(signer.token(caller.organisation_id, stored.id)), ReportSettings().link_base_url
    return LinkOut(path=path, url=None if base is None else f"{base.rstrip('/')}{path}")


@router.delete(
    "/{distribution_id}", operation_id="revokeReportDistribution", status_code=204, responses=problems(NotFound)
)
async def revoke_distribution(
    report_id: UUID, distribution_id: UUID, caller: CanSendReports, session: SessionDep, clock: ClockDep
) -> None:
    """End a recipient's link, and reminders with it; that they were told stays on record."""
    await use_cases.revoke_distribution(session, caller.organisation_id, report_id, distribution_id, clock=clock)
