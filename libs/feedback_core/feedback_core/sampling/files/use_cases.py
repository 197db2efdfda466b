"""Receiving a file of units, and looking at what became of it."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, numbers_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.organisations import queries as organisations
from feedback_core.organisations.types import RememberedAnswer
from feedback_core.sampling.files.rows import faults_of_mapping
from feedback_core.sampling.files.types import (
    DiscardFrameFile,
    FrameFileFault,
    FrameImport,
    FrameMapping,
    FrameUploadInterrupted,
    RunFrameImport,
    UnitRowFault,
)
from feedback_core.sampling.queries import files as queries
from feedback_core.sampling.use_cases.frames import frame_in_use, get_frame

KEPT_FOR: Final = timedelta(hours=1)
"""How long the bytes of a file that nobody will read are kept at most; also the longest upload."""

_SOON: Final = timedelta(seconds=5)
_OPERATION: Final = "POST /v1/frames/{frame_id}/imports"
_BIGINT: Final = 2**63


class FrameMappingInvalid(Invalid):
    """The mapping does not fit the frame; each fault is named with a pointer."""

    code = "mapping_invalid"


class FrameImportKeyReused(Invalid):
    """The key came before with another mapping or file."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class FrameUpload:
    """What comes with a file.

    Attributes:
        chunks: the bytes, in parts of at most ``CHUNK_BYTES``.
        idempotency_key: hashed with the caller's key; the same one leads to the same import.
    """

    frame_id: UUID
    mapping: FrameMapping
    file_name: str | None
    chunks: AsyncIterator[bytes]
    requested_by: str
    idempotency_key: bytes | None = None


async def receive_frame_file(
    database: Database, organisation_id: UUID, upload: FrameUpload, *, seal: Seal, clock: Clock
) -> tuple[FrameImport, bool]:
    """Take in a file, sealed, and request that it be read; and whether it is a new one.

    Every part is a transaction of its own, as with files of responses. What has come in of an upload that breaks off is
    thrown away by a job that is requested beforehand.

    Raises:
        NotFound: no such frame here.
        Conflict: the frame's time is over, or the upload took too long.
        Invalid: the mapping does not fit, the file is empty, or the key came before with something else.
    """
    import_id = new_id()
    async with database.tenant(organisation_id) as session:
        frame = await frame_in_use(session, organisation_id, upload.frame_id)
        faults = [fault.under("/mapping") for fault in faults_of_mapping(upload.mapping, frame.settings)]
        if faults:
            raise FrameMappingInvalid(faults)
        now = clock.now()
        await queries.add_import(
            session,
            organisation_id,
            import_id,
            frame_id=upload.frame_id,
            mapping=upload.mapping,
            file_name=upload.file_name,
            requested_by=upload.requested_by,
            at=now,
        )
        await request_job(session, organisation_id, DiscardFrameFile(import_id), now=now, run_at=now + KEPT_FOR)
    digest, size, number = hashlib.sha256(), 0, 0
    async for content in upload.chunks:
        async with database.tenant(organisation_id) as session:
            await queries.add_chunk(session, organisation_id, import_id, new_id(), number, seal.seal(content))
        digest.update(content)
        size, number = size + len(content), number + 1
    if not size:
        raise Invalid([Fault("/file", FrameFileFault.EMPTY_FILE.value, "Send a file that is not empty.")])
    async with database.tenant(organisation_id) as session:
        return await _finish(session, organisation_id, import_id, upload, digest.digest(), size, clock)


async def _finish(
    session: Session,
    organisation_id: UUID,
    import_id: UUID,
    upload: FrameUpload,
    sha256: bytes,
    size: int,
    clock: Clock,
) -> tuple[FrameImport, bool]:
    now = clock.now()
    if upload.idempotency_key is not None:
        mapping = json.dumps(upload.mapping.to_json(), sort_keys=True)
        content = hashlib.sha256(upload.frame_id.bytes + sha256 + mapping.encode()).digest()
        earlier = await organisations.remember_request(
            session, organisation_id, _OPERATION, upload.idempotency_key, content, at=now
        )
        if earlier is not None and earlier.request_hash != content:
            detail = "This Idempotency-Key came before with another mapping or file: use a new key for a new import."
            raise FrameImportKeyReused([Fault("/header/idempotency-key", FrameImportKeyReused.code, detail)])
        if earlier is not None:
            await queries.discard_file(session, organisation_id, import_id)
            return await get_frame_import(session, organisation_id, UUID(bytes=earlier.body)), False
    job_id = await request_job(session, organisation_id, RunFrameImport(import_id), now=now)
    if not await queries.save_received(session, organisation_id, import_id, sha256=sha256, size=size, job_id=job_id):
        raise FrameUploadInterrupted("The upload took too long: send the file again.")
    if upload.idempotency_key is not None:
        answer = RememberedAnswer(b"", 202, {"location": f"/v1/frame-imports/{import_id}"}, import_id.bytes)
        await organisations.keep_answer(session, organisation_id, _OPERATION, upload.idempotency_key, answer)
    return await get_frame_import(session, organisation_id, import_id), True


async def get_frame_import(session: Session, organisation_id: UUID, import_id: UUID) -> FrameImport:
    """A file as it stands.

    Raises:
        NotFound: no such file here.
    """
    found = await queries.import_by_id(session, organisation_id, import_id)
    if found is None:
        raise NotFound("frame import", import_id)
    return found


async def list_frame_imports(
    session: Session, organisation_id: UUID, frame_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[FrameImport], str | None]:
    """A page of the files of a frame, newest first, and the cursor of the next one.

    Raises:
        NotFound: no such frame here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_frame(session, organisation_id, frame_id)
    query: dict[str, object] = {"list": "frame imports", "organisation": organisation_id, "frame": frame_id}
    before = id_in_cursor(cursor, query)
    found = await queries.imports_before(session, organisation_id, frame_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def list_frame_faults(
    session: Session, organisation_id: UUID, import_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[UnitRowFault], str | None]:
    """A page of what was wrong in a file, in the order of its lines, and the cursor of the next one.

    Raises:
        NotFound: no such file here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_frame_import(session, organisation_id, import_id)
    query: dict[str, object] = {"list": "frame faults", "organisation": organisation_id, "import": import_id}
    after = None if cursor is None else _place_in(cursor, query)
    found = await queries.faults_after(session, organisation_id, import_id, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda fault: (fault.line, fault.number))


async def discard_soon(session: Session, organisation_id: UUID, import_id: UUID, *, clock: Clock) -> None:
    """Have the bytes of a file thrown away once the job that reads it has ended, which it is about to."""
    now = clock.now()
    await request_job(session, organisation_id, DiscardFrameFile(import_id), now=now, run_at=now + _SOON)


def _place_in(cursor: str, query: dict[str, object]) -> tuple[int, int]:
    line, number = numbers_in_cursor(cursor, query, parts=2, below=_BIGINT)
    return line, number
