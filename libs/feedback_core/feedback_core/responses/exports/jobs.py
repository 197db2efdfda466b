"""The worker's part of exports: read the responses of one snapshot as a stream, write the file in parts.

A snapshot cannot be taken up again, so another attempt begins anew, and so does one whose responses are erased
meanwhile. Parts are keyed by their number and every transaction renews the lease: of two attempts one leaves a file.
"""

import asyncio
import hashlib
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.file_queries import discard_file
from feedback_core.jobs.files import PART_BYTES
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus
from feedback_core.responses.exports import queries, record_queries
from feedback_core.responses.exports.codebook import codebook_of
from feedback_core.responses.exports.columns import Columns, columns_of, questions_in_order
from feedback_core.responses.exports.queries import EXPORT_FILES, FinishedFile, SurveyVersions
from feedback_core.responses.exports.record_queries import RecordStream, Wanted
from feedback_core.responses.exports.records import Discretion, Entry, Found, Tombstone, shown_texts
from feedback_core.responses.exports.types import (
    KEPT_FOR,
    Change,
    DiscardExport,
    ExportCounts,
    GoneReason,
    ResponsesKeptChanging,
    RunExport,
    Selection,
    StoredExport,
)
from feedback_core.responses.exports.use_cases import get_export
from feedback_core.responses.exports.writing import Writer, writer_of
from feedback_core.responses.masking.reader import Reader, reader_of
from feedback_core.responses.privacy import Privacy
from feedback_core.surveys.types import QuestionType

_MOST_BEGINNINGS: Final = 5
_SECONDS_BETWEEN_REPORTS: Final = 0.5
_MOST_ROWS: Final = 2_000
_MOST_CELLS: Final = 200_000
_BATCH_CHARACTERS: Final = 2**21
_REASONS: Final = {JobStatus.FAILED: GoneReason.FAILED, JobStatus.CANCELLED: GoneReason.CANCELLED}


class _Spoilt(Exception):
    """A response was erased that may have been written already."""


async def run_export(run: JobRun[RunExport]) -> None:
    """Write the file of an export.

    Raises:
        ResponsesKeptChanging: responses were erased each time; nothing is kept of the file.
        JobCancelled: somebody asked for it to be cancelled.
    """
    for _ in range(_MOST_BEGINNINGS):
        async with run.transaction() as session:
            stored = await get_export(session, run.organisation_id, run.payload.export_id)
            await queries.begin_again(session, run.organisation_id, stored.id)
        with suppress(_Spoilt), tempfile.TemporaryDirectory(prefix="feedback-export-") as folder:
            await _write(run, stored, Path(folder))
            return
    raise ResponsesKeptChanging("Responses were erased each time that the file was nearly there: export later.")


async def discard_export(run: JobRun[DiscardExport]) -> None:
    """Throw a file away, unless its job is at work on it: then the schedule sees to it later."""
    organisation_id, export_id = run.organisation_id, run.payload.export_id
    async with run.completion() as session:
        stored = await get_export(session, organisation_id, export_id)
        if stored.job.status not in {JobStatus.QUEUED, JobStatus.RUNNING}:
            reason = _REASONS.get(stored.job.status, GoneReason.EXPIRED)
            await discard_file(session, EXPORT_FILES, organisation_id, export_id, reason, at=run.clock.now())


async def _write(run: JobRun[RunExport], stored: StoredExport, folder: Path) -> None:
    """One beginning.

    Raises:
        _Spoilt: a response was erased that may have been written already.
    """
    organisation_id, request = run.organisation_id, stored.request
    async with run.snapshot() as reading:
        watermark = await record_queries.watermark_of(reading)
        # Read after the snapshot was taken: what came before this instant and is not in it, comes with the next export.
        snapshot_at = run.clock.now()
        survey = await queries.survey_versions(reading, organisation_id, stored.survey_id)
        assert survey is not None, "a published survey cannot be deleted"
        reader = await reader_of(reading, organisation_id, stored.survey_id, unmasked=request.unmasked)
        versions = survey.questionnaires
        columns = columns_of(versions, identities=request.include_identities, texts=request.include_texts)
        writer = await run.calculate(
            writer_of,
            request.format,
            columns,
            codebook_of(columns, versions),
            identities=request.include_identities,
            folder=folder,
        )
        try:
            file = _File(run, stored.id)
            total = await _total(reading, run, stored)
            stream = await record_queries.open_records(
                reading,
                Wanted(organisation_id, stored.survey_id, request.selection, stored.since, request.include_identities),
                survey.numbers,
            )
            rows = _Rows(run, writer, file, _discretion(run, stored, survey, reader), columns, total)
            await rows.write_all(stream)
            await file.end(writer)
        finally:
            writer.close()
    finished = FinishedFile(
        counts=rows.counts(),
        size=file.size,
        sha256=file.digest.digest(),
        watermark=watermark,
        snapshot_at=snapshot_at,
        through_version=max(versions),
        confidentiality=survey.confidentiality,
        first_response_id=rows.first_id,
        last_response_id=rows.last_id,
    )
    async with run.completion() as session:
        now = run.clock.now()
        if not await queries.save_finished(
            session, organisation_id, stored.id, finished, at=now, expires_at=now + KEPT_FOR
        ):
            raise _Spoilt


async def _total(reading: Session, run: JobRun[RunExport], stored: StoredExport) -> int | None:
    """How many rows there will be, where an index tells."""
    if stored.since is not None or stored.request.selection != Selection():
        return None
    return await record_queries.responses_of(reading, run.organisation_id, stored.survey_id)


def _discretion(run: JobRun[RunExport], stored: StoredExport, survey: SurveyVersions, reader: Reader) -> Discretion:
    asked = questions_in_order(survey.questionnaires)
    texts = frozenset(key for key, question in asked.items() if question.type is QuestionType.TEXT)
    vault = Privacy.from_settings(run.secrets).identities
    return Discretion(
        survey=survey.confidentiality,
        texts=shown_texts(texts, include=stored.request.include_texts, mask=None if reader.unmasked else reader.text),
        unseal=vault.open if stored.request.include_identities else None,
    )


class _File:
    """The bytes of one beginning, kept part by part."""

    def __init__(self, run: JobRun[RunExport], export_id: UUID) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self.rows = 0
        self._run = run
        self._export_id = export_id
        self._pending = bytearray()
        self._number = 0

    async def add(self, content: bytes) -> None:
        """Take more bytes, and keep the parts that are full by now.

        Raises:
            _Spoilt: a response was erased that may have been written already.
        """
        self._pending += content
        while len(self._pending) >= PART_BYTES:
            await self._keep(bytes(self._pending[:PART_BYTES]))
            del self._pending[:PART_BYTES]

    async def end(self, writer: Writer) -> None:
        """Take what the writer has left, and keep it all.

        Raises:
            _Spoilt: as above.
        """
        pieces = writer.end()
        while (piece := await self._run.calculate(next, pieces, None)) is not None:
            await self.add(piece)
        if self._pending:
            await self._keep(bytes(self._pending))

    async def _keep(self, content: bytes) -> None:
        async with self._run.transaction() as session:
            if not await queries.add_chunk(
                session, self._run.organisation_id, self._export_id, self._number, content, rows=self.rows
            ):
                raise _Spoilt
        self.digest.update(content)
        self.size += len(content)
        self._number += 1


@dataclass(slots=True)
class _Rows:
    """The rows of one beginning, from the stream into the file; while one batch is written the next is read."""

    run: JobRun[RunExport]
    writer: Writer
    file: _File
    discretion: Discretion
    columns: Columns
    total: int | None
    written: int = 0
    erased: int = 0
    left: int = 0
    first_id: UUID | None = None
    last_id: UUID | None = None
    _reported: float = field(default=0.0)
    _reported_size: int = field(default=0)

    async def write_all(self, stream: RecordStream) -> None:
        """Write every row.

        Raises:
            JobCancelled: somebody asked for it to be cancelled.
            _Spoilt: a response was erased that may have been written already.
        """
        async with aclosing(_Prefetched(stream, self._most(_BATCH_CHARACTERS))) as batches:
            while found := await batches.next():
                batches.most = self._most(_characters_of(found) // len(found))
                batches.prefetch()
                await self.file.add(await self.run.calculate(self._format, found))
                self._count(found)
                await self._report()

    def counts(self) -> ExportCounts:
        """What has been written."""
        return ExportCounts(self.written, self.erased, self.left, self.writer.values_shortened)

    def _format(self, found: Sequence[Found | Tombstone]) -> bytes:
        entries: list[Entry] = [one if isinstance(one, Tombstone) else self.discretion.record(one) for one in found]
        return self.writer.add(entries)

    def _count(self, found: Sequence[Found | Tombstone]) -> None:
        for one in found:
            if isinstance(one, Found):
                self.written += 1
                self.first_id = self.first_id or one.id
                self.last_id = one.id
            elif one.change is Change.ERASED:
                self.erased += 1
            else:
                self.left += 1
        self.file.rows = self.written

    def _most(self, characters: int) -> int:
        """Rows of the next batch, so that a batch is never large, however long the answers and however many columns."""
        by_size = _BATCH_CHARACTERS // max(1, characters)
        return max(1, min(_MOST_ROWS, _MOST_CELLS // len(self.columns.all), by_size))

    async def _report(self) -> None:
        """Say how far it is, now and then and with every part that is kept: only here it hears that it is cancelled."""
        if self.file.size != self._reported_size or time.monotonic() - self._reported >= _SECONDS_BETWEEN_REPORTS:
            # One more connection beside that of the snapshot, which has not touched the job.
            await self.run.progress(self.written + self.erased + self.left, self.total, "rows")
            self._reported, self._reported_size = time.monotonic(), self.file.size


class _Prefetched:
    """Batches of a stream, of which the next is read ahead."""

    def __init__(self, stream: RecordStream, most: int) -> None:
        self.most = most
        self._stream = stream
        self._next: asyncio.Task[list[Found | Tombstone]] | None = None

    def prefetch(self) -> None:
        """Begin to read the next batch."""
        self._next = asyncio.ensure_future(self._stream.next(self.most))

    async def next(self) -> list[Found | Tombstone]:
        """The next batch; none after the last."""
        if self._next is None:
            self.prefetch()
        assert self._next is not None
        reading, self._next = self._next, None
        return await reading

    async def aclose(self) -> None:
        """End the reading that is under way, then the cursor."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._stream.close()


def _characters_of(found: Sequence[Found | Tombstone]) -> int:
    return sum(len(one.answers) for one in found if isinstance(one, Found))
