"""What can be done with the lint: hold a survey against the rules. It never keeps anything from being published."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.service.use_cases import feature_names
from feedback_core.surveys import queries as survey_queries
from feedback_core.surveys.lint import queries
from feedback_core.surveys.lint.calc import lint_questionnaire
from feedback_core.surveys.lint.types import Aim, JudgedFinding, Known, LintReport
from feedback_core.surveys.types import Questionnaire


async def lint_survey(
    session: Session, organisation_id: UUID, survey_id: UUID, *, version: int | None = None, aims: Sequence[Aim] = ()
) -> LintReport:
    """Everything that the rules find in a survey, with the waivers that were made for it.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: which survey.
        version: of which published version; ``None``: of the draft, without one of the latest version.
        aims: standards that are held against the survey.

    Raises:
        NotFound: no such survey, or no such version of it.
    """
    questionnaire, number = await _questionnaire(session, organisation_id, survey_id, version)
    stored = await queries.words(session, organisation_id)
    known = Known(
        words={kind: words.words for kind, words in stored.items()},
        features=await feature_names(session, organisation_id),
        asked_elsewhere=await queries.features_asked_elsewhere(session, organisation_id, survey_id),
        aims=tuple(aims),
    )
    # Of a long questionnaire it takes part of a second: other requests go on meanwhile.
    linted = await asyncio.to_thread(lint_questionnaire, questionnaire, known)
    in_force = await queries.waivers_in_force(session, organisation_id, survey_id)
    waivers = {(waiver.rule, waiver.place): waiver for waiver in in_force}
    judged = tuple(JudgedFinding(found, waivers.get((found.rule, found.place))) for found in linted.findings)
    return LintReport(survey_id, number, linted, judged)


async def _questionnaire(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int | None
) -> tuple[Questionnaire, int | None]:
    if version is not None:
        found = await survey_queries.version_by_number(session, organisation_id, survey_id, version)
        if found is None:
            raise NotFound("survey version", version)
        return found.questionnaire, version
    stored = await survey_queries.stored_survey(session, organisation_id, survey_id)
    if stored is None:
        raise NotFound("survey", survey_id)
    if stored.draft is not None:
        return stored.draft, None
    assert stored.latest is not None
    return stored.latest, stored.published_version
