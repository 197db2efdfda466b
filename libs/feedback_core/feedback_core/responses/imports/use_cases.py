"""Receiving a file, looking at what became of it, cancelling."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs.types import JobStatus
from feedback_core.jobs.use_cases import request_cancel, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, numbers_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.organisations import queries as organisations
from feedback_core.organisations.types import RememberedAnswer
from feedback_core.responses.imports import queries
from feedback_core.responses.imports.mapping import find_mapping_faults
from feedback_core.responses.imports.queries import FaultPlace
from feedback_core.responses.imports.types import (
    DiscardFile,
    FaultPage,
    ImportFault,
    ImportMapping,
    ImportPage,
    MappingInvalid,
    RowFault,
    RunImport,
    StoredImport,
    UploadInterrupted,
)
from feedback_core.responses.masking.reader import Reader, reader_of
from feedback_core.responses.types import IdempotencyKeyReused, ResponseFault
from feedback_core.responses.use_cases import survey_taking_answers
from feedback_core.surveys import queries as surveys

KEPT_FOR: Final = timedelta(hours=1)
"""How long the bytes of a file that nobody will read are kept at most; also the longest upload."""

_SOON: Final = timedelta(seconds=5)
_OPERATION: Final = "POST /v1/surveys/{survey_id}/imports"
_BIGINT: Final = 2**63


@dataclass(frozen=True, slots=True)
class Received:
    """The import that an upload leads to, and whether it is a new one."""

    stored: StoredImport
    is_new: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """What comes with a file.

    Attributes:
        file_name: as the caller calls it.
        chunks: the bytes, in parts of at most ``CHUNK_BYTES``.
        requested_by: name of who asks.
        idempotency_key: hashed with the caller's key; the same one leads to the same import.
    """

    survey_id: UUID
    mapping: ImportMapping
    file_name: str | None
    chunks: AsyncIterator[bytes]
    requested_by: str
    idempotency_key: bytes | None = None


async def check_mapping(session: Session, organisation_id: UUID, survey_id: UUID, mapping: ImportMapping) -> UUID:
    """The version of the survey that a mapping fits.

    Raises:
        NotFound: no such survey here.
        Conflict: the survey takes no answers.
        MappingInvalid: the mapping does not fit it; every fault is named.
    """
    survey = await survey_taking_answers(session, organisation_id, survey_id)
    faults = find_mapping_faults(mapping, survey)
    if faults:
        raise MappingInvalid(faults)
    return survey.version_id


async def receive_import(database: Database, organisation_id: UUID, upload: Upload, *, clock: Clock) -> Received:
    """Take in a file and request that it be read.

    Every part is a transaction of its own: a long upload that held one open would keep new responses from being
    counted. What has come in of an upload that breaks off is thrown away by a job that is requested beforehand.

    Raises:
        NotFound: no such survey here.
        Conflict: the survey takes no answers, or the upload took too long.
        Invalid: the mapping does not fit the survey, the file is empty, or the key came before with something else.
    """
    import_id = new_id()
    async with database.tenant(organisation_id) as session:
        version_id = await check_mapping(session, organisation_id, upload.survey_id, upload.mapping)
        now = clock.now()
        await queries.add_import(
            session,
            organisation_id,
            import_id,
            survey_id=upload.survey_id,
            survey_version_id=version_id,
            mapping=upload.mapping,
            file_name=upload.file_name,
            requested_by=upload.requested_by,
            at=now,
        )
        await request_job(session, organisation_id, DiscardFile(import_id), now=now, run_at=now + KEPT_FOR)
    digest = hashlib.sha256()
    size = number = 0
    async for content in upload.chunks:
        async with database.tenant(organisation_id) as session:
            await queries.add_chunk(session, organisation_id, import_id, number, content)
        digest.update(content)
        size, number = size + len(content), number + 1
    if not size:
        raise Invalid([Fault("/file", ImportFault.EMPTY_FILE.value, "Send a file that is not empty.")])
    async with database.tenant(organisation_id) as session:
        return await _finish(
            session, organisation_id, import_id, upload, sha256=digest.digest(), size=size, clock=clock
        )


async def _finish(
    session: Session,
    organisation_id: UUID,
    import_id: UUID,
    upload: Upload,
    *,
    sha256: bytes,
    size: int,
    clock: Clock,
) -> Received:
    now = clock.now()
    if upload.idempotency_key is not None:
        earlier = await _earlier(session, organisation_id, upload, sha256, clock)
        if earlier is not None:
            await queries.discard_file(session, organisation_id, import_id, at=now)
            return Received(await get_import(session, organisation_id, earlier), is_new=False)
    job_id = await request_job(session, organisation_id, RunImport(import_id), now=now)
    if not await queries.save_received(session, organisation_id, import_id, sha256=sha256, size=size, job_id=job_id):
        raise UploadInterrupted("The upload took too long: send the file again.")
    if upload.idempotency_key is not None:
        answer = RememberedAnswer(b"", 202, {"location": f"/v1/imports/{import_id}"}, import_id.bytes)
        await organisations.keep_answer(session, organisation_id, _OPERATION, upload.idempotency_key, answer)
    return Received(await get_import(session, organisation_id, import_id), is_new=True)


async def _earlier(session: Session, organisation_id: UUID, upload: Upload, sha256: bytes, clock: Clock) -> UUID | None:
    """The import that an earlier request with the same key led to.

    Raises:
        IdempotencyKeyReused: it came with another mapping or file.
    """
    assert upload.idempotency_key is not None
    mapping = json.dumps(upload.mapping.to_json(), sort_keys=True)
    content = hashlib.sha256(upload.survey_id.bytes + sha256 + mapping.encode()).digest()
    earlier = await organisations.remember_request(
        session, organisation_id, _OPERATION, upload.idempotency_key, content, at=clock.now()
    )
    if earlier is None:
        return None
    if earlier.request_hash != content:
        detail = "This Idempotency-Key came before with another mapping or file: use a new key for a new import."
        fault = Fault("/header/idempotency-key", ResponseFault.IDEMPOTENCY_KEY_REUSED.value, detail)
        raise IdempotencyKeyReused([fault])
    return UUID(bytes=earlier.body)


async def get_import(session: Session, organisation_id: UUID, import_id: UUID) -> StoredImport:
    """An import as it stands.

    Raises:
        NotFound: no such import here.
    """
    found = await queries.import_by_id(session, organisation_id, import_id)
    if found is None:
        raise NotFound("import", import_id)
    return found


async def list_imports(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> ImportPage:
    """A page of the imports of a survey, newest first.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if not await surveys.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    query = {"list": "imports", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.imports_before(session, organisation_id, survey_id, before=before, limit=limit + 1)
    items, following = page_of(found, limit, query)
    return ImportPage(tuple(items), following)


async def list_faults(
    session: Session, organisation_id: UUID, import_id: UUID, *, unmasked: bool, cursor: str | None, limit: int
) -> FaultPage:
    """A page of what was wrong in a file, in the order of its lines.

    Raises:
        NotFound: no such import here.
        InvalidCursor: the cursor belongs to another query.
    """
    stored = await get_import(session, organisation_id, import_id)
    query = {"list": "import faults", "organisation": organisation_id, "import": import_id}
    after = None if cursor is None else _place_in(cursor, query)
    found = await queries.faults_after(session, organisation_id, import_id, after=after, limit=limit + 1)
    items, following = page_of(found, limit, query, at=lambda each: (each.place.line, each.place.number))
    reader = await reader_of(session, organisation_id, stored.survey_id, unmasked=unmasked)
    return FaultPage(tuple(_shown(placed.fault, reader) for placed in items), following)


async def cancel_import(session: Session, organisation_id: UUID, import_id: UUID, *, clock: Clock) -> StoredImport:
    """Cancel an import: at once while it waits, after the rows in hand while it runs. What was recorded stays.

    Raises:
        NotFound: no such import here.
        Conflict: it has ended.
    """
    found = await get_import(session, organisation_id, import_id)
    job = await request_cancel(session, organisation_id, found.job.id, now=clock.now())
    if job.status is JobStatus.CANCELLED:
        await queries.discard_file(session, organisation_id, import_id, at=clock.now())
    else:
        await discard_soon(session, organisation_id, import_id, clock=clock)
    return await get_import(session, organisation_id, import_id)


async def discard_soon(session: Session, organisation_id: UUID, import_id: UUID, *, clock: Clock) -> None:
    """Have the bytes of a file thrown away once the job that reads it has ended, which it is about to."""
    now = clock.now()
    await request_job(session, organisation_id, DiscardFile(import_id), now=now, run_at=now + _SOON)


def _place_in(cursor: str, query: dict[str, object]) -> FaultPlace:
    return FaultPlace(*numbers_in_cursor(cursor, query, parts=2, below=_BIGINT))


def _shown(fault: RowFault, reader: Reader) -> RowFault:
    """A fault whose value, and what quotes it, shows no more than the reader may see."""
    value = None if fault.value is None else reader.text(fault.value)
    return replace(fault, value=value, detail=reader.text(fault.detail))
