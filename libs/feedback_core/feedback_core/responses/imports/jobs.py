"""The worker's part of imports: read a file as a stream, record its rows, go on where an earlier attempt ended.

A batch of rows, its faults and the count of rows done are one transaction; the count is where another attempt goes on.
While the database writes one batch, the next is read.
"""

import asyncio
import hashlib
import os
import tempfile
import time
from dataclasses import replace
from typing import IO, Final

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.errors import Conflict, Invalid
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.imports import queries
from feedback_core.responses.imports.batches import Batch, Batches
from feedback_core.responses.imports.outcomes import BatchWriter, Checked, Faults
from feedback_core.responses.imports.queries import Version
from feedback_core.responses.imports.reading import Table, open_table
from feedback_core.responses.imports.rows import RowMapper
from feedback_core.responses.imports.types import (
    CHUNK_BYTES,
    DiscardFile,
    ImportMapping,
    RunImport,
    StoredImport,
)
from feedback_core.responses.imports.use_cases import KEPT_FOR, discard_soon, get_import
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.use_cases import survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey

_SECONDS_BETWEEN_REPORTS: Final = 0.5
_KILOBYTE: Final = 1024


async def run_import(run: JobRun[RunImport]) -> None:
    """Read a file and record its rows.

    Raises:
        FileUnreadable: the file is not what the mapping says.
        ColumnsMissing: it lacks columns that the mapping reads.
        Conflict: the survey was closed meanwhile.
        JobCancelled: somebody asked for it to be cancelled; what was recorded stays.
    """
    organisation_id, import_id = run.organisation_id, run.payload.import_id
    async with run.transaction() as session:
        if (await get_import(session, organisation_id, import_id)).mapping.dry_run:
            # Nothing was recorded that would tell repeats within the file apart.
            await queries.begin_again(session, organisation_id, import_id)
        stored = await get_import(session, organisation_id, import_id)
        version = await queries.version(session, organisation_id, stored.survey_version_id)
        organisation = await get_organisation(session, organisation_id)
        survey = await _survey(session, stored, version, run)
    with tempfile.TemporaryFile(prefix="feedback-import-") as file:
        await _fetch(run, stored, file)
        try:
            table, batches = await run.calculate(_open, file, stored, version, organisation.time_zone)
            await _Import(run, stored, version, survey, batches, file).record_all()
        except (Invalid, Conflict):
            async with run.transaction() as session:
                await discard_soon(session, organisation_id, import_id, clock=run.clock)
            raise
    async with run.completion() as session:
        faults = Faults(listed=(await get_import(session, organisation_id, import_id)).faults_listed)
        await queries.add_faults(session, organisation_id, import_id, faults.of_file(table.never_seen()))
        await queries.discard_file(session, organisation_id, import_id, at=run.clock.now())
        done = await get_import(session, organisation_id, import_id)
        event = Event(EventKind.IMPORT_FINISHED, import_id, _told(done), version=1)
        await record_event(session, organisation_id, event, clock=run.clock)


def _told(done: StoredImport) -> dict[str, object]:
    return {
        "survey_id": str(done.survey_id),
        "dry_run": done.mapping.dry_run,
        "rows_read": done.counts.read,
        "rows_recorded": done.counts.recorded,
        "rows_duplicate": done.counts.duplicate,
        "rows_rejected": done.counts.rejected,
    }


async def discard_file(run: JobRun[DiscardFile]) -> None:
    """Throw a file away once nothing will read it any more; while something may, look again later."""
    organisation_id, import_id = run.organisation_id, run.payload.import_id
    async with run.completion() as session:
        job = await queries.job_of(session, organisation_id, import_id)
        if job is not None and job.status in {JobStatus.QUEUED, JobStatus.RUNNING}:
            now = run.clock.now()
            await request_job(session, organisation_id, DiscardFile(import_id), now=now, run_at=now + KEPT_FOR)
        else:
            await queries.discard_file(session, organisation_id, import_id, at=run.clock.now())


class _Import:
    """One attempt at the rows of a file."""

    def __init__(
        self,
        run: JobRun[RunImport],
        stored: StoredImport,
        version: Version,
        survey: PublishedSurvey,
        batches: Batches,
        file: IO[bytes],
    ) -> None:
        self._run = run
        self._stored = stored
        self._version = version
        self._survey = survey
        self._batches = batches
        self._file = file
        self._faults = Faults(listed=stored.faults_listed)
        privacy = Privacy.from_settings(run.secrets)
        self._writer = BatchWriter(run.organisation_id, stored, batches.columns, privacy, run.clock)
        self._reported = 0.0

    async def record_all(self) -> None:
        """Record batch by batch; the next one is read and checked meanwhile."""
        reading = self._begin_reading()
        try:
            while read := await reading:
                reading = self._begin_reading()
                await self._record(*read)
                await self._report()
        finally:
            reading.cancel()

    def _begin_reading(self) -> "asyncio.Task[tuple[Batch, Checked] | None]":
        return asyncio.ensure_future(self._run.calculate(self._read, self._survey))

    def _read(self, survey: PublishedSurvey) -> tuple[Batch, Checked] | None:
        batch = self._batches.next()
        return None if batch is None else (batch, self._writer.check(batch.responses, survey))

    async def _record(self, batch: Batch, checked: Checked) -> None:
        organisation_id, import_id = self._run.organisation_id, self._stored.id
        async with self._run.transaction() as session:
            self._survey = await _survey(session, self._stored, self._version, self._run)
            done = await self._writer.write(session, self._survey, batch, checked)
            listed = self._faults.of_rows(done.findings)
            await queries.add_faults(session, organisation_id, import_id, listed)
            await queries.add_counts(session, organisation_id, import_id, done.counts)

    async def _report(self) -> None:
        if time.monotonic() - self._reported >= _SECONDS_BETWEEN_REPORTS:
            size = self._stored.file_size
            done = min(size, os.lseek(self._file.fileno(), 0, os.SEEK_CUR))
            await self._run.progress(done // _KILOBYTE, size // _KILOBYTE, "kilobytes")
            self._reported = time.monotonic()


async def _survey(session: Session, stored: StoredImport, version: Version, run: JobRun[RunImport]) -> PublishedSurvey:
    """The survey as it is now, with the version that the mapping was checked against.

    Raises:
        Conflict: it takes no more answers.
    """
    now = await survey_taking_answers(session, run.organisation_id, stored.survey_id)
    return replace(now, version_id=stored.survey_version_id, number=version.number, questionnaire=version.questionnaire)


async def _fetch(run: JobRun[RunImport], stored: StoredImport, file: IO[bytes]) -> None:
    """Bring the file here, part by part: a workbook cannot be read from front to back."""
    digest = hashlib.sha256()
    for number in range(-(-stored.file_size // CHUNK_BYTES)):
        async with run.snapshot() as session:
            content = await queries.chunk(session, run.organisation_id, stored.id, number)
        if content is None:
            break
        digest.update(content)
        file.write(content)
    if digest.hexdigest() != stored.file_sha256:
        raise RuntimeError("The file is not as it was received.")
    file.seek(0)


def _open(file: IO[bytes], stored: StoredImport, version: Version, time_zone: str) -> tuple[Table, Batches]:
    mapping: ImportMapping = stored.mapping
    table = open_table(file, mapping)
    mapper = RowMapper(
        mapping,
        version.questionnaire,
        table.places,
        width=table.width,
        time_zone=time_zone,
        line_key=f"import:{stored.file_sha256}",
    )
    return table, Batches(table, mapper, skip=stored.counts.read)
