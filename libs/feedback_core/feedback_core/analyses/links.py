"""Where the findings of a run belong: the features that they are about, each with all that it is tied to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from feedback_core.analyses.types import AnalysisRun
from feedback_core.db.session import Session
from feedback_core.service.parts import links_of
from feedback_core.service.types import ServiceLinks
from feedback_core.surveys.use_cases import published_survey

_FEATURES: Final = ("feature", "feature_key")


async def links_of_run(session: Session, organisation_id: UUID, run: AnalysisRun) -> tuple[ServiceLinks, ...]:
    """As the catalogue of the service now has them, by feature; none before the run has a result."""
    if run.result is None:
        return ()
    survey = await published_survey(session, organisation_id, run.survey_id)
    of_questions = {each.key: each.feature for each in survey.questionnaire.questions if each.feature}
    named = sorted(features_in(run.result, of_questions))
    found, _ = await links_of(session, organisation_id, named)
    return tuple(found[key] for key in named if key in found)


def features_in(result: Mapping[str, Any], of_questions: Mapping[str, str]) -> set[str]:
    """The features that a result names, or asks questions about."""
    return set(_features(result, of_questions))


def _features(found: Any, of_questions: Mapping[str, str]) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(found, list):
        for each in found:
            yield from _features(each, of_questions)
    elif isinstance(found, dict):
        for name, value in found.items():
            if isinstance(value, str):
                if name in _FEATURES:
                    yield value
                elif name == "question" and value in of_questions:
                    yield of_questions[value]
            elif name == "feature" and isinstance(value, dict) and isinstance(value.get("key"), str):
                yield value["key"]
            elif isinstance(value, list | dict):
                yield from _features(value, of_questions)
