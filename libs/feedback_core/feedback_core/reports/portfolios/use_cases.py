"""Asking for a portfolio, looking at it, fetching its file, ending it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs.file_queries import discard_file
from feedback_core.jobs.files import parts_between
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.jobs.use_cases import request_cancel, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.reports.portfolios.queries import store
from feedback_core.reports.portfolios.queries.store import PORTFOLIO_FILES
from feedback_core.reports.portfolios.types import (
    KEPT_FOR,
    DiscardPortfolio,
    PortfolioGone,
    PortfolioGoneReason,
    PortfolioNotReady,
    PortfolioPage,
    PortfolioRequest,
    StoredPortfolio,
    UnitKey,
    WritePortfolio,
)
from feedback_core.surveys.use_cases import check_survey

_SOON: Final = timedelta(seconds=5)
_WHY_GONE: Final[Mapping[PortfolioGoneReason, str]] = {
    PortfolioGoneReason.EXPIRED: "The file was kept for as long as files are: ask for the portfolio again.",
    PortfolioGoneReason.DELETED: "The file was deleted.",
    PortfolioGoneReason.ERASURE: "The file named somebody who was to be forgotten: ask for the portfolio again.",
    PortfolioGoneReason.FAILED: "The portfolio failed: there is no file.",
    PortfolioGoneReason.CANCELLED: "The portfolio was cancelled: there is no file.",
}


@dataclass(frozen=True, slots=True)
class PortfolioFile:
    """A file that can be fetched.

    Attributes:
        name: what it may be called: letters, digits, hyphens and one dot.
        sha256: in hexadecimal.
    """

    organisation_id: UUID
    portfolio_id: UUID
    name: str
    size: int
    sha256: str


async def request_portfolio(
    session: Session, organisation_id: UUID, request: PortfolioRequest, *, by: str, clock: Clock
) -> StoredPortfolio:
    """Have the worker put together the organisation's records for each criterion of a unit.

    Raises:
        NotFound: a survey is not here.
        Invalid: the period is empty.
    """
    if request.starts_at is not None and request.ends_at is not None and request.starts_at >= request.ends_at:
        raise Invalid([Fault("/to", "empty_period", "Give a time after `from`.")])
    for survey_id in request.survey_ids:
        await check_survey(session, organisation_id, survey_id)
    now, portfolio_id = clock.now(), new_id()
    job_id = await request_job(session, organisation_id, WritePortfolio(portfolio_id), now=now)
    await store.add_portfolio(
        session,
        organisation_id,
        portfolio_id,
        request=request,
        job_id=job_id,
        requested_by=by,
        at=now,
        expires_at=now + KEPT_FOR,
    )
    return await get_portfolio(session, organisation_id, portfolio_id)


async def get_portfolio(session: Session, organisation_id: UUID, portfolio_id: UUID) -> StoredPortfolio:
    """A portfolio as it stands.

    Raises:
        NotFound: no such portfolio here.
    """
    found = await store.portfolio_by_id(session, organisation_id, portfolio_id)
    if found is None:
        raise NotFound("portfolio", portfolio_id)
    return found


async def list_portfolios(
    session: Session, organisation_id: UUID, *, unit: UnitKey | None, cursor: str | None, limit: int
) -> PortfolioPage:
    """A page of portfolios, newest first.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query: dict[str, object] = {"list": "portfolios", "organisation": organisation_id, "unit": unit}
    before = id_in_cursor(cursor, query)
    found = await store.portfolios_before(session, organisation_id, unit=unit, before=before, limit=limit + 1)
    items, following = page_of(found, limit, query)
    return PortfolioPage(tuple(items), following)


async def cancel_portfolio(
    session: Session, organisation_id: UUID, portfolio_id: UUID, *, clock: Clock
) -> StoredPortfolio:
    """Cancel a portfolio: at once while it waits, after the kind of record in hand while it runs.

    Raises:
        NotFound: no such portfolio here.
        Conflict: it has ended.
    """
    found, now = await get_portfolio(session, organisation_id, portfolio_id), clock.now()
    job = await request_cancel(session, organisation_id, found.job.id, now=now)
    if job.status is JobStatus.CANCELLED:
        await discard_file(
            session, PORTFOLIO_FILES, organisation_id, portfolio_id, PortfolioGoneReason.CANCELLED, at=now
        )
    else:
        discard, key = DiscardPortfolio(portfolio_id), str(portfolio_id)
        await request_job(session, organisation_id, discard, now=now, run_at=now + _SOON, dedupe_key=key)
    return await get_portfolio(session, organisation_id, portfolio_id)


async def delete_portfolio(session: Session, organisation_id: UUID, portfolio_id: UUID, *, clock: Clock) -> None:
    """Throw the file of a portfolio away; that there was one, and for whom, stays.

    Raises:
        NotFound: no such portfolio here.
        PortfolioNotReady: it is still being written.
    """
    found = await get_portfolio(session, organisation_id, portfolio_id)
    if found.job.status in {JobStatus.QUEUED, JobStatus.RUNNING}:
        raise PortfolioNotReady("The file is still being written: cancel the portfolio instead.")
    await discard_file(
        session, PORTFOLIO_FILES, organisation_id, portfolio_id, PortfolioGoneReason.DELETED, at=clock.now()
    )


async def finished_portfolio(session: Session, organisation_id: UUID, portfolio_id: UUID) -> PortfolioFile:
    """The file of a portfolio, ready to be fetched.

    Raises:
        NotFound: no such portfolio here.
        PortfolioGone: it was there, or will never be.
        PortfolioNotReady: it is being written.
    """
    stored = await get_portfolio(session, organisation_id, portfolio_id)
    if stored.gone_reason is not None:
        raise PortfolioGone(_WHY_GONE[stored.gone_reason])
    if stored.file_state is not FileState.READY or stored.sha256 is None:
        raise PortfolioNotReady("There is no file yet: look at the status of the portfolio.")
    return PortfolioFile(
        organisation_id=organisation_id,
        portfolio_id=stored.id,
        name=f"evidence-{stored.request.unit.value}-{stored.created_at:%Y%m%d}.zip",
        size=stored.size,
        sha256=stored.sha256,
    )


def portfolio_parts(database: Database, file: PortfolioFile, *, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes of the file of a portfolio from ``first`` to ``last``, as ``parts_between`` gives them."""
    return parts_between(database, PORTFOLIO_FILES, file.organisation_id, file.portfolio_id, first=first, last=last)
