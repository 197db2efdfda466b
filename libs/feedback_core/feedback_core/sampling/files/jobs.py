"""The worker's part of files of units: read as a stream, checked and sealed beside the writing, resumed where it ended.

A batch of rows, its faults and the count of rows done are one transaction; the count is where another attempt goes on.
"""

import asyncio
import hashlib
import tempfile
from dataclasses import dataclass
from itertools import islice
from typing import IO, Final

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.errors import Conflict, Invalid
from feedback_core.kit.tabular import BrokenRow, Table, open_table
from feedback_core.sampling.checks import UnitCheck
from feedback_core.sampling.files.rows import UnitReader, UnreadableCell
from feedback_core.sampling.files.types import (
    CHUNK_BYTES,
    MAX_LISTED_FAULTS,
    DiscardFrameFile,
    FrameImport,
    RunFrameImport,
    UnitCounts,
    UnitRowFault,
)
from feedback_core.sampling.files.use_cases import KEPT_FOR, discard_soon, get_frame_import
from feedback_core.sampling.queries import files as queries
from feedback_core.sampling.queries.units import put_units
from feedback_core.sampling.types.frames import RejectedUnit, UnitRow
from feedback_core.sampling.use_cases.frames import frame_in_use, note_change, settle_soon
from feedback_core.sampling.use_cases.units import contacts_of
from feedback_core.sampling.vault import ContactVault

ROWS_PER_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """Consecutive rows, checked."""

    read: int
    rows: dict[str, UnitRow]
    repeated: int
    faults: list[UnitRowFault]
    rejected: int


async def run_frame_import(run: JobRun[RunFrameImport]) -> None:
    """Read a file and put its units into the frame.

    Raises:
        FileUnreadableCell: the file is not what the mapping says.
        ColumnsMissing: it lacks columns that the mapping reads.
        Conflict: the frame's time is over.
        JobCancelled: somebody asked for it to be cancelled; what was put into the frame stays.
    """
    organisation_id, import_id = run.organisation_id, run.payload.import_id
    vault = ContactVault.from_settings(run.secrets)
    async with run.snapshot() as session:
        stored = await get_frame_import(session, organisation_id, import_id)
        frame = await frame_in_use(session, organisation_id, stored.frame_id)
        check = UnitCheck(frame, await contacts_of(session, organisation_id, vault))
    with tempfile.TemporaryFile(prefix="feedback-frame-") as file:
        await _fetch(run, stored, vault, file)
        try:
            table = await run.calculate(open_table, file, stored.mapping.layout)
            reader = _Reader(table, UnitReader(stored.mapping, table.places), check, skip=stored.counts.read)
            await _put_all(run, stored, reader)
        except (Invalid, Conflict):
            async with run.transaction() as session:
                await discard_soon(session, organisation_id, import_id, clock=run.clock)
            raise
    async with run.completion() as session:
        await queries.discard_file(session, organisation_id, import_id)
        await settle_soon(session, organisation_id, stored.frame_id, clock=run.clock)


async def discard_frame_file(run: JobRun[DiscardFrameFile]) -> None:
    """Throw a file away once nothing will read it any more; while something may, look again later."""
    organisation_id, import_id = run.organisation_id, run.payload.import_id
    async with run.completion() as session:
        job = await queries.job_of(session, organisation_id, import_id)
        if job is not None and job.status in {JobStatus.QUEUED, JobStatus.RUNNING}:
            now = run.clock.now()
            await request_job(session, organisation_id, DiscardFrameFile(import_id), now=now, run_at=now + KEPT_FOR)
        else:
            await queries.discard_file(session, organisation_id, import_id)


class _Reader:
    """Reads and checks a file, batch by batch; what was done in an earlier attempt is passed over."""

    def __init__(self, table: Table, reader: UnitReader, check: UnitCheck, *, skip: int) -> None:
        self._rows = table.rows
        self._reader = reader
        self._check = check
        self._skip = skip

    def next(self) -> _Batch | None:
        """The next rows; ``None`` after the last.

        Raises:
            FileUnreadableCell: the rest of the file cannot be read.
        """
        if self._skip:
            next(islice(self._rows, self._skip - 1, self._skip), None)
            self._skip = 0
        read = sound = rejected = 0
        rows: dict[str, UnitRow] = {}
        faults: list[UnitRowFault] = []
        for line, cells in islice(self._rows, ROWS_PER_BATCH):
            read += 1
            if isinstance(cells, BrokenRow):
                found = [UnitRowFault(line, 0, None, cells.code, cells.detail)]
            else:
                said = self._reader.read(cells)
                checked = said if isinstance(said, list) else self._check.check(said)
                if isinstance(checked, UnitRow):
                    sound += 1
                    rows[checked.ref] = checked
                    continue
                found = _faults(line, checked)
            rejected += 1
            faults += found
        return _Batch(read, rows, sound - len(rows), faults, rejected) if read else None


def _faults(line: int, found: list[UnreadableCell] | RejectedUnit) -> list[UnitRowFault]:
    if isinstance(found, RejectedUnit):
        return [
            UnitRowFault(line, number, fault.pointer.removeprefix("/"), fault.code, fault.detail)
            for number, fault in enumerate(found.faults)
        ]
    return [UnitRowFault(line, number, fault.column, fault.code, fault.detail) for number, fault in enumerate(found)]


async def _put_all(run: JobRun[RunFrameImport], stored: FrameImport, reader: _Reader) -> None:
    """Put batch by batch into the frame; the next one is read and checked meanwhile."""
    listed, done = stored.faults_listed, stored.counts.read
    reading = asyncio.ensure_future(run.calculate(reader.next))
    try:
        while (batch := await reading) is not None:
            reading = asyncio.ensure_future(run.calculate(reader.next))
            async with run.transaction() as session:
                listed += await _put(session, run, stored, batch, listed)
            done += batch.read
            await run.progress(done, unit="rows")
    finally:
        reading.cancel()


async def _put(session: Session, run: JobRun[RunFrameImport], stored: FrameImport, batch: _Batch, listed: int) -> int:
    """Put a batch into the frame; how many of its faults were listed."""
    organisation_id = run.organisation_id
    frame = await frame_in_use(session, organisation_id, stored.frame_id, hold=True)
    put = await put_units(session, organisation_id, frame.id, list(batch.rows.values()), at=run.clock.now())
    there = sum(unit.was_there for unit in put.values())
    if put:
        await note_change(session, organisation_id, frame, clock=run.clock)
    faults = batch.faults[: max(0, MAX_LISTED_FAULTS - listed)]
    await queries.add_faults(session, organisation_id, stored.id, faults)
    counts = UnitCounts(
        read=batch.read, added=len(put) - there, updated=there + batch.repeated, rejected=batch.rejected
    )
    await queries.add_counts(session, organisation_id, stored.id, counts)
    return len(faults)


async def _fetch(run: JobRun[RunFrameImport], stored: FrameImport, vault: ContactVault, file: IO[bytes]) -> None:
    """Bring the file here, part by part: a workbook cannot be read from front to back."""
    digest = hashlib.sha256()
    for number in range(-(-stored.file_size // CHUNK_BYTES)):
        async with run.snapshot() as session:
            sealed = await queries.chunk(session, run.organisation_id, stored.id, number)
        if sealed is None:
            break
        content = vault.seal.open(sealed)
        digest.update(content)
        file.write(content)
    if digest.hexdigest() != stored.file_sha256:
        raise RuntimeError("The file is not as it was received.")
    file.seek(0)
