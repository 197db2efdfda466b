"""SQL of what editions are made from: the survey as it was asked, and where recommendations stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from feedback_core.db.session import Session
from feedback_core.recommendations.tables import recommendation, recommendation_transition
from feedback_core.reports.source import Standing
from feedback_core.surveys.tables import survey, survey_version
from feedback_core.surveys.types import Questionnaire, questionnaire_from_json


async def questionnaire_at(
    session: Session, organisation_id: UUID, survey_id: UUID, at: datetime
) -> tuple[str, str, int, Questionnaire]:
    """Key and confidentiality of a survey, and the version that was the latest at an instant: number and document."""
    found = await session.execute(
        select(survey.c.key, survey.c.confidentiality, survey_version.c.number, survey_version.c.document)
        .join(
            survey_version,
            and_(
                survey_version.c.organisation_id == survey.c.organisation_id, survey_version.c.survey_id == survey.c.id
            ),
        )
        .where(
            survey.c.organisation_id == organisation_id, survey.c.id == survey_id, survey_version.c.published_at <= at
        )
        .order_by(survey_version.c.number.desc())
        .limit(1)
    )
    row = found.one()
    return row.key, row.confidentiality, row.number, questionnaire_from_json(row.document)


async def standings(
    session: Session, organisation_id: UUID, survey_id: UUID, subjects: Sequence[str]
) -> Mapping[str, Standing]:
    """Where the recommendations about these subjects stand, with the latest decision on each."""
    rows = await session.execute(
        select(
            recommendation.c.id,
            recommendation.c.subject,
            recommendation.c.state,
            recommendation_transition.c.decided_by,
            recommendation_transition.c.reason,
            recommendation_transition.c.decided_at,
        )
        .outerjoin(
            recommendation_transition,
            and_(
                recommendation_transition.c.organisation_id == recommendation.c.organisation_id,
                recommendation_transition.c.recommendation_id == recommendation.c.id,
            ),
        )
        .where(
            recommendation.c.organisation_id == organisation_id,
            recommendation.c.survey_id == survey_id,
            recommendation.c.subject.in_(subjects),
        )
        .order_by(recommendation_transition.c.id.nulls_first())
    )
    # The latest decision is the last row of its subject.
    return {row.subject: Standing(row.id, row.state, row.decided_by, row.reason, row.decided_at) for row in rows}
