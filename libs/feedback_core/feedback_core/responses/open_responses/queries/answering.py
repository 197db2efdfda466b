"""SQL of opening a response, reading it, and giving answers in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.open_responses.tables import open_answer, open_response
from feedback_core.responses.open_responses.types import GivenAnswer, OpenResponse, OpenState
from feedback_core.surveys.tables import survey, survey_version
from feedback_core.surveys.types import Confidentiality, SurveyState


@dataclass(frozen=True, slots=True)
class PinnedVersion:
    """The version that an open response is given to, and how its survey stands now."""

    key: str
    state: SurveyState
    confidentiality: Confidentiality
    number: int


async def auto_close_after(session: Session, organisation_id: UUID, survey_id: UUID) -> timedelta:
    """How long responses to a survey, which is there, stay open."""
    found = await session.execute(
        select(survey.c.auto_close_after_hours).where(
            survey.c.organisation_id == organisation_id, survey.c.id == survey_id
        )
    )
    return timedelta(hours=found.scalar_one())


async def pinned_version(session: Session, organisation_id: UUID, survey_id: UUID, version_id: UUID) -> PinnedVersion:
    """A version that is there, and its survey."""
    row = (
        await session.execute(
            select(survey.c.key, survey.c.state, survey.c.confidentiality, survey_version.c.number)
            .join(survey_version, survey_version.c.organisation_id == survey.c.organisation_id)
            .where(
                survey.c.organisation_id == organisation_id,
                survey.c.id == survey_id,
                survey_version.c.id == version_id,
            )
        )
    ).one()
    return PinnedVersion(row.key, SurveyState(row.state), Confidentiality(row.confidentiality), row.number)


async def add(
    session: Session,
    organisation_id: UUID,
    row: OpenResponse,
    *,
    token_hash: bytes,
    idempotency_ref: bytes | None,
    content_hash: bytes,
) -> bool:
    """A new open response; false if one with its external or idempotency reference is there."""
    written = await session.execute(
        upsert(open_response)
        .values(
            organisation_id=organisation_id,
            id=row.id,
            survey_id=row.survey_id,
            survey_version_id=row.survey_version_id,
            state=row.state.value,
            token_hashes=[token_hash],
            opened_by=row.opened_by,
            opened_publicly=row.opened_publicly,
            external_id=row.external_id,
            external_ref=row.external_ref,
            idempotency_ref=idempotency_ref,
            respondent_ref=row.respondent_ref,
            identity=row.identity,
            content_hash=content_hash,
            method=row.method.value,
            confidentiality=row.confidentiality.value,
            attributes=dict(row.attributes),
            opened_at=row.opened_at,
            updated_at=row.updated_at,
            closes_at=row.closes_at,
        )
        .on_conflict_do_nothing()
        .returning(open_response.c.id)
    )
    return written.first() is not None


@dataclass(frozen=True, slots=True)
class EarlierOpening:
    """An open response that was there before, and what its opening said."""

    opened: OpenResponse
    content_hash: bytes
    token_hashes: Sequence[bytes]
    has_key: bool


async def earlier_openings(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    idempotency_ref: bytes | None,
    external_ref: bytes | None,
) -> list[EarlierOpening]:
    """Those with one of the references, held until the transaction ends; the one of the key first."""
    references = []
    if idempotency_ref is not None:
        references.append(open_response.c.idempotency_ref == idempotency_ref)
    if external_ref is not None:
        of_name = and_(open_response.c.external_ref == external_ref, open_response.c.state == OpenState.OPEN.value)
        references.append(of_name)
    rows = await session.execute(
        select(open_response)
        .where(open_response.c.organisation_id == organisation_id, open_response.c.survey_id == survey_id)
        .where(or_(*references))
        .order_by(open_response.c.id)
        .with_for_update()
    )
    found = [
        EarlierOpening(
            opened(row),
            bytes(row.content_hash),
            [bytes(each) for each in row.token_hashes],
            row.idempotency_ref is not None and bytes(row.idempotency_ref) == idempotency_ref,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.has_key)


async def save_tokens(session: Session, organisation_id: UUID, open_id: UUID, token_hashes: Sequence[bytes]) -> None:
    """The tokens that its respondent has from now on."""
    await session.execute(
        update(open_response)
        .where(open_response.c.organisation_id == organisation_id, open_response.c.id == open_id)
        .values(token_hashes=list(token_hashes))
    )


async def with_tokens(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID
) -> tuple[OpenResponse, list[bytes]] | None:
    """An open response and the hashes of its tokens."""
    row = (await session.execute(select(open_response).where(*this(organisation_id, survey_id, open_id)))).one_or_none()
    return (opened(row), [bytes(each) for each in row.token_hashes]) if row else None


async def by_id(session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID) -> OpenResponse | None:
    """An open response, or one that was."""
    found = await with_tokens(session, organisation_id, survey_id, open_id)
    return found and found[0]


async def hold(session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID) -> OpenResponse | None:
    """The same, kept from others until the transaction ends."""
    row = (
        await session.execute(select(open_response).where(*this(organisation_id, survey_id, open_id)).with_for_update())
    ).one_or_none()
    return opened(row) if row else None


async def answers_of(session: Session, organisation_id: UUID, open_id: UUID) -> dict[str, GivenAnswer]:
    """The latest version of each answer, by question key."""
    rows = await session.execute(
        select(open_answer)
        .where(open_answer.c.organisation_id == organisation_id, open_answer.c.open_response_id == open_id)
        .ext(distinct_on(open_answer.c.question_key))
        .order_by(open_answer.c.question_key, open_answer.c.version.desc())
    )
    return {row.question_key: GivenAnswer(row.answer, row.version, row.answered_at) for row in rows}


async def add_answers(
    session: Session, organisation_id: UUID, open_id: UUID, answers: Mapping[str, GivenAnswer]
) -> None:
    """Further versions, by question key."""
    values = [
        {
            "organisation_id": organisation_id,
            "open_response_id": open_id,
            "question_key": key,
            "version": given.version,
            "answer": given.value,
            "answered_at": given.answered_at,
        }
        for key, given in answers.items()
    ]
    if values:
        await session.execute(insert(open_answer), values)


async def save_change(
    session: Session, organisation_id: UUID, open_id: UUID, attributes: Mapping[str, str], *, at: datetime
) -> None:
    """The attributes that it has from now on; the revision counts up."""
    await session.execute(
        update(open_response)
        .where(open_response.c.organisation_id == organisation_id, open_response.c.id == open_id)
        .values(attributes=dict(attributes), updated_at=at, revision=open_response.c.revision + 1)
    )


async def page(
    session: Session, organisation_id: UUID, survey_id: UUID, *, state: OpenState | None, after: UUID | None, limit: int
) -> list[tuple[OpenResponse, int]]:
    """Open responses in the order in which they were opened, with to how many questions each has an answer."""
    latest = (
        select(open_answer.c.answer)
        .where(
            open_answer.c.organisation_id == open_response.c.organisation_id,
            open_answer.c.open_response_id == open_response.c.id,
        )
        .ext(distinct_on(open_answer.c.question_key))
        .order_by(open_answer.c.question_key, open_answer.c.version.desc())
        .correlate(open_response)
        .subquery("latest")
        .lateral()
    )
    answered = select(func.count(latest.c.answer)).select_from(latest).scalar_subquery()
    statement = select(open_response, answered.label("answered")).where(
        open_response.c.organisation_id == organisation_id, open_response.c.survey_id == survey_id
    )
    if state is not None:
        statement = statement.where(open_response.c.state == state.value)
    if after is not None:
        statement = statement.where(open_response.c.id > after)
    rows = await session.execute(statement.order_by(open_response.c.id).limit(limit))
    return [(opened(row), row.answered) for row in rows]


def this(organisation_id: UUID, survey_id: UUID, open_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """The conditions of one open response."""
    return (
        open_response.c.organisation_id == organisation_id,
        open_response.c.survey_id == survey_id,
        open_response.c.id == open_id,
    )


def opened(row: Row[Any]) -> OpenResponse:
    """An open response from its row."""
    return OpenResponse(
        id=row.id,
        survey_id=row.survey_id,
        survey_version_id=row.survey_version_id,
        state=OpenState(row.state),
        opened_by=row.opened_by,
        opened_publicly=row.opened_publicly,
        external_id=row.external_id,
        external_ref=_bytes(row.external_ref),
        respondent_ref=_bytes(row.respondent_ref),
        identity=_bytes(row.identity),
        method=CollectionMethod(row.method),
        confidentiality=Confidentiality(row.confidentiality),
        attributes=row.attributes,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        response_id=row.response_id,
        revision=row.revision,
    )


def _bytes(value: bytes | None) -> bytes | None:
    return None if value is None else bytes(value)
