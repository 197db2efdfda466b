"""SQL of requests of data subjects, and of what is held on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, text, update

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.responses.tables import response
from feedback_core.subjects.requests.matching import Contacts, escaped
from feedback_core.subjects.survey_queries import report_document, report_from
from feedback_core.subjects.tables import subject_export, subject_request
from feedback_core.subjects.types import Report, RequestKind, SubjectRequest
from feedback_core.surveys.tables import survey

# What is held on one response, as its respondent is given it: without what only we can read.
_HELD = text("""
    SELECT r.id, r.survey_id,
           to_jsonb(r) - '{organisation_id,external_ref,idempotency_ref,respondent_ref,content_hash,cell_id,
                          recorded_xid}'::text[] AS said,
           i.ciphertext,
           (SELECT coalesce(jsonb_agg(to_jsonb(x) - 'organisation_id'), '[]') FROM response_exclusion x
             WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id) AS exclusions,
           (SELECT coalesce(jsonb_agg(to_jsonb(x) - 'organisation_id'), '[]') FROM response_flag x
             WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id) AS flags,
           (SELECT coalesce(jsonb_agg(to_jsonb(x) - '{organisation_id,lot}'::text[]), '[]') FROM comment_reading x
             WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id) AS readings,
           (SELECT coalesce(jsonb_agg(to_jsonb(x) - 'organisation_id'), '[]') FROM comment_coding x
             WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id) AS codings
      FROM response r
      LEFT JOIN respondent_identity i ON i.organisation_id = r.organisation_id AND i.response_id = r.id
     WHERE r.organisation_id = :organisation_id AND r.id = ANY(:ids)
     ORDER BY r.id
""")

_BESIDE = text("""
    SELECT (SELECT count(*) FROM response_exclusion x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS response_exclusion,
           (SELECT count(*) FROM response_flag x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS response_flag,
           (SELECT count(*) FROM response_suspicion x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS response_suspicion,
           (SELECT count(*) FROM response_fingerprint x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS response_fingerprint,
           (SELECT count(*) FROM respondent_identity x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS respondent_identity,
           (SELECT count(*) FROM repeated_response x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS repeated_response,
           (SELECT count(*) FROM comment_reading x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS comment_reading,
           (SELECT count(*) FROM comment_coding x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS comment_coding,
           (SELECT count(*) FROM coding_batch_item x
             WHERE x.organisation_id = :organisation_id AND x.response_id = ANY(:ids)) AS coding_batch_item
""")

# Read whole: nobody keeps an index of what is said in comments. What is found is looked at once more.
_MENTIONING = text("""
    SELECT r.id, r.survey_id, r.answers FROM response r
     WHERE r.organisation_id = :organisation_id AND r.id > :after
       AND (r.answers::text ILIKE ANY(:emails)
            OR regexp_replace(r.answers::text, '[^0-9]', '', 'g') LIKE ANY(:numbers))
     ORDER BY r.id LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Held:
    """A response with everything beside it."""

    id: UUID
    survey_id: UUID
    document: Mapping[str, object]
    ciphertext: bytes | None


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that is to be answered; ``sealed``: whom it is about."""

    id: UUID
    kind: RequestKind
    reason: str
    requested_by: str
    sealed: bytes
    report: Report | None


async def add_request(
    session: Session,
    organisation_id: UUID,
    request_id: UUID,
    *,
    kind: RequestKind,
    sealed: bytes,
    named_by: Sequence[str],
    reason: str,
    by: str,
    job_id: UUID,
    at: datetime,
) -> None:
    """A request that is to be answered."""
    await session.execute(
        insert(subject_request).values(
            organisation_id=organisation_id,
            id=request_id,
            kind=kind.value,
            reason=reason,
            sealed_subject=sealed,
            named_by=list(named_by),
            requested_by=by,
            job_id=job_id,
            created_at=at,
        )
    )


async def pending(session: Session, organisation_id: UUID, request_id: UUID) -> Pending | None:
    """A request with whom it is about; ``None``: it is answered."""
    row = (
        await session.execute(
            select(subject_request).where(
                subject_request.c.organisation_id == organisation_id,
                subject_request.c.id == request_id,
                subject_request.c.sealed_subject.is_not(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return Pending(
        row.id,
        RequestKind(row.kind),
        row.reason,
        row.requested_by,
        bytes(row.sealed_subject),
        report_from(row.report),
    )


async def save_progress(
    session: Session, organisation_id: UUID, request_id: UUID, *, sealed: bytes | None, report: Report | None
) -> None:
    """What is known of the subject and what has been done so far."""
    values: dict[str, object] = {} if report is None else {"report": report_document(report)}
    await session.execute(
        update(subject_request)
        .where(subject_request.c.organisation_id == organisation_id, subject_request.c.id == request_id)
        .values(**values, **({} if sealed is None else {"sealed_subject": sealed}))
    )


async def finish(session: Session, organisation_id: UUID, request_id: UUID, report: Report, *, at: datetime) -> None:
    """The request is answered: whom it was about is forgotten."""
    await session.execute(
        update(subject_request)
        .where(subject_request.c.organisation_id == organisation_id, subject_request.c.id == request_id)
        .values(report=report_document(report), sealed_subject=None, finished_at=at)
    )


async def request_by_id(session: Session, organisation_id: UUID, request_id: UUID) -> SubjectRequest | None:
    """One request."""
    rows = await session.execute(_requests(organisation_id).where(subject_request.c.id == request_id))
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def requests_before(
    session: Session, organisation_id: UUID, *, before: UUID | None, limit: int
) -> list[SubjectRequest]:
    """Requests, the latest first."""
    statement = _requests(organisation_id)
    if before is not None:
        statement = statement.where(subject_request.c.id < before)
    rows = await session.execute(statement.order_by(subject_request.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def add_export(
    session: Session, organisation_id: UUID, request_id: UUID, sealed: bytes, *, at: datetime, until: datetime
) -> None:
    """Keep what is held on somebody until it is fetched or expires."""
    await session.execute(
        insert(subject_export).values(
            organisation_id=organisation_id, request_id=request_id, sealed=sealed, created_at=at, expires_at=until
        )
    )


async def export_of(session: Session, organisation_id: UUID, request_id: UUID, now: datetime) -> bytes | None:
    """A sealed export that has not expired."""
    found = await session.execute(
        select(subject_export.c.sealed).where(
            subject_export.c.organisation_id == organisation_id,
            subject_export.c.request_id == request_id,
            subject_export.c.expires_at > now,
        )
    )
    sealed = found.scalar_one_or_none()
    return None if sealed is None else bytes(sealed)


async def delete_exports(session: Session, organisation_id: UUID, request_ids: Sequence[UUID]) -> int:
    """Delete exports."""
    gone = await session.execute(
        delete(subject_export).where(
            subject_export.c.organisation_id == organisation_id, subject_export.c.request_id.in_(request_ids)
        )
    )
    return gone.rowcount


async def delete_expired(session: Session, organisation_id: UUID, now: datetime) -> int:
    """Delete exports that nobody fetched in time."""
    gone = await session.execute(
        delete(subject_export).where(
            subject_export.c.organisation_id == organisation_id, subject_export.c.expires_at <= now
        )
    )
    return gone.rowcount


async def organisations_with_expired(system: Session, now: datetime) -> list[UUID]:
    """Organisations, across tenants, with exports that have expired."""
    found = await system.execute(
        select(subject_export.c.organisation_id).where(subject_export.c.expires_at <= now).distinct()
    )
    return list(found.scalars())


async def survey_keys(session: Session, organisation_id: UUID) -> dict[UUID, str]:
    """Every survey that may have responses, by id."""
    rows = await session.execute(
        select(survey.c.id, survey.c.key).where(
            survey.c.organisation_id == organisation_id, survey.c.published_version.is_not(None)
        )
    )
    return {row.id: row.key for row in rows}


async def responses_named(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    external_refs: Sequence[bytes],
    respondent_refs: Sequence[bytes],
) -> list[UUID]:
    """Responses of a survey that have one of these references; each is found by its index."""
    ours = (response.c.organisation_id == organisation_id, response.c.survey_id == survey_id)
    found: set[UUID] = set()
    for column, references in ((response.c.external_ref, external_refs), (response.c.respondent_ref, respondent_refs)):
        if references:
            found |= set((await session.execute(select(response.c.id).where(*ours, column.in_(references)))).scalars())
    return sorted(found)


async def held(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> list[Held]:
    """Responses with everything beside them."""
    rows = await session.execute(_HELD, {"organisation_id": organisation_id, "ids": list(response_ids)})
    return [
        Held(
            row.id,
            row.survey_id,
            {
                **row.said,
                "exclusions": row.exclusions,
                "flags": row.flags,
                "readings": row.readings,
                "codings": row.codings,
            },
            None if row.ciphertext is None else bytes(row.ciphertext),
        )
        for row in rows
    ]


async def beside(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> dict[str, int]:
    """How many rows of each table lie beside responses and go with them."""
    values = {"organisation_id": organisation_id, "ids": list(response_ids)}
    return dict((await session.execute(_BESIDE, values)).mappings().one())


async def mentioning(
    session: Session, organisation_id: UUID, contacts: Contacts, *, after: UUID, limit: int
) -> list[tuple[UUID, UUID, Mapping[str, object]]]:
    """Responses (id, survey, answers) in which a contact may stand, in the order of their ids."""
    rows = await session.execute(
        _MENTIONING,
        {
            "organisation_id": organisation_id,
            "after": after,
            "limit": limit,
            "emails": [f"%{escaped(email)}%" for email in contacts.emails],
            "numbers": [f"%{number}%" for number in contacts.numbers],
        },
    )
    return [(row.id, row.survey_id, row.answers) for row in rows]


def _requests(organisation_id: UUID) -> Any:  # noqa: ANN401 - a SQLAlchemy statement
    return (
        select(subject_request, subject_export.c.expires_at)
        .outerjoin(
            subject_export,
            (subject_export.c.organisation_id == subject_request.c.organisation_id)
            & (subject_export.c.request_id == subject_request.c.id),
        )
        .where(subject_request.c.organisation_id == organisation_id)
    )


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[SubjectRequest]:
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows]) if rows else {}
    return [
        SubjectRequest(
            id=row.id,
            kind=RequestKind(row.kind),
            named_by=tuple(row.named_by),
            reason=row.reason,
            requested_by=row.requested_by,
            job=jobs[row.job_id],
            report=report_from(row.report),
            created_at=row.created_at,
            finished_at=row.finished_at,
            export_until=row.expires_at,
        )
        for row in rows
    ]
