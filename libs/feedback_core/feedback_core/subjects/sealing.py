"""Keys rotate: a walk through everything that is sealed leaves only the newest in use."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.cases.tables import case_entry
from feedback_core.db.sealed_queries import AnyColumn, replace_sealed, sealed_after
from feedback_core.db.session import Session
from feedback_core.inbound.processing.tables import delivery_fetch, source_connector
from feedback_core.inbound.tables import delivery, source_secret
from feedback_core.invitations.tables import invitation
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.sealing import Seal
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.people.sealed_queries import WITH_TEXTS
from feedback_core.people.tables import staff_member
from feedback_core.reports.tables import report_distribution, report_schedule_recipient
from feedback_core.responses.entries.tables import second_entry, staff_entry
from feedback_core.responses.open_responses.tables import open_response
from feedback_core.responses.tables import respondent_identity
from feedback_core.sampling.tables import frame_import_chunk, frame_unit
from feedback_core.subjects import sealing_queries as queries
from feedback_core.subjects.payloads import Reseal
from feedback_core.subjects.requests.beside_queries import fetched_after
from feedback_core.subjects.tables import subject_export, subject_request
from feedback_core.webhooks.tables import webhook_secret

BATCH: Final = 500
EVERY: Final = timedelta(days=1)
AT_A_TIME: Final = 10
"""Organisations of one look, of which there is one a minute: 14,400 of them a day."""

WALKS: Final = 2
"""With each key, a day apart: until every process has the newest key, some still seal with the one before."""

_NO_ID: Final = UUID(int=0)
Sealed: TypeAlias = Sequence[tuple[UUID, bytes]]
Changed: TypeAlias = Sequence[tuple[UUID, bytes, bytes]]


Replace: TypeAlias = Callable[[Session, UUID, Changed], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds what is sealed.

    Attributes:
        key: by which its rows are read on from one; their id, where there is one.
        after: how they are read on, where a key has several rows.
        replace: how they are replaced, where a plain update is not allowed.
    """

    column: AnyColumn
    key: AnyColumn | None = None
    after: Callable[..., Awaitable[Sealed]] | None = None
    replace: Replace | None = None

    async def read_on(self, session: Session, organisation_id: UUID, after: UUID, *, limit: int) -> Sealed:
        """The next rows after one."""
        if self.after is not None:
            return await self.after(session, organisation_id, after, limit=limit)
        return await sealed_after(session, organisation_id, self.column, after, limit=limit, key=self.key)

    async def put_back(self, session: Session, organisation_id: UUID, changed: Changed) -> int:
        """Replace what is still as it was; how many those were."""
        if self.replace is not None:
            return await self.replace(session, organisation_id, changed)
        return await replace_sealed(session, organisation_id, self.column, changed, key=self.key)


async def _replace_identities(session: Session, _: UUID, changed: Changed) -> int:
    return await queries.replace_identities(session, changed)


async def _replace_secrets(session: Session, _: UUID, changed: Changed) -> int:
    return await queries.replace_secrets(session, changed)


SEALED_COLUMNS: Final = (
    SealedColumn(respondent_identity.c.ciphertext, respondent_identity.c.response_id, replace=_replace_identities),
    SealedColumn(open_response.c.identity),
    SealedColumn(source_secret.c.sealed, replace=_replace_secrets),
    SealedColumn(source_connector.c.sealed, source_connector.c.source_id),
    SealedColumn(webhook_secret.c.sealed),
    SealedColumn(delivery.c.body),
    SealedColumn(delivery_fetch.c.body, delivery_fetch.c.delivery_id, after=fetched_after),
    SealedColumn(report_distribution.c.sealed_recipient),
    SealedColumn(report_schedule_recipient.c.sealed_recipient),
    SealedColumn(case_entry.c.sealed),
    SealedColumn(staff_member.c.sealed),
    *(SealedColumn(table.c.sealed) for table in WITH_TEXTS),
    SealedColumn(frame_unit.c.contact),
    SealedColumn(invitation.c.contact),
    SealedColumn(staff_entry.c.sealed),
    SealedColumn(second_entry.c.sealed),
    SealedColumn(frame_import_chunk.c.content),
    SealedColumn(subject_request.c.sealed_subject),
    SealedColumn(subject_export.c.sealed, subject_export.c.request_id, replace=queries.replace_exports),
)
"""Everything that is sealed with these keys; a capability that seals something adds its column here."""


async def request_due_resealing(system: Session, /, *, now: datetime) -> int:
    """Request jobs for some organisations that were not checked for a day, so that no other work waits for them.

    Returns how many.
    """
    due = await queries.organisations_to_check(system, now - EVERY, most=AT_A_TIME)
    for organisation_id in due:
        await request_job(system, organisation_id, Reseal(), now=now, dedupe_key="all")
    return len(due)


async def reseal(run: JobRun[Reseal]) -> None:
    """Seal anew what another key than the newest has sealed, unless that was done often enough before."""
    organisation_id, now = run.organisation_id, run.clock.now()
    seal = Seal.from_settings(run.secrets)
    async with run.snapshot() as session:
        walks = await queries.walks_with(session, organisation_id, seal.fingerprint)
    resealed = 0
    if walks < WALKS:
        for column in SEALED_COLUMNS:
            resealed += await _walk(run, column, seal, resealed)
    async with run.completion() as session:
        await queries.note_walks(session, organisation_id, seal.fingerprint, walks=min(walks + 1, WALKS), at=now)
        if resealed:
            await record_event(
                session,
                organisation_id,
                AuditAction.SECRETS_RESEALED,
                by="keys",
                thing="organisation",
                clock=run.clock,
                details={"resealed": resealed},
            )


async def _walk(run: JobRun[Reseal], column: SealedColumn, seal: Seal, before: int) -> int:
    after, resealed = _NO_ID, 0
    while True:
        async with run.transaction() as session:
            batch = await column.read_on(session, run.organisation_id, after, limit=BATCH)
            changed = await run.calculate(partial(_changed, seal), batch)
            if changed:
                resealed += await column.put_back(session, run.organisation_id, changed)
        await run.progress(before + resealed, unit="values sealed anew")
        if len(batch) < BATCH:
            return resealed
        after = batch[-1][0]


def _changed(seal: Seal, batch: Sealed) -> Changed:
    found = ((identifier, sealed, seal.resealed(sealed)) for identifier, sealed in batch)
    return [(identifier, sealed, anew) for identifier, sealed, anew in found if anew is not None]
