"""The worker's part of portfolios: read the records of one snapshot kind by kind, write each, render, keep.

The file grows on disk; of the records themselves those of one kind are held at a time.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.file_queries import discard_file, part_of_file
from feedback_core.jobs.files import PART_BYTES
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.reports.portfolios.archive import Archive, json_bytes
from feedback_core.reports.portfolios.content import Entry, KindFound, Portfolio, kinds_of, portfolio_of
from feedback_core.reports.portfolios.finders import FINDERS
from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.queries import store
from feedback_core.reports.portfolios.queries.store import PORTFOLIO_FILES, FinishedFile
from feedback_core.reports.portfolios.records import Record, Window
from feedback_core.reports.portfolios.rendering.as_html import html_of
from feedback_core.reports.portfolios.rendering.as_pdf import pdf_of
from feedback_core.reports.portfolios.types import (
    KEPT_FOR,
    MOST_KEPT_FILES,
    MOST_RECORDS,
    DiscardPortfolio,
    PortfolioGoneReason,
    PortfolioRequest,
    WritePortfolio,
)
from feedback_core.reports.portfolios.units import UNITS
from feedback_core.reports.portfolios.use_cases import get_portfolio
from feedback_core.reports.queries import REPORT_FILES

_REASONS: Final[Mapping[JobStatus, PortfolioGoneReason]] = {
    JobStatus.FAILED: PortfolioGoneReason.FAILED,
    JobStatus.CANCELLED: PortfolioGoneReason.CANCELLED,
}


async def write_portfolio(run: JobRun[WritePortfolio]) -> None:
    """Write the file of a portfolio.

    Raises:
        JobCancelled: somebody asked for it to be cancelled.
    """
    organisation_id, portfolio_id = run.organisation_id, run.payload.portfolio_id
    async with run.snapshot() as session:
        request = (await get_portfolio(session, organisation_id, portfolio_id)).request
    with tempfile.TemporaryDirectory(prefix="feedback-portfolio-") as folder:
        path = Path(folder) / "portfolio.zip"
        portfolio = await _write(run, request, path)
        size, sha256 = await run.calculate(_measured, path)
        file = FinishedFile(portfolio.summary(), size, sha256)
        async with run.completion() as session:
            at = run.clock.now()
            for number, part in enumerate(_parts(path)):
                await store.add_chunk(session, organisation_id, portfolio_id, number, part)
            await store.save_finished(session, organisation_id, portfolio_id, file, at=at, expires_at=at + KEPT_FOR)


async def discard_portfolio(run: JobRun[DiscardPortfolio]) -> None:
    """Throw a file away, unless its job is at work on it: then the schedule sees to it later."""
    organisation_id, portfolio_id = run.organisation_id, run.payload.portfolio_id
    async with run.completion() as session:
        stored = await get_portfolio(session, organisation_id, portfolio_id)
        if stored.job.status not in {JobStatus.QUEUED, JobStatus.RUNNING}:
            reason = _REASONS.get(stored.job.status, PortfolioGoneReason.EXPIRED)
            await discard_file(session, PORTFOLIO_FILES, organisation_id, portfolio_id, reason, at=run.clock.now())


async def _write(run: JobRun[WritePortfolio], request: PortfolioRequest, path: Path) -> Portfolio:
    unit, archive = UNITS[request.unit], Archive(path)
    try:
        async with run.snapshot() as session:
            organisation = await get_organisation(session, run.organisation_id)
            writing = _Writing(run, archive, session, _window(organisation, request))
            kinds = await writing.write_all(kinds_of(unit))
        portfolio = portfolio_of(
            unit,
            organisation.name,
            kinds,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            surveys=request.survey_ids,
        )
        for name, render in (("index.html", html_of), ("portfolio.pdf", pdf_of), ("portfolio.json", _json_of)):
            archive.write(name, await run.calculate(render, portfolio))
        archive.close()
    except BaseException:
        archive.abandon()
        raise
    return portfolio


class _Writing:
    """Records of one snapshot on their way into the file."""

    def __init__(self, run: JobRun[WritePortfolio], archive: Archive, session: Session, window: Window) -> None:
        self._run = run
        self._archive = archive
        self._session = session
        self._window = window

    async def write_all(self, kinds: Sequence[RecordKind]) -> list[KindFound]:
        """Each kind in turn.

        Raises:
            JobCancelled: somebody asked for it to be cancelled.
        """
        found = []
        for number, kind in enumerate(kinds):
            # One more connection beside that of the snapshot, which has not touched the job.
            await self._run.progress(number, len(kinds) + 1, "kinds")
            found.append(await self._write(kind))
        await self._run.progress(len(kinds), len(kinds) + 1, "kinds")
        return found

    async def _write(self, kind: RecordKind) -> KindFound:
        finder = FINDERS.get(kind)
        if finder is None:
            return KindFound(kind, is_kept=False, total=0, entries=())
        found = await finder(self._session, self._window)
        entries = await self._run.calculate(_written, self._archive, kind, found.records)
        with_files = [place for place, record in enumerate(found.records) if record.kept_file is not None]
        for place in with_files[-MOST_KEPT_FILES:]:
            entries[place] = await self._with_file(entries[place], found.records[place])
        return KindFound(kind, is_kept=True, total=found.total, entries=tuple(entries))

    async def _with_file(self, entry: Entry, record: Record) -> Entry:
        assert record.kept_file is not None
        report_id, ending = record.kept_file
        path = f"files/{entry.kind.folder}/{record.name}.kept.{ending}"
        content = await self._kept(report_id)
        return replace(entry, kept=await self._run.calculate(self._archive.write, path, content))

    async def _kept(self, report_id: UUID) -> bytes:
        parts, number = [], 0
        while part := await part_of_file(self._session, REPORT_FILES, self._window.organisation_id, report_id, number):
            parts.append(part)
            number += 1
        return b"".join(parts)


def _written(archive: Archive, kind: RecordKind, records: Sequence[Record]) -> list[Entry]:
    """Each record as a file of its own."""
    return [
        Entry(
            kind=kind,
            title=record.title,
            at=record.at,
            by=record.by,
            link=record.link,
            file=archive.write(f"files/{kind.folder}/{record.name}.json", json_bytes(_said(kind, record))),
            facet=record.facet,
            marks=record.marks,
        )
        for record in records
    ]


def _said(kind: RecordKind, record: Record) -> dict[str, object]:
    return {
        "kind": kind.folder,
        "key": record.key,
        "title": record.title,
        "at": record.at,
        "by": record.by,
        "link": record.link,
        "record": record.says,
    }


def _json_of(portfolio: Portfolio) -> bytes:
    return json_bytes(portfolio.document())


def _window(organisation: Organisation, request: PortfolioRequest) -> Window:
    return Window(
        organisation_id=organisation.organisation_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        survey_ids=request.survey_ids,
        minimum=organisation.minimum_cell_size,
        most=MOST_RECORDS,
    )


def _measured(path: Path) -> tuple[int, bytes]:
    digest, size = hashlib.sha256(), 0
    for part in _parts(path):
        digest.update(part)
        size += len(part)
    return size, digest.digest()


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part
