"""SQL of portfolios and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from feedback_core.db.session import Session
from feedback_core.jobs.file_queries import FileTables
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.types import FileState, Job
from feedback_core.reports.portfolios.tables import portfolio, portfolio_chunk
from feedback_core.reports.portfolios.types import (
    PortfolioGoneReason,
    PortfolioRequest,
    StoredPortfolio,
    Summary,
    UnitKey,
)

PORTFOLIO_FILES = FileTables(portfolio, portfolio_chunk, portfolio_chunk.c.portfolio_id)


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """What is known of a file once it is there as a whole."""

    summary: Summary
    size: int
    sha256: bytes


async def add_portfolio(
    session: Session,
    organisation_id: UUID,
    portfolio_id: UUID,
    *,
    request: PortfolioRequest,
    job_id: UUID,
    requested_by: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """A portfolio whose file is to be written."""
    await session.execute(
        insert(portfolio).values(
            organisation_id=organisation_id,
            id=portfolio_id,
            unit=request.unit.value,
            request=request.to_json(),
            file_state=FileState.WRITING.value,
            job_id=job_id,
            requested_by=requested_by,
            created_at=at,
            expires_at=expires_at,
        )
    )


async def add_chunk(session: Session, organisation_id: UUID, portfolio_id: UUID, number: int, content: bytes) -> None:
    """One part of a file; parts are numbered from 0."""
    await session.execute(
        insert(portfolio_chunk).values(
            organisation_id=organisation_id, portfolio_id=portfolio_id, number=number, content=content
        )
    )


async def save_finished(
    session: Session,
    organisation_id: UUID,
    portfolio_id: UUID,
    file: FinishedFile,
    *,
    at: datetime,
    expires_at: datetime,
) -> None:
    """The file is there as a whole."""
    await session.execute(
        update(portfolio)
        .where(portfolio.c.organisation_id == organisation_id, portfolio.c.id == portfolio_id)
        .values(
            file_state=FileState.READY.value,
            summary=file.summary.to_json(),
            file_size=file.size,
            file_sha256=file.sha256,
            finished_at=at,
            expires_at=expires_at,
        )
    )


async def whole_file(session: Session, organisation_id: UUID, portfolio_id: UUID) -> bytes:
    """All of a file at once."""
    parts = await session.execute(
        select(portfolio_chunk.c.content)
        .where(portfolio_chunk.c.organisation_id == organisation_id, portfolio_chunk.c.portfolio_id == portfolio_id)
        .order_by(portfolio_chunk.c.number)
    )
    return b"".join(bytes(part) for part in parts.scalars())


async def portfolio_by_id(session: Session, organisation_id: UUID, portfolio_id: UUID) -> StoredPortfolio | None:
    """A portfolio."""
    rows = await session.execute(
        select(portfolio).where(portfolio.c.organisation_id == organisation_id, portfolio.c.id == portfolio_id)
    )
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def portfolios_before(
    session: Session, organisation_id: UUID, *, unit: UnitKey | None, before: UUID | None, limit: int
) -> list[StoredPortfolio]:
    """Portfolios, newest first; those asked for before ``before`` only."""
    statement = select(portfolio).where(portfolio.c.organisation_id == organisation_id)
    if unit is not None:
        statement = statement.where(portfolio.c.unit == unit.value)
    if before is not None:
        statement = statement.where(portfolio.c.id < before)
    rows = await session.execute(statement.order_by(portfolio.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def ready_files(session: Session, organisation_id: UUID) -> list[UUID]:
    """Portfolios whose file is there."""
    found = await session.execute(
        select(portfolio.c.id)
        .where(portfolio.c.organisation_id == organisation_id, portfolio.c.file_state == FileState.READY.value)
        .order_by(portfolio.c.id)
    )
    return list(found.scalars())


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredPortfolio]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    return [_portfolio(row, jobs[row.job_id]) for row in rows]


def _portfolio(row: Row[Any], its_job: Job) -> StoredPortfolio:
    return StoredPortfolio(
        id=row.id,
        request=PortfolioRequest.from_json(row.request),
        file_state=FileState(row.file_state),
        gone_reason=None if row.gone_reason is None else PortfolioGoneReason(row.gone_reason),
        summary=None if row.summary is None else Summary.from_json(row.summary),
        size=row.file_size,
        sha256=None if row.file_sha256 is None else bytes(row.file_sha256).hex(),
        requested_by=row.requested_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        job=its_job,
    )
