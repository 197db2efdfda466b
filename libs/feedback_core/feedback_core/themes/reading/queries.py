"""SQL of reading comments."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text

from feedback_core.db.session import Session
from feedback_core.themes.reading.types import CommentDue, Position, Reading
from feedback_core.themes.types import Tone

_NO_ID: Final = UUID(int=0)

_STATE = """
    SELECT read_xid::text AS read_xid, read_id, reader_version, codebook_version FROM reading_state
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
"""
_OLDEST_OPEN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")

# Every version of the survey: a key keeps its type over all of them.
_TEXT_QUESTIONS = text(
    """
    SELECT DISTINCT key FROM question
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND type = 'text' ORDER BY key
    """
)

_DUE_COMMENTS = text(
    """
    SELECT r.id, r.recorded_xid::text AS xid, t.key, t.value,
           c.language, c.tone, c.sentiment, c.lot, c.reader_version
      FROM (SELECT id, recorded_xid, answers FROM response
             WHERE organisation_id = :organisation_id AND survey_id = :survey_id
               AND (recorded_xid, id) > (CAST(:xid AS xid8), CAST(:after AS uuid)) AND recorded_xid < :upper
             ORDER BY recorded_xid, id LIMIT :most) AS r
      LEFT JOIN LATERAL (
        SELECT k.key, r.answers ->> k.key AS value FROM unnest(CAST(:questions AS text[])) AS k(key)
         WHERE r.answers ? k.key
      ) AS t ON true
      LEFT JOIN comment_reading c
        ON c.organisation_id = :organisation_id AND c.response_id = r.id AND c.question_key = t.key
     ORDER BY r.recorded_xid, r.id, t.key
    """
)

# Held against the responses that are still there: one may have been erased since its comment was fetched.
_SAVE = text(
    """
    INSERT INTO comment_reading (organisation_id, response_id, question_key, survey_id, language, tone, sentiment,
                                 themes, codebook_version, reader_version, lot, read_at)
    SELECT :organisation_id, t.response_id, t.question_key, :survey_id, t.language, t.tone, t.sentiment,
           t.themes, :codebook_version, :reader_version, t.lot, :read_at
      FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS t(response_id uuid, question_key text, language text, tone text, sentiment float8, themes text[], lot bigint)
      JOIN response r ON r.organisation_id = :organisation_id AND r.id = t.response_id
        ON CONFLICT (organisation_id, response_id, question_key)
        DO UPDATE SET language = excluded.language, tone = excluded.tone, sentiment = excluded.sentiment,
                      themes = excluded.themes, codebook_version = excluded.codebook_version,
                      reader_version = excluded.reader_version, read_at = excluded.read_at
    """
)

_MOVE = text(
    """
    INSERT INTO reading_state (organisation_id, survey_id, read_xid, read_id, reader_version, codebook_version)
    VALUES (:organisation_id, :survey_id, :xid, :response_id, :reader_version, :codebook_version)
        ON CONFLICT (organisation_id, survey_id)
        DO UPDATE SET read_xid = excluded.read_xid, read_id = excluded.read_id,
                      reader_version = excluded.reader_version, codebook_version = excluded.codebook_version
    """
)

_FIRST_COMMENTS = text(
    """
    SELECT r.answers ->> c.question_key AS comment, c.language
      FROM comment_reading c
      JOIN response r ON r.organisation_id = c.organisation_id AND r.id = c.response_id
     WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id
       AND NOT EXISTS (SELECT FROM response_exclusion x
                        WHERE x.organisation_id = c.organisation_id AND x.response_id = c.response_id
                          AND x.restored_at IS NULL)
     ORDER BY c.lot LIMIT :most
    """
)

_SURVEYS_DUE = text(
    """
    SELECT s.organisation_id, s.id AS survey_id
      FROM survey s
      LEFT JOIN reading_state f ON f.organisation_id = s.organisation_id AND f.survey_id = s.id
     WHERE s.published_version IS NOT NULL
       AND EXISTS (SELECT FROM question q
                    WHERE q.organisation_id = s.organisation_id AND q.survey_id = s.id AND q.type = 'text')
       AND EXISTS (SELECT FROM response r WHERE r.organisation_id = s.organisation_id AND r.survey_id = s.id)
       AND (f.survey_id IS NULL OR f.reader_version <> :reader_version
            OR f.codebook_version <> (SELECT coalesce(max(b.version), 0) FROM codebook b
                                       WHERE b.organisation_id = s.organisation_id AND b.survey_id = s.id)
            OR EXISTS (SELECT FROM response r
                        WHERE r.organisation_id = s.organisation_id AND r.survey_id = s.id
                          AND r.recorded_xid >= f.read_xid))
    """
)


async def position(session: Session, organisation_id: UUID, survey_id: UUID, *, hold: bool = False) -> Position | None:
    """How far a survey has been read; with ``hold``, nobody else moves it until the transaction ends."""
    statement = text(_STATE + (" FOR UPDATE" if hold else ""))
    row = (await session.execute(statement, _key(organisation_id, survey_id))).one_or_none()
    return Position(int(row.read_xid), row.read_id, row.reader_version, row.codebook_version) if row else None


async def text_question_keys(session: Session, organisation_id: UUID, survey_id: UUID) -> list[str]:
    """Keys of the questions of any version of a survey whose answers are comments."""
    return list((await session.execute(_TEXT_QUESTIONS, _key(organisation_id, survey_id))).scalars())


async def due_comments(
    session: Session, organisation_id: UUID, survey_id: UUID, start: Position, *, most: int
) -> tuple[list[CommentDue], Position, bool]:
    """Comments of about ``most`` responses after a position, the position behind them, and whether more are there.

    Responses of transactions that are still open, or could still begin, are left for later; the position stays where it
    is if there are only such. An earlier reading by the same version of the reader comes along.
    """
    key = _key(organisation_id, survey_id)
    upper = (await session.execute(_OLDEST_OPEN)).scalar_one()
    values = {
        **key,
        "xid": str(start.xid),
        "after": start.response_id,
        "upper": upper,
        "most": most,
        "questions": await text_question_keys(session, organisation_id, survey_id),
    }
    rows = (await session.execute(_DUE_COMMENTS, values)).all()
    if not rows:
        return [], start, False
    comments = [_due(row, start.reader_version) for row in rows if row.key is not None]
    full = len({row.id for row in rows}) == most
    xid, last = (int(rows[-1].xid), rows[-1].id) if full else (max(int(upper), start.xid), _NO_ID)
    return comments, Position(xid, last, start.reader_version, start.codebook_version), full


async def save_readings(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    readings: Sequence[Reading],
    reached: Position,
    *,
    at: datetime,
) -> None:
    """Keep what was read out of comments whose responses are still there, and how far the survey is read now."""
    key = _key(organisation_id, survey_id)
    versions = {"reader_version": reached.reader_version, "codebook_version": reached.codebook_version}
    if readings:
        rows = json.dumps([_document(reading) for reading in readings])
        await session.execute(
            _SAVE,
            {**key, **versions, "codebook_version": reached.codebook_version or None, "rows": rows, "read_at": at},
        )
    await session.execute(_MOVE, {**key, **versions, "xid": str(reached.xid), "response_id": reached.response_id})


async def surveys_due(system: Session, *, reader_version: int) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey) with comments to be read, or to be read again."""
    found = await system.execute(_SURVEYS_DUE, {"reader_version": reader_version})
    return [(row.organisation_id, row.survey_id) for row in found]


async def first_comments(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int
) -> list[tuple[str, str | None]]:
    """The first comments in their random order, with their languages; of excluded responses none."""
    found = await session.execute(_FIRST_COMMENTS, {**_key(organisation_id, survey_id), "most": most})
    return [(row.comment, row.language) for row in found]


def beginning(reader_version: int, codebook_version: int) -> Position:
    """Before the first response."""
    return Position(0, _NO_ID, reader_version, codebook_version)


def _key(organisation_id: UUID, survey_id: UUID) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "survey_id": survey_id}


def _due(row: Row[Any], reader_version: int) -> CommentDue:
    known = None
    if row.reader_version == reader_version:
        tone = None if row.tone is None else Tone(row.tone)
        known = Reading(row.id, row.key, row.language, tone, row.sentiment, None, row.lot)
    return CommentDue(row.id, row.key, row.value, known)


def _document(reading: Reading) -> dict[str, Any]:
    return {
        "response_id": str(reading.response_id),
        "question_key": reading.question_key,
        "language": reading.language,
        "tone": reading.tone,
        "sentiment": reading.sentiment,
        "themes": None if reading.themes is None else list(reading.themes),
        "lot": reading.lot,
    }
