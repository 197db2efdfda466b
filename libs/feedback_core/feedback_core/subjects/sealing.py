"""Keys rotate: a walk through everything that is sealed leaves only the newest in use."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.cases.queries import replace_entries, sealed_entries_after
from feedback_core.db.session import Session
from feedback_core.invitations.queries import recipients as invited
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.sealing import Seal
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.people.sealed_queries import SEALED, replace_sealed, sealed_after
from feedback_core.reports.distributions.queries import recipients_after
from feedback_core.reports.schedules import recipient_queries as standing
from feedback_core.responses.entries.erasing_queries import replace_second, replace_words, second_after, words_after
from feedback_core.sampling.queries import files as frame_files
from feedback_core.sampling.queries.units import contacts_after, replace_contacts
from feedback_core.subjects import sealing_queries as queries
from feedback_core.subjects.payloads import Reseal
from feedback_core.subjects.requests.beside_queries import bodies_after, fetched_after
from feedback_core.subjects.requests.queries import exports_after, identities_after
from feedback_core.webhooks.queries import endpoints as webhook_secrets

BATCH: Final = 500
EVERY: Final = timedelta(days=1)
AT_A_TIME: Final = 10
"""Organisations of one look, of which there is one a minute: 14,400 of them a day."""

WALKS: Final = 2
"""With each key, a day apart: until every process has the newest key, some still seal with the one before."""

_NO_ID: Final = UUID(int=0)
Sealed: TypeAlias = Sequence[tuple[UUID, bytes]]
Changed: TypeAlias = Sequence[tuple[UUID, bytes, bytes]]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds what is sealed: how its rows are read on from one, and how they are replaced."""

    name: str
    after: Callable[..., Awaitable[Sealed]]
    replace: Callable[[Session, UUID, Changed], Awaitable[int]]


async def _replace_identities(session: Session, _: UUID, changed: Changed) -> int:
    return await queries.replace_identities(session, changed)


async def _replace_secrets(session: Session, _: UUID, changed: Changed) -> int:
    return await queries.replace_secrets(session, changed)


def _of_people(table: str) -> SealedColumn:
    async def after(session: Session, organisation_id: UUID, since: UUID, *, limit: int) -> Sealed:
        return await sealed_after(session, organisation_id, table, since, limit=limit)

    async def replace(session: Session, organisation_id: UUID, changed: Changed) -> int:
        return await replace_sealed(session, organisation_id, table, changed)

    return SealedColumn(f"{table}.sealed", after, replace)


SEALED_COLUMNS: Final = (
    SealedColumn("respondent_identity.ciphertext", identities_after, _replace_identities),
    SealedColumn("open_response.identity", queries.open_identities_after, queries.replace_open_identities),
    SealedColumn("source_secret.sealed", queries.secrets_after, _replace_secrets),
    SealedColumn("source_connector.sealed", queries.connectors_after, queries.replace_connectors),
    SealedColumn("webhook_secret.sealed", webhook_secrets.secrets_after, webhook_secrets.replace_secrets),
    SealedColumn("delivery.body", bodies_after, queries.replace_bodies),
    SealedColumn("delivery_fetch.body", fetched_after, queries.replace_fetched),
    SealedColumn("report_distribution.sealed_recipient", recipients_after, queries.replace_recipients),
    SealedColumn(
        "report_schedule_recipient.sealed_recipient", standing.sealed_after, queries.replace_standing_recipients
    ),
    SealedColumn("case_entry.sealed", sealed_entries_after, replace_entries),
    *(_of_people(table) for table in SEALED),
    SealedColumn("frame_unit.contact", contacts_after, replace_contacts),
    SealedColumn("invitation.contact", invited.sealed_after, invited.replace_sealed),
    SealedColumn("staff_entry.sealed", words_after, replace_words),
    SealedColumn("second_entry.sealed", second_after, replace_second),
    SealedColumn("frame_import_chunk.content", frame_files.chunks_after, frame_files.replace_chunks),
    SealedColumn("subject_request.sealed_subject", queries.sealed_requests_after, queries.replace_requests),
    SealedColumn("subject_export.sealed", exports_after, queries.replace_exports),
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
            batch = await column.after(session, run.organisation_id, after, limit=BATCH)
            changed = await run.calculate(partial(_changed, seal), batch)
            if changed:
                resealed += await column.replace(session, run.organisation_id, changed)
        await run.progress(before + resealed, unit="values sealed anew")
        if len(batch) < BATCH:
            return resealed
        after = batch[-1][0]


def _changed(seal: Seal, batch: Sealed) -> Changed:
    found = ((identifier, sealed, seal.resealed(sealed)) for identifier, sealed in batch)
    return [(identifier, sealed, anew) for identifier, sealed, anew in found if anew is not None]
