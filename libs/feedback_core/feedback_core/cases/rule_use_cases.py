"""What can be done with the rule that opens cases of a survey: read it, and replace it by its next version."""

from uuid import UUID

from feedback_core.cases import rule_queries
from feedback_core.cases.rules import faults_of
from feedback_core.cases.types import CaseRule, StoredRule
from feedback_core.db.session import Session
from feedback_core.events.queries import oldest_open
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.surveys.types import Audience
from feedback_core.surveys.use_cases import check_survey, published_survey
from feedback_core.themes.codebooks.queries import latest_codebook


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRule]:
    """Every version of the rule, the one that holds first.

    Raises:
        NotFound: no such survey, or it has no rule.
    """
    await check_survey(session, organisation_id, survey_id)
    found = await rule_queries.rule_versions(session, organisation_id, survey_id)
    if not found:
        raise NotFound("case rule of survey", survey_id)
    return found


async def put_rule(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    rule: CaseRule,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredRule, bool]:
    """Have cases opened by a rule, and whether it is the first; the same again changes nothing.

    It is applied to what is recorded from now on: what came before was never promised to be followed up.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
        Invalid: the rule does not fit the survey; the pointers say where.
        PersonLeft: somebody named has left.
        PreconditionRequired: there is a rule, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or there is none.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    if survey.settings.audience is Audience.STAFF:
        detail = "Staff answer anonymous or pseudonymous, and nobody of them is followed up."
        raise Invalid([Fault("", "staff_not_followed_up", detail)])
    codebook = await latest_codebook(session, organisation_id, survey_id)
    themes = {theme.key for theme in codebook.codebook.themes} if codebook else set()
    faults = faults_of(rule, survey.questionnaire, themes)
    if faults:
        raise Invalid(faults)
    named: dict[str, str | None] = {"/owner": rule.owner}
    if rule.escalation is not None:
        named |= {f"/escalation/to/{place}": name for place, name in enumerate(rule.escalation.to)}
    await refuse_people_gone(session, organisation_id, named)
    versions = await rule_queries.rule_versions(session, organisation_id, survey_id)
    current = versions[0] if versions else None
    require_current("case rule", current.version if current else None, if_version)
    if current and current.rule == rule:
        return current, False
    stored = StoredRule(current.version + 1 if current else 1, rule, by, clock.now())
    if not await rule_queries.add_rule(
        session, organisation_id, survey_id, stored.version, rule, by=by, at=stored.defined_at
    ):
        raise PreconditionFailed("The case rule has just been changed by somebody else: read it again.")
    since = await oldest_open(session)
    await rule_queries.watch(session, organisation_id, survey_id, watching=rule.enabled, since_xid=since)
    return stored, current is None
