"""Vocabulary of the rules by which a collection is watched, and of the alerts that they raise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.fieldwork.types.live import GroupedBy
from feedback_core.fieldwork.types.outcomes import ContactPolicy
from feedback_core.jobs.types import JobPayload
from feedback_core.kit.errors import Conflict
from feedback_core.planning.types.plans import SignalKind

CHECK_EVERY: Final = timedelta(minutes=5)
"""How often a survey with rules is looked at though nothing has come in; silence is nothing that comes in."""

SETTLE: Final = timedelta(seconds=30)
"""Between two looks at a survey in which much comes in."""

MOST_RULES: Final = 50


class RuleKind(StrEnum):
    """What is watched."""

    RESPONSE_RATE = "response_rate"
    PACE = "pace"
    COMPOSITION = "composition"
    QUOTA = "quota"
    SILENCE = "silence"
    DROP_OFF = "drop_off"
    COST = "cost"
    OFF_TOPIC = "off_topic"
    INTERVIEWER = "interviewer"


SIGNALS: Final[Mapping[RuleKind, SignalKind]] = {
    RuleKind.RESPONSE_RATE: SignalKind.RESPONSE_RATE,
    RuleKind.PACE: SignalKind.RESPONSE_RATE,
    RuleKind.COMPOSITION: SignalKind.BIAS,
    RuleKind.QUOTA: SignalKind.PRECISION,
    RuleKind.SILENCE: SignalKind.RESPONSE_RATE,
    RuleKind.DROP_OFF: SignalKind.OTHER,
    RuleKind.COST: SignalKind.COST,
    RuleKind.OFF_TOPIC: SignalKind.OTHER,
    RuleKind.INTERVIEWER: SignalKind.BIAS,
}
"""What gives reason to revise the plan, where such a rule is breached."""

APPLIES: Final[Mapping[RuleKind, frozenset[str]]] = {
    RuleKind.RESPONSE_RATE: frozenset({"threshold", "by", "after_days", "minimum_n", "level"}),
    RuleKind.PACE: frozenset({"by", "false_alarm"}),
    RuleKind.COMPOSITION: frozenset({"threshold", "level", "minimum_n"}),
    RuleKind.QUOTA: frozenset({"false_alarm"}),
    RuleKind.SILENCE: frozenset({"false_alarm"}),
    RuleKind.DROP_OFF: frozenset({"threshold", "minimum_n", "level"}),
    RuleKind.COST: frozenset({"threshold"}),
    RuleKind.OFF_TOPIC: frozenset({"threshold", "minimum_n", "level"}),
    RuleKind.INTERVIEWER: frozenset({"false_alarm", "minimum_n"}),
}
"""Which fields a rule of a kind has."""


@dataclass(frozen=True, slots=True)
class FieldworkRule:
    """Something to be told of; which fields a kind has is in `APPLIES`, what is ``None`` is as usual.

    Attributes:
        key: unique among the rules of the survey.
        threshold: of a response rate: lowest that is good. Of a composition: largest gap between a category's share of
            those who answered and of the invited. Of drop-off and off-topic comments: highest share that is good. Of
            cost: share of the budget.
        by: whose groups are each held to it; ``None``: all together.
        after_days: only invitations that went out so long ago count.
        minimum_n: below which nothing is told.
        level: of the interval that decides.
        false_alarm: chance that a fieldwork that goes as expected is told of.
    """

    key: str
    kind: RuleKind
    threshold: float | None = None
    by: GroupedBy | None = None
    after_days: int | None = None
    minimum_n: int | None = None
    level: float | None = None
    false_alarm: float | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class FieldworkRules:
    """A version of what a survey's collection is held to.

    Attributes:
        policy: what counts as what in its outcome rates.
        e: share of those of unknown eligibility taken to be eligible; by proportional allocation if ``None``.
    """

    rules: tuple[FieldworkRule, ...] = ()
    policy: ContactPolicy = field(default_factory=ContactPolicy)
    e: float | None = None


@dataclass(frozen=True, slots=True)
class StoredRules:
    """The rules, and who put them."""

    rules: FieldworkRules
    version: int
    put_by: str
    put_at: datetime


class Verdict(StrEnum):
    """What a look at a rule comes to; while it is unsure, all stays as it was."""

    BREACHED = "breached"
    CLEAR = "clear"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found of one subject.

    Attributes:
        subject: a group, category, question, quota, source, interviewer; empty: all.
        value: that was held against the limit.
        low: of the interval, or of the control limits; ``high`` likewise.
        limit: what it was held against.
        n: on how many it rests.
        sentence: for people.
    """

    rule: FieldworkRule
    subject: str
    verdict: Verdict
    value: float
    limit: float
    n: int
    sentence: str
    low: float | None = None
    high: float | None = None


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


ALERT_WAYS: Final[Mapping[AlertState, tuple[AlertState, ...]]] = {
    AlertState.OPEN: (AlertState.ACKNOWLEDGED, AlertState.RESOLVED),
    AlertState.ACKNOWLEDGED: (AlertState.RESOLVED,),
    AlertState.RESOLVED: (),
}


class AlertMoveNotAllowed(Conflict):
    """The alert cannot go there from where it stands."""

    code = "alert_move_not_allowed"


class NoPlanToRevise(Conflict):
    """The survey has no plan that is approved or running, so there is nothing to revise."""

    code = "no_plan_to_revise"


class PlanChangeMissing(Conflict):
    """What to change does not follow from the alert: send the plan as it is to be."""

    code = "plan_change_missing"


@dataclass(frozen=True, slots=True)
class AlertNote:
    """Who took an alert on, or closed it; ``by`` is ``None`` where it was over by itself."""

    at: datetime
    by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class FieldworkAlert:
    """Something that was found, and what became of it.

    Attributes:
        rules_version: of the rules by which it was found.
        over_at: when what was found was no longer so; until then it is not told again.
        plan_id: of the plan that was revised for it; ``plan_revision`` which revision that is.
    """

    id: UUID
    survey_id: UUID
    rule: str
    kind: RuleKind
    subject: str
    rules_version: int
    state: AlertState
    value: float
    low: float | None
    high: float | None
    limit: float
    n: int
    sentence: str
    opened_at: datetime
    checked_at: datetime
    over_at: datetime | None
    acknowledged: AlertNote | None
    resolved: AlertNote | None
    plan_id: UUID | None
    plan_revision: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class WatchFieldwork(JobPayload):
    """Hold the collection of a survey against its rules."""

    kind: ClassVar[str] = "fieldwork.watch"

    survey_id: UUID
