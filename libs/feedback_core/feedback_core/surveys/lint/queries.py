"""SQL of the lint: own words, waivers, and what other surveys ask about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.surveys.lint.tables import lint_waiver, lint_words
from feedback_core.surveys.lint.types import OwnWord, RuleId, StoredWords, Waiver, WordList
from feedback_core.surveys.tables import question, survey, survey_version

_WORDS = TypeAdapter(tuple[OwnWord, ...])


async def words(session: Session, organisation_id: UUID) -> dict[WordList, StoredWords]:
    """The lists that somebody has put."""
    rows = await session.execute(select(lint_words).where(lint_words.c.organisation_id == organisation_id))
    return {WordList(row.word_list): _words(row) for row in rows}


async def words_of(
    session: Session, organisation_id: UUID, kind: WordList, *, for_update: bool = False
) -> StoredWords | None:
    """One list, held until the end of the transaction if it is to be changed; ``None``: nobody has put it yet."""
    statement = select(lint_words).where(
        lint_words.c.organisation_id == organisation_id, lint_words.c.word_list == kind.value
    )
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return None if row is None else _words(row)


async def add_words(
    session: Session, organisation_id: UUID, kind: WordList, said: Sequence[OwnWord], *, by: str, at: datetime
) -> bool:
    """The first words of a list; false if somebody else has just put some."""
    values = {"organisation_id": organisation_id, "word_list": kind.value, "words": _written(said)}
    result = await session.execute(
        upsert(lint_words)
        .values(**values, changed_by=by, changed_at=at)
        .on_conflict_do_nothing()
        .returning(lint_words.c.word_list)
    )
    return result.first() is not None


async def replace_words(
    session: Session, organisation_id: UUID, kind: WordList, said: Sequence[OwnWord], *, by: str, at: datetime
) -> None:
    """Other words; the revision counts up."""
    await session.execute(
        update(lint_words)
        .where(lint_words.c.organisation_id == organisation_id, lint_words.c.word_list == kind.value)
        .values(words=_written(said), changed_by=by, changed_at=at, revision=lint_words.c.revision + 1)
    )


async def waivers_in_force(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Waiver]:
    """Those on a survey that nobody has ended."""
    columns = lint_waiver.c
    rows = await session.execute(
        select(lint_waiver).where(
            columns.organisation_id == organisation_id, columns.survey_id == survey_id, columns.ended_at.is_(None)
        )
    )
    return [_waiver(row) for row in rows]


async def count_in_force(session: Session, organisation_id: UUID, survey_id: UUID) -> int:
    """How many of them there are."""
    columns = lint_waiver.c
    found = await session.execute(
        select(func.count()).where(
            columns.organisation_id == organisation_id, columns.survey_id == survey_id, columns.ended_at.is_(None)
        )
    )
    count: int = found.scalar_one()
    return count


async def waivers_before(
    session: Session, organisation_id: UUID, survey_id: UUID, *, ended: bool | None, before: UUID | None, limit: int
) -> list[Waiver]:
    """Waivers on a survey, the newest first, from below ``before``."""
    columns = lint_waiver.c
    statement = select(lint_waiver).where(columns.organisation_id == organisation_id, columns.survey_id == survey_id)
    if ended is not None:
        statement = statement.where(columns.ended_at.is_not(None) if ended else columns.ended_at.is_(None))
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = await session.execute(statement.order_by(columns.id.desc()).limit(limit))
    return [_waiver(row) for row in rows]


async def waiver_by_id(
    session: Session, organisation_id: UUID, survey_id: UUID, waiver_id: UUID, *, for_update: bool = False
) -> Waiver | None:
    """One waiver; held until the end of the transaction if it is to be changed."""
    statement = select(lint_waiver).where(*_this(organisation_id, survey_id, waiver_id))
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return None if row is None else _waiver(row)


async def add_waiver(session: Session, organisation_id: UUID, waiver: Waiver) -> bool:
    """A new waiver; false if one is in force for the same finding."""
    result = await session.execute(
        upsert(lint_waiver)
        .values(
            organisation_id=organisation_id,
            id=waiver.id,
            survey_id=waiver.survey_id,
            rule=waiver.rule.value,
            place=waiver.place,
            fingerprint=waiver.fingerprint,
            reason=waiver.reason,
            waived_by=waiver.waived_by,
            waived_at=waiver.waived_at,
        )
        .on_conflict_do_nothing()
        .returning(lint_waiver.c.id)
    )
    return result.first() is not None


async def change_waiver(session: Session, organisation_id: UUID, waiver: Waiver, values: Mapping[str, object]) -> None:
    """Another reason, or its end; the revision counts up."""
    await session.execute(
        update(lint_waiver)
        .where(*_this(organisation_id, waiver.survey_id, waiver.id))
        .values(**values, revision=lint_waiver.c.revision + 1)
    )


async def features_asked_elsewhere(session: Session, organisation_id: UUID, survey_id: UUID) -> frozenset[str]:
    """Features that the latest versions of other surveys ask about."""
    latest = and_(
        survey.c.organisation_id == survey_version.c.organisation_id,
        survey.c.id == survey_version.c.survey_id,
        survey.c.published_version == survey_version.c.number,
    )
    of_version = and_(
        question.c.organisation_id == survey_version.c.organisation_id,
        question.c.survey_version_id == survey_version.c.id,
    )
    statement = (
        select(question.c.feature_key)
        .join(survey_version, of_version)
        .join(survey, latest)
        .where(
            question.c.organisation_id == organisation_id,
            question.c.survey_id != survey_id,
            question.c.feature_key.is_not(None),
        )
        .distinct()
    )
    return frozenset((await session.execute(statement)).scalars())


def _this(organisation_id: UUID, survey_id: UUID, waiver_id: UUID) -> tuple[Any, ...]:
    columns = lint_waiver.c
    return columns.organisation_id == organisation_id, columns.survey_id == survey_id, columns.id == waiver_id


def _written(said: Sequence[OwnWord]) -> object:
    return _WORDS.dump_python(tuple(said), mode="json")


def _words(row: Row[Any]) -> StoredWords:
    return StoredWords(
        WordList(row.word_list), _WORDS.validate_python(row.words), row.revision, row.changed_by, row.changed_at
    )


def _waiver(row: Row[Any]) -> Waiver:
    return Waiver(
        id=row.id,
        survey_id=row.survey_id,
        rule=RuleId(row.rule),
        place=row.place,
        fingerprint=row.fingerprint,
        reason=row.reason,
        waived_by=row.waived_by,
        waived_at=row.waived_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        revision=row.revision,
    )
