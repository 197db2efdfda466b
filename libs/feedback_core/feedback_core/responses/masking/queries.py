"""SQL of what masking needs to know: where an organisation is, and which answers of a survey are comments."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session

_FACTS = text("""
    SELECT o.time_zone, v.document ->> 'language' AS language,
           ARRAY(SELECT DISTINCT q.key FROM question q
                  WHERE q.organisation_id = :organisation_id AND q.survey_id = :survey_id
                    AND q.type = 'text') AS questions
      FROM organisation o
      LEFT JOIN survey s ON s.organisation_id = o.organisation_id AND s.id = :survey_id
      LEFT JOIN survey_version v
        ON v.organisation_id = s.organisation_id AND v.survey_id = s.id AND v.number = s.published_version
     WHERE o.organisation_id = :organisation_id
""")


@dataclass(frozen=True, slots=True)
class MaskingFacts:
    """Of an organisation and one of its surveys.

    Attributes:
        language: the survey's, as a BCP 47 tag; ``None``: it was never published.
        questions: keys of the questions of any version whose answers are comments.
    """

    time_zone: str
    language: str | None
    questions: frozenset[str]


async def masking_facts(session: Session, organisation_id: UUID, survey_id: UUID) -> MaskingFacts | None:
    """What masking the comments of a survey needs to know; ``None``: there is no such organisation."""
    found = await session.execute(_FACTS, {"organisation_id": organisation_id, "survey_id": survey_id})
    row = found.one_or_none()
    return MaskingFacts(row.time_zone, row.language, frozenset(row.questions)) if row else None
