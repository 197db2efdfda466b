"""What can be done with the rules of a collection: read them, and replace them by their next version."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.fieldwork.queries import rules as queries
from feedback_core.fieldwork.types.live import GroupedBy
from feedback_core.fieldwork.types.rules import APPLIES, FieldworkRule, FieldworkRules, RuleKind, StoredRules
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.surveys.use_cases import check_survey, published_survey

_SHARES: Final = frozenset({RuleKind.RESPONSE_RATE, RuleKind.DROP_OFF, RuleKind.OFF_TOPIC, RuleKind.COMPOSITION})
_NEEDS_THRESHOLD: Final = _SHARES | {RuleKind.COST}
_FIELDS: Final = ("threshold", "by", "after_days", "minimum_n", "level", "false_alarm")


async def get_rules(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredRules:
    """The rules that hold.

    Raises:
        NotFound: no such survey, or it has no rules.
    """
    return (await rule_versions(session, organisation_id, survey_id))[0]


async def rule_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredRules]:
    """Every version of the rules, the one that holds first.

    Raises:
        NotFound: no such survey, or it has no rules.
    """
    await check_survey(session, organisation_id, survey_id)
    found = await queries.rule_versions(session, organisation_id, survey_id)
    if not found:
        raise NotFound("fieldwork rules of survey", survey_id)
    return found


async def put_rules(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    rules: FieldworkRules,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredRules, bool]:
    """Have a collection held to these rules, and whether they are its first; the same again changes nothing.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
        Invalid: a rule contradicts itself; the pointers say where.
        PreconditionRequired: there are rules, and the caller does not say which version was edited.
        PreconditionFailed: they have changed since, or there are none.
    """
    await published_survey(session, organisation_id, survey_id)
    if faults := list(faults_of(rules)):
        raise Invalid(faults)
    current = await queries.current_rules(session, organisation_id, survey_id)
    require_current("fieldwork rules", current.version if current else None, if_version)
    if current and current.rules == rules:
        return current, False
    stored = StoredRules(rules, current.version + 1 if current else 1, by, clock.now())
    if not await queries.add_rules(session, organisation_id, survey_id, stored):
        raise PreconditionFailed("The fieldwork rules have just been changed by somebody else: read them again.")
    return stored, current is None


def faults_of(rules: FieldworkRules) -> Iterator[Fault]:
    """What contradicts itself."""
    times = Counter(rule.key for rule in rules.rules)
    for place, rule in enumerate(rules.rules):
        pointer = f"/rules/{place}"
        if times[rule.key] > 1:
            yield Fault(f"{pointer}/key", "named_twice", f"There are {times[rule.key]} rules {rule.key}.")
        yield from _faults_of(rule, pointer)


def _faults_of(rule: FieldworkRule, pointer: str) -> Iterator[Fault]:
    applies = APPLIES[rule.kind]
    for name in _FIELDS:
        if name not in applies and getattr(rule, name) is not None:
            detail = f"A rule on {rule.kind} has no {name}: leave it out."
            yield Fault(f"{pointer}/{name}", "not_applicable", detail)
    if rule.kind in _NEEDS_THRESHOLD and rule.threshold is None:
        yield Fault(f"{pointer}/threshold", "required", f"Say what a rule on {rule.kind} is held against.")
    if rule.kind in _SHARES and rule.threshold is not None and rule.threshold > 1:
        yield Fault(f"{pointer}/threshold", "off_scale", "It is a share, from 0 to 1.")
    if rule.kind is RuleKind.PACE and rule.by is GroupedBy.WAVE:
        yield Fault(f"{pointer}/by", "not_applicable", "Earlier waves are what the pace is held against.")
