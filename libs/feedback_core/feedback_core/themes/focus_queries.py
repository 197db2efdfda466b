"""SQL of whether comments are about the service, for whoever watches a collection."""

from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.fieldwork.types.live import OffTopicCounts
from feedback_core.themes.codebooks.queries import latest_codebook

# A person goes before the rules, an adjudicator before a coder, what was said last before the rest.
_FOCUS = text("""
    WITH hand AS (
        SELECT DISTINCT ON (k.response_id, k.question_key) k.response_id, k.question_key, k.themes
          FROM comment_coding k
         WHERE k.organisation_id = :organisation_id AND k.survey_id = :survey_id
         ORDER BY k.response_id, k.question_key, k.role = 'adjudicator' DESC, k.id DESC
    ),
    known AS (
        SELECT coalesce(h.themes, CASE WHEN cardinality(c.themes) > 0 THEN c.themes END) AS themes
          FROM comment_reading c
          LEFT JOIN hand h ON h.response_id = c.response_id AND h.question_key = c.question_key
         WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id
           AND NOT EXISTS (SELECT FROM response_exclusion x
                            WHERE x.organisation_id = c.organisation_id AND x.response_id = c.response_id
                              AND x.restored_at IS NULL)
    )
    SELECT count(themes) AS themed,
           count(*) FILTER (WHERE themes IS NOT NULL AND NOT themes && CAST(:about AS text[])) AS off_topic,
           count(*) FILTER (WHERE themes IS NULL) AS unread
      FROM known
""")


async def off_topic_counts(session: Session, organisation_id: UUID, survey_id: UUID) -> OffTopicCounts:
    """Comments with a theme that is about a feature of the service, with other themes only, and without any.

    A comment in which a person found no theme speaks of nothing that the codebook is about.
    """
    stored = await latest_codebook(session, organisation_id, survey_id)
    about = [theme.key for theme in stored.codebook.themes if theme.feature] if stored else []
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "about": about}
    row = (await session.execute(_FOCUS, values)).one()
    return OffTopicCounts(row.themed, row.off_topic, row.unread)
