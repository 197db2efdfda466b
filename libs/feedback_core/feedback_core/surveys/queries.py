"""SQL of surveys, their versions and questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, insert, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.surveys.tables import question, survey, survey_quotas, survey_version
from feedback_core.surveys.types import (
    Audience,
    Confidentiality,
    PublishedSurvey,
    Questionnaire,
    QuestionRow,
    QuestionType,
    Scale,
    SurveySettings,
    SurveyState,
    SurveySummary,
    SurveyVersion,
    Take,
    questionnaire_from_json,
    questionnaire_to_json,
    text_in,
)

_LATEST = and_(
    survey_version.c.organisation_id == survey.c.organisation_id,
    survey_version.c.survey_id == survey.c.id,
    survey_version.c.number == survey.c.published_version,
)


@dataclass(frozen=True, slots=True)
class StoredSurvey:
    """A survey as it is kept: at least one of ``draft`` and ``latest`` is there."""

    survey_id: UUID
    key: str
    state: SurveyState
    confidentiality: Confidentiality
    published_version: int | None
    draft: Questionnaire | None
    latest: Questionnaire | None
    settings: SurveySettings
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    revision: int


async def published(session: Session, organisation_id: UUID, survey_id: UUID) -> PublishedSurvey | None:
    """The version that takes answers, or took the last ones; ``None`` if there is no such survey or no version yet."""
    row = (
        await session.execute(
            select(
                survey.c.key,
                survey.c.state,
                survey.c.confidentiality,
                survey.c.auto_close_after_hours,
                survey.c.responses_per_respondent,
                survey.c.audience,
                survey_version.c.id,
                survey_version.c.number,
                survey_version.c.document,
            )
            .join(survey_version, _LATEST)
            .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return PublishedSurvey(
        survey_id=survey_id,
        key=row.key,
        version_id=row.id,
        number=row.number,
        state=SurveyState(row.state),
        confidentiality=Confidentiality(row.confidentiality),
        questionnaire=questionnaire_from_json(row.document),
        settings=_settings(row),
    )


async def version_questionnaire(session: Session, organisation_id: UUID, version_id: UUID) -> Questionnaire | None:
    """What a version asks; it never changes."""
    found = await session.execute(
        select(survey_version.c.document).where(
            survey_version.c.organisation_id == organisation_id, survey_version.c.id == version_id
        )
    )
    document = found.scalar_one_or_none()
    return None if document is None else questionnaire_from_json(document)


async def questions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[QuestionRow]:
    """Questions of the latest published version, in the order in which they are put; none before there is a version."""
    rows = await session.execute(
        select(question)
        .join(
            survey_version,
            and_(
                survey_version.c.organisation_id == question.c.organisation_id,
                survey_version.c.id == question.c.survey_version_id,
            ),
        )
        .join(survey, _LATEST)
        .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        .order_by(question.c.position)
    )
    return [_question(row) for row in rows]


async def survey_id_by_key(session: Session, organisation_id: UUID, key: str) -> UUID | None:
    """The survey with this key."""
    found = await session.execute(
        select(survey.c.id).where(survey.c.organisation_id == organisation_id, survey.c.key == key)
    )
    survey_id: UUID | None = found.scalar_one_or_none()
    return survey_id


async def survey_exists(session: Session, organisation_id: UUID, survey_id: UUID) -> bool:
    """Whether the organisation has this survey."""
    found = await session.execute(
        select(survey.c.id).where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
    )
    return found.scalar_one_or_none() is not None


async def stored_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredSurvey | None:
    """A survey with its draft and its latest version."""
    row = (
        await session.execute(
            select(survey, survey_version.c.document)
            .outerjoin(survey_version, _LATEST)
            .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return StoredSurvey(
        survey_id=row.id,
        key=row.key,
        state=SurveyState(row.state),
        confidentiality=Confidentiality(row.confidentiality),
        published_version=row.published_version,
        draft=None if row.draft is None else questionnaire_from_json(row.draft),
        latest=None if row.document is None else questionnaire_from_json(row.document),
        settings=_settings(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
        revision=row.revision,
    )


async def hold_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Wait until nobody else is changing the survey, and keep others from it until the transaction ends.

    A statement of its own: what is read after it is what the others have left.
    """
    await session.execute(
        select(survey.c.id)
        .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        .with_for_update(key_share=True)
    )


async def surveys_before(
    session: Session, organisation_id: UUID, *, before: UUID | None, state: SurveyState | None, limit: int
) -> list[SurveySummary]:
    """Surveys, newest first; those created before ``before`` only."""
    shown = func.coalesce(survey.c.draft, survey_version.c.document)
    statement: Select[Any] = (
        select(
            *(column for column in survey.c if column is not survey.c.draft),
            survey.c.draft.is_not(None).label("has_draft"),
            shown["title"].label("title"),
            shown["language"].astext.label("language"),
        )
        .outerjoin(survey_version, _LATEST)
        .where(survey.c.organisation_id == organisation_id)
    )
    if before is not None:
        statement = statement.where(survey.c.id < before)
    if state is not None:
        statement = statement.where(survey.c.state == state.value)
    rows = await session.execute(statement.order_by(survey.c.id.desc()).limit(limit))
    return [_summary(row) for row in rows]


async def former_questionnaires(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Questionnaire]:
    """Every published version, latest first."""
    rows = await session.execute(
        select(survey_version.c.document)
        .where(survey_version.c.organisation_id == organisation_id, survey_version.c.survey_id == survey_id)
        .order_by(survey_version.c.number.desc())
    )
    return [questionnaire_from_json(document) for document in rows.scalars()]


async def version_by_number(
    session: Session, organisation_id: UUID, survey_id: UUID, number: int
) -> SurveyVersion | None:
    """One published version."""
    row = (
        await session.execute(
            select(survey_version).where(
                survey_version.c.organisation_id == organisation_id,
                survey_version.c.survey_id == survey_id,
                survey_version.c.number == number,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return SurveyVersion(row.id, row.survey_id, row.number, row.published_at, questionnaire_from_json(row.document))


async def add_survey(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    key: str,
    confidentiality: Confidentiality,
    draft: Questionnaire,
    at: datetime,
) -> bool:
    """A new survey with its first draft; false if the key is taken."""
    result = await session.execute(
        upsert(survey)
        .values(
            organisation_id=organisation_id,
            id=survey_id,
            key=key,
            state=SurveyState.DRAFT.value,
            confidentiality=confidentiality.value,
            draft=questionnaire_to_json(draft),
            created_at=at,
            updated_at=at,
        )
        .on_conflict_do_nothing(index_elements=["organisation_id", "key"])
        .returning(survey.c.id)
    )
    if result.first() is None:
        return False
    # Whoever records holds this row: it is there before anybody does.
    await session.execute(insert(survey_quotas).values(organisation_id=organisation_id, survey_id=survey_id))
    return True


async def save_draft(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    draft: Questionnaire,
    *,
    confidentiality: Confidentiality,
    at: datetime,
) -> None:
    """Another draft in the place of the one that is there, or the first of a new version."""
    values = {"draft": questionnaire_to_json(draft), "confidentiality": confidentiality.value}
    await _change(session, organisation_id, survey_id, values, at)


async def save_confidentiality(
    session: Session, organisation_id: UUID, survey_id: UUID, confidentiality: Confidentiality, *, at: datetime
) -> None:
    """The most identifying mode that responses may have from now on."""
    await _change(session, organisation_id, survey_id, {"confidentiality": confidentiality.value}, at)


async def save_settings(
    session: Session, organisation_id: UUID, survey_id: UUID, settings: SurveySettings, *, at: datetime
) -> None:
    """How answers are gathered and counted from now on."""
    values = {
        "auto_close_after_hours": settings.auto_close_after_hours,
        "responses_per_respondent": settings.responses_per_respondent.value,
        "audience": settings.audience.value,
    }
    await _change(session, organisation_id, survey_id, values, at)


async def save_closed(session: Session, organisation_id: UUID, survey_id: UUID, *, at: datetime) -> None:
    """The survey takes no more answers."""
    await _change(session, organisation_id, survey_id, {"state": SurveyState.CLOSED.value, "closed_at": at}, at)


async def save_published(session: Session, organisation_id: UUID, version: SurveyVersion) -> None:
    """A version with its questions, in the place of the draft; the survey takes answers to it from now on."""
    await session.execute(
        insert(survey_version).values(
            organisation_id=organisation_id,
            id=version.version_id,
            survey_id=version.survey_id,
            number=version.number,
            document=questionnaire_to_json(version.questionnaire),
            published_at=version.published_at,
        )
    )
    await session.execute(insert(question), _question_values(organisation_id, version))
    state = {
        "state": SurveyState.PUBLISHED.value,
        "draft": null(),
        "published_version": version.number,
        "closed_at": None,
    }
    await _change(session, organisation_id, version.survey_id, state, version.published_at)


async def _change(
    session: Session, organisation_id: UUID, survey_id: UUID, values: Mapping[str, object], at: datetime
) -> None:
    await session.execute(
        update(survey)
        .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        .values(**values, updated_at=at, revision=survey.c.revision + 1)
    )


def _question_values(organisation_id: UUID, version: SurveyVersion) -> list[dict[str, object]]:
    values = []
    for position, asked in enumerate(version.questionnaire.questions):
        scale = asked.answer_scale
        values.append(
            {
                "organisation_id": organisation_id,
                "survey_version_id": version.version_id,
                "survey_id": version.survey_id,
                "key": asked.key,
                "position": position,
                "type": asked.type.value,
                "scale_min": scale and scale.min,
                "scale_max": scale and scale.max,
                "feature_key": asked.feature,
            }
        )
    return values


def _question(row: Row[Any]) -> QuestionRow:
    return QuestionRow(
        key=row.key,
        type=QuestionType(row.type),
        scale=None if row.scale_min is None else Scale(int(row.scale_min), int(row.scale_max)),
        feature_key=row.feature_key,
        position=row.position,
    )


def _settings(row: Any) -> SurveySettings:  # noqa: ANN401 - a row of any statement that has the columns
    return SurveySettings(row.auto_close_after_hours, Take(row.responses_per_respondent), Audience(row.audience))


def _summary(row: Row[Any]) -> SurveySummary:
    return SurveySummary(
        survey_id=row.id,
        key=row.key,
        title=text_in(row.title, row.language, fallback=row.language),
        state=SurveyState(row.state),
        confidentiality=Confidentiality(row.confidentiality),
        published_version=row.published_version,
        has_draft=row.has_draft,
        created_at=row.created_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
    )
