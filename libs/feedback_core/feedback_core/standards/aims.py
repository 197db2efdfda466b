"""What standards want to know of a survey: by which of its questions each is measured."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.use_cases import list_definitions
from feedback_core.standards import queries
from feedback_core.surveys.lint.types import Aim


async def aims_of(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Aim]:
    """The latest version of each standard that is held against a survey, as far as its questions matter."""
    standards = await queries.latest_of_survey(session, organisation_id, survey_id)
    if not standards:
        return []
    stored = {found.definition.key: found.definition for found in await list_definitions(session, organisation_id)}
    aims = []
    for standard in standards:
        metric = standard.details.metric
        definition = stored.get(metric.kpi) if metric.kpi is not None else None
        types = definition.question_types if definition else ()
        named = (
            metric.question or (definition.question if definition else None),
            definition and definition.denominator,
        )
        aims.append(
            Aim(
                standard=standard.key,
                feature=standard.details.feature,
                questions=tuple(key for key in named if key),
                types=frozenset(kind.value for kind in types),
            )
        )
    return aims
