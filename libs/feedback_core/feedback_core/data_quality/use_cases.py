"""What can be done with the inclusion rule of a survey: read it, and replace it by its next version."""

from dataclasses import replace
from uuid import UUID

from feedback_core.data_quality.payloads import FlagResponses
from feedback_core.data_quality.queries import rules
from feedback_core.data_quality.rules import faults_of
from feedback_core.data_quality.types import Flagging, InclusionRule, StoredRule
from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.surveys.use_cases import check_survey, published_survey


async def get_rule(session: Session, organisation_id: UUID, survey_id: UUID) -> tuple[StoredRule, Flagging]:
    """The rule that holds, and how far the responses are held to it.

    Raises:
        NotFound: no such survey, or it has no rule.
    """
    stored = (await rule_versions(session, organisation_id, survey_id))[0]
    return stored, await rules.flagging(session, organisation_id, survey_id)


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRule]:
    """Every version of the rule, the one that holds first.

    Raises:
        NotFound: no such survey, or it has no rule.
    """
    await check_survey(session, organisation_id, survey_id)
    found = await rules.rule_versions(session, organisation_id, survey_id)
    if not found:
        raise NotFound("inclusion rule of survey", survey_id)
    return found


async def put_rule(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    rule: InclusionRule,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredRule, Flagging, bool]:
    """Have the responses of a survey held to a rule, and whether it is the first; the same again changes nothing.

    Every response is measured anew by a job; until its turn comes, it stands as the rule before had it.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: of a survey that was published.
        rule: its version is ignored: it becomes the next one.
        if_version: the version that the caller has edited; ``None`` where there is no rule yet.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
        Invalid: the rule contradicts itself or the survey; the pointers say where.
        PreconditionRequired: there is a rule, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or there is none.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    faults = faults_of(rule, survey.questionnaire)
    if faults:
        raise Invalid(faults)
    versions = await rules.rule_versions(session, organisation_id, survey_id)
    current = versions[0] if versions else None
    require_current("inclusion rule", current.rule.version if current else None, if_version)
    if current and replace(rule, version=current.rule.version) == current.rule:
        return current, await rules.flagging(session, organisation_id, survey_id), False
    following = replace(rule, version=1 if current is None else current.rule.version + 1)
    now = clock.now()
    if not await rules.add_rule(session, organisation_id, survey_id, following, by=by, at=now):
        raise PreconditionFailed("The inclusion rule has just been changed by somebody else: read it again.")
    await request_job(session, organisation_id, FlagResponses(survey_id), now=now, dedupe_key=str(survey_id))
    stored = StoredRule(following, by, now)
    return stored, await rules.flagging(session, organisation_id, survey_id), current is None
