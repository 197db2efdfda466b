"""SQL of coding by hand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, exists, func, insert, select, text, tuple_

from feedback_core.db.session import Session
from feedback_core.responses.tables import response, response_exclusion
from feedback_core.themes.codings.types import (
    BatchComment,
    BatchSelection,
    CoderRole,
    Coding,
    CodingBatch,
    CommentRef,
)
from feedback_core.themes.tables import coding_batch, coding_batch_item, comment_coding, comment_reading

_SELECTION = TypeAdapter(BatchSelection)

_EXCLUDED = exists().where(
    response_exclusion.c.organisation_id == response.c.organisation_id,
    response_exclusion.c.response_id == response.c.id,
    response_exclusion.c.restored_at.is_(None),
)
_CODED = exists().where(
    comment_coding.c.organisation_id == comment_reading.c.organisation_id,
    comment_coding.c.response_id == comment_reading.c.response_id,
    comment_coding.c.question_key == comment_reading.c.question_key,
)
_OF_RESPONSE = and_(
    response.c.organisation_id == comment_reading.c.organisation_id, response.c.id == comment_reading.c.response_id
)

# The latest coding of each coder in each role.
_LATEST = """
    SELECT DISTINCT ON (k.response_id, k.question_key, k.role, k.coder)
           k.id, k.response_id, k.question_key, k.coder, k.role, k.themes, k.codebook_version,
           k.recorded_by, min(k.coded_at) OVER (PARTITION BY k.response_id, k.question_key, k.role, k.coder) AS first_at
      FROM comment_coding k
     WHERE k.organisation_id = :organisation_id AND k.survey_id = :survey_id
     ORDER BY k.response_id, k.question_key, k.role, k.coder, k.id DESC
"""


async def draw_comments(
    session: Session, organisation_id: UUID, survey_id: UUID, wanted: BatchSelection, start: int
) -> list[CommentRef]:
    """Comments in random order, from a place of that order on and around its end; excluded responses have none."""
    conditions = [
        comment_reading.c.organisation_id == organisation_id,
        comment_reading.c.survey_id == survey_id,
        ~_EXCLUDED,
    ]
    if wanted.questions:
        conditions.append(comment_reading.c.question_key.in_(wanted.questions))
    if wanted.start is not None:
        conditions.append(response.c.submitted_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(response.c.submitted_at < wanted.end)
    if wanted.language is not None:
        conditions.append(comment_reading.c.language == wanted.language)
    if wanted.not_coded:
        conditions.append(~_CODED)
    drawn: list[CommentRef] = []
    for part in (comment_reading.c.lot >= start, comment_reading.c.lot < start):
        statement = (
            select(comment_reading.c.response_id, comment_reading.c.question_key)
            .join(response, _OF_RESPONSE)
            .where(*conditions, part)
            .order_by(comment_reading.c.lot, comment_reading.c.response_id, comment_reading.c.question_key)
            .limit(wanted.size - len(drawn))
        )
        drawn += [CommentRef(row.response_id, row.question_key) for row in await session.execute(statement)]
    return drawn


async def add_batch(session: Session, organisation_id: UUID, batch: CodingBatch) -> None:
    """Keep a batch and what was drawn."""
    await session.execute(
        insert(coding_batch).values(
            organisation_id=organisation_id,
            id=batch.id,
            survey_id=batch.survey_id,
            codebook_version=batch.codebook_version,
            selection=_SELECTION.dump_python(batch.selection, mode="json"),
            seed=batch.seed,
            drawn_by=batch.drawn_by,
            drawn_at=batch.drawn_at,
        )
    )
    rows = [
        {
            "organisation_id": organisation_id,
            "batch_id": batch.id,
            "position": position,
            "response_id": comment.response_id,
            "question_key": comment.question,
        }
        for position, comment in enumerate(batch.comments)
    ]
    await session.execute(insert(coding_batch_item), rows)


async def batch_by_id(session: Session, organisation_id: UUID, survey_id: UUID, batch_id: UUID) -> CodingBatch | None:
    """A batch of a survey with what is left of its comments, in their order."""
    found = await batches(session, organisation_id, survey_id, batch_id=batch_id, before=None, limit=1)
    return found[0] if found else None


async def batches(
    session: Session, organisation_id: UUID, survey_id: UUID, *, batch_id: UUID | None, before: UUID | None, limit: int
) -> list[CodingBatch]:
    """Batches of a survey, newest first, from below ``before``; or the one with this id."""
    statement = select(coding_batch).where(
        coding_batch.c.organisation_id == organisation_id, coding_batch.c.survey_id == survey_id
    )
    if batch_id is not None:
        statement = statement.where(coding_batch.c.id == batch_id)
    if before is not None:
        statement = statement.where(coding_batch.c.id < before)
    rows = (await session.execute(statement.order_by(coding_batch.c.id.desc()).limit(limit))).all()
    items = (
        select(coding_batch_item)
        .where(
            coding_batch_item.c.organisation_id == organisation_id,
            coding_batch_item.c.batch_id.in_([row.id for row in rows]),
        )
        .order_by(coding_batch_item.c.batch_id, coding_batch_item.c.position)
    )
    comments: dict[UUID, list[CommentRef]] = {row.id: [] for row in rows}
    for item in await session.execute(items):
        comments[item.batch_id].append(CommentRef(item.response_id, item.question_key))
    return [_batch(row, comments[row.id]) for row in rows]


async def batch_comments(session: Session, organisation_id: UUID, batch_id: UUID) -> list[BatchComment]:
    """The comments of a batch as they were written, in its order; of excluded and erased responses none."""
    statement = (
        select(
            coding_batch_item.c.position,
            coding_batch_item.c.response_id,
            coding_batch_item.c.question_key,
            response.c.answers[coding_batch_item.c.question_key].astext.label("text"),
            comment_reading.c.language,
        )
        .join(
            response,
            and_(
                response.c.organisation_id == coding_batch_item.c.organisation_id,
                response.c.id == coding_batch_item.c.response_id,
            ),
        )
        .join(
            comment_reading,
            and_(
                comment_reading.c.organisation_id == coding_batch_item.c.organisation_id,
                comment_reading.c.response_id == coding_batch_item.c.response_id,
                comment_reading.c.question_key == coding_batch_item.c.question_key,
            ),
        )
        .where(
            coding_batch_item.c.organisation_id == organisation_id,
            coding_batch_item.c.batch_id == batch_id,
            ~_EXCLUDED,
        )
        .order_by(coding_batch_item.c.position)
    )
    return [
        BatchComment(row.position, CommentRef(row.response_id, row.question_key), row.text, row.language)
        for row in await session.execute(statement)
    ]


async def known_comments(
    session: Session, organisation_id: UUID, survey_id: UUID, wanted: Sequence[CommentRef]
) -> set[CommentRef]:
    """Those of the comments that the survey has, and that were read."""
    pairs = [(comment.response_id, comment.question) for comment in wanted]
    statement = select(comment_reading.c.response_id, comment_reading.c.question_key).where(
        comment_reading.c.organisation_id == organisation_id,
        comment_reading.c.survey_id == survey_id,
        comment_reading.c.response_id.in_({response_id for response_id, _ in pairs}),
        tuple_(comment_reading.c.response_id, comment_reading.c.question_key).in_(pairs),
    )
    return {CommentRef(row.response_id, row.question_key) for row in await session.execute(statement)}


async def latest_of(
    session: Session, organisation_id: UUID, coder: str, role: CoderRole, wanted: Sequence[CommentRef]
) -> dict[CommentRef, Coding]:
    """What a coder in a role gave these comments last."""
    statement = (
        select(comment_coding)
        .where(
            comment_coding.c.organisation_id == organisation_id,
            comment_coding.c.response_id.in_({comment.response_id for comment in wanted}),
            comment_coding.c.coder == coder,
            comment_coding.c.role == role,
        )
        .order_by(comment_coding.c.id)
    )
    found = [_coding(row) for row in await session.execute(statement)]
    return {coding.comment: coding for coding in found}


async def add_codings(session: Session, organisation_id: UUID, survey_id: UUID, codings: Sequence[Coding]) -> None:
    """Keep codings."""
    rows = [
        {
            "organisation_id": organisation_id,
            "id": coding.id,
            "survey_id": survey_id,
            "response_id": coding.comment.response_id,
            "question_key": coding.comment.question,
            "coder": coding.coder,
            "role": coding.role,
            "themes": list(coding.themes),
            "codebook_version": coding.codebook_version,
            "recorded_by": coding.recorded_by,
            "coded_at": coding.coded_at,
        }
        for coding in codings
    ]
    await session.execute(insert(comment_coding), rows)


async def lock_coder(session: Session, survey_id: UUID, coder: str) -> None:
    """Let one request at a time record the codings of a coder of a survey."""
    key = func.hashtextextended(f"{survey_id}/{coder}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def codings_after(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    coder: str | None,
    role: CoderRole | None,
    after: UUID | None,
    limit: int,
) -> list[Coding]:
    """Codings of a survey as they were recorded, oldest first, after ``after``."""
    statement = select(comment_coding).where(
        comment_coding.c.organisation_id == organisation_id, comment_coding.c.survey_id == survey_id
    )
    if coder is not None:
        statement = statement.where(comment_coding.c.coder == coder)
    if role is not None:
        statement = statement.where(comment_coding.c.role == role)
    if after is not None:
        statement = statement.where(comment_coding.c.id > after)
    rows = await session.execute(statement.order_by(comment_coding.c.id).limit(limit))
    return [_coding(row) for row in rows]


_CURRENT = text(
    f"""
    SELECT l.* FROM ({_LATEST}) AS l
      LEFT JOIN response_exclusion x
        ON x.organisation_id = :organisation_id AND x.response_id = l.response_id AND x.restored_at IS NULL
     WHERE x.response_id IS NULL
     ORDER BY l.response_id, l.question_key, l.role, l.first_at, l.coder
    """  # noqa: S608 - composed of constants
)


async def current_codings(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Coding]:
    """The latest coding of each coder in each role, by comment and then by who was first; without excluded responses.

    ``coded_at`` is when the coder coded the comment first.
    """
    rows = await session.execute(_CURRENT, {"organisation_id": organisation_id, "survey_id": survey_id})
    return [
        Coding(
            id=row.id,
            comment=CommentRef(row.response_id, row.question_key),
            coder=row.coder,
            role=CoderRole(row.role),
            themes=tuple(row.themes),
            codebook_version=row.codebook_version,
            recorded_by=row.recorded_by,
            coded_at=row.first_at,
        )
        for row in rows
    ]


def _batch(row: Row[Any], comments: Sequence[CommentRef]) -> CodingBatch:
    return CodingBatch(
        id=row.id,
        survey_id=row.survey_id,
        codebook_version=row.codebook_version,
        selection=_SELECTION.validate_python(row.selection),
        seed=row.seed,
        drawn_by=row.drawn_by,
        drawn_at=row.drawn_at,
        comments=tuple(comments),
    )


def _coding(row: Row[Any]) -> Coding:
    return Coding(
        id=row.id,
        comment=CommentRef(row.response_id, row.question_key),
        coder=row.coder,
        role=CoderRole(row.role),
        themes=tuple(row.themes),
        codebook_version=row.codebook_version,
        recorded_by=row.recorded_by,
        coded_at=row.coded_at,
    )
