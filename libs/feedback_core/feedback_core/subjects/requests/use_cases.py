"""Making a request, looking at what became of it, fetching what was found."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.contacts import phone_key
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.regions import regions_of
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.masking.calc import mask
from feedback_core.responses.privacy import Privacy
from feedback_core.subjects.payloads import AnswerRequest
from feedback_core.subjects.requests import queries
from feedback_core.subjects.requests.matching import Known, without
from feedback_core.subjects.types import ExportNotThere, Mentions, RequestKind, Subject, SubjectNotNamed, SubjectRequest

EXPORT_KEPT_FOR: Final = timedelta(days=7)


async def make_request(
    session: Session,
    organisation_id: UUID,
    kind: RequestKind,
    subject: Subject,
    *,
    mentions: Mentions,
    reason: str,
    by: str,
    privacy: Privacy,
    clock: Clock,
) -> SubjectRequest:
    """Have everything that is held on somebody exported or erased. An erasure cannot be taken back.

    Args:
        session: bound to the organisation.
        organisation_id: who holds it.
        kind: what is asked for.
        subject: whom it is about; kept encrypted until it is done, and not at all afterwards.
        mentions: of an erasure: what becomes of comments of others in which their address or number stands.
        reason: why; whom it is about is taken out of it.
        by: name of the API key.
        privacy: seals whom it is about.
        clock: for the time of it.

    Raises:
        SubjectNotNamed: nothing says whom it is about, or only something that nobody could be found by.
        NotFound: the response that is named is not there.
    """
    regions = regions_of((await get_organisation(session, organisation_id)).time_zone)
    named_by = [name for name, value in asdict(subject).items() if value is not None]
    if not named_by:
        detail = "Say whom it is about: by id, email, phone, name, external_id or response_id."
        raise SubjectNotNamed([Fault("/subject", SubjectNotNamed.code, detail)])
    if subject.phone is not None and phone_key(subject.phone, regions) is None:
        detail = "Give a telephone number with seven digits or more."
        raise SubjectNotNamed([Fault("/subject/phone", SubjectNotNamed.code, detail)])
    if subject.response_id and not await queries.held(session, organisation_id, [subject.response_id]):
        raise NotFound("response", subject.response_id)
    request_id = new_id()
    job_id = await request_job(session, organisation_id, AnswerRequest(request_id), now=clock.now())
    await queries.add_request(
        session,
        organisation_id,
        request_id,
        kind=kind,
        sealed=privacy.identities.seal_text(Known.of(subject, regions, mentions).to_json()),
        named_by=named_by,
        reason=mask(without(reason, subject), regions),
        by=by,
        job_id=job_id,
        at=clock.now(),
    )
    await _note(session, organisation_id, AuditAction.SUBJECT_REQUESTED, request_id, kind, by, clock)
    return await get_request(session, organisation_id, request_id)


async def get_request(session: Session, organisation_id: UUID, request_id: UUID) -> SubjectRequest:
    """A request, and what was done.

    Raises:
        NotFound: no such request here.
    """
    found = await queries.request_by_id(session, organisation_id, request_id)
    if found is None:
        raise NotFound("subject request", request_id)
    return found


async def list_requests(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[SubjectRequest], str | None]:
    """A page of requests, the latest first, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list.
    """
    query = {"list": "subject requests", "organisation": organisation_id}
    before = id_in_cursor(cursor, query)
    found = await queries.requests_before(session, organisation_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def read_export(
    session: Session, organisation_id: UUID, request_id: UUID, *, by: str, privacy: Privacy, clock: Clock
) -> Mapping[str, Any]:
    """Everything that is held on somebody; that it was read is written down.

    Raises:
        NotFound: no such request here.
        ExportNotThere: it is not one for an export, it is not done yet, or it has expired.
    """
    found = await get_request(session, organisation_id, request_id)
    sealed = await queries.export_of(session, organisation_id, request_id, clock.now())
    if sealed is None:
        raise ExportNotThere("There is nothing to be fetched: look at the kind and the status of the request.")
    await _note(session, organisation_id, AuditAction.SUBJECT_EXPORT_READ, request_id, found.kind, by, clock)
    document: dict[str, Any] = json.loads(privacy.identities.open_text(sealed))
    return document


async def _note(
    session: Session,
    organisation_id: UUID,
    action: AuditAction,
    request_id: UUID,
    kind: RequestKind,
    by: str,
    clock: Clock,
) -> None:
    await record_event(
        session,
        organisation_id,
        action,
        by=by,
        thing="subject_request",
        thing_id=request_id,
        clock=clock,
        details={"kind": kind},
    )
