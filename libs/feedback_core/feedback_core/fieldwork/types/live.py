"""Vocabulary of a collection under way: how many stand where, what was expected, and what is likely to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from feedback_core.fieldwork.types.outcomes import ContactPolicy, Dispositions, OutcomeRates
from feedback_core.fieldwork.types.outlook import CostSoFar, DropOff, Forecast, Silence
from feedback_core.fieldwork.types.response import ResponseAssessment
from feedback_core.kit.estimates import Estimate


class GroupedBy(StrEnum):
    """What invitations are told apart by."""

    STRATUM = "stratum"
    METHOD = "method"
    WAVE = "wave"
    INTERVIEWER = "interviewer"


class Ended(StrEnum):
    """Whether an invitation has come to its end, and how."""

    COMPLETED = "completed"
    OTHERWISE = "otherwise"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CaseCount:
    """Invitations that stand alike.

    Attributes:
        group: by which they are told apart; ``None``: not known.
        state: of an invitation.
        sent: whether they went out; ``delivered``, ``opened`` and ``started`` likewise, or further.
        n: how many.
        weight: sum of their design weights; ``weight_squared``: of the squares.
    """

    group: str | None
    state: str
    sent: bool
    delivered: bool
    opened: bool
    started: bool
    n: int
    weight: float
    weight_squared: float


@dataclass(frozen=True, slots=True)
class Lagged:
    """Invitations sent so many whole days ago, and what has become of them.

    Attributes:
        group: as of `CaseCount`.
        wave: in which they were asked.
        age: whole days since they were sent.
        ended: how they ended, if they have.
        lag: whole days from sending to that end; of open ones their age.
    """

    group: str | None
    wave: str | None
    age: int
    ended: Ended
    lag: int
    n: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many invitations came how far; each step holds those who went further.

    Attributes:
        waiting: not sent yet; they are not among the invited.
        refused: said no, or opted out.
        unknown: of unknown eligibility, as the policy has it.
    """

    invited: int = 0
    waiting: int = 0
    delivered: int = 0
    opened: int = 0
    started: int = 0
    completed: int = 0
    partial: int = 0
    refused: int = 0
    bounced: int = 0
    ineligible: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Completed so far against what was expected by now.

    Attributes:
        completed: within whole days since sending, as the expectation is.
        expected: by the curve.
        low: fewest that chance alone explains.
        high: most likewise.
        false_alarm: chance that a fieldwork that goes as expected lies outside.
        curve: where the expectation comes from: earlier waves, or the plan's rate spread evenly over its days.
        n: invitations that went out a whole day ago or longer.
        reference: invitations that the curve was measured on; 0 where it is the plan's.
    """

    completed: int
    expected: float
    low: int
    high: int
    false_alarm: float
    curve: Literal["earlier_waves", "plan"]
    n: int
    reference: int


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """The invitations of a group; ``group`` is ``None`` of all, or where it is not known.

    Attributes:
        rates: outcome rates as if the fieldwork ended now.
        weighted: the same, by design weights; ``None`` where nobody was drawn, or all alike.
        design_effect: of these weights.
        pace: ``None`` where nothing says what to expect.
        population: people of the frame in the stratum, where they are told apart by it.
    """

    group: str | None
    counts: Counts
    dispositions: Dispositions
    rates: OutcomeRates
    weighted: OutcomeRates | None = None
    design_effect: float | None = None
    pace: Pace | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class FrameStanding:
    """How far the invited are the frame: people on it, whom the draw could take, drawn, invited, completed."""

    people: int
    eligible: int
    drawn: int
    invited: int
    completed: int


@dataclass(frozen=True, slots=True)
class Target:
    """So many answers wanted, and how many there are.

    Attributes:
        key: of the quota; ``answers`` of the plan's total.
        expected: by now, if they came evenly over the days; ``None`` without days.
        low: fewest by now that chance alone explains.
    """

    key: str
    label: str
    target: int
    completed: int
    expected: float | None = None
    low: int | None = None
    false_alarm: float | None = None


@dataclass(frozen=True, slots=True)
class CompositionGap:
    """A category's share of those who answered against its share of the invited.

    Attributes:
        answered: share with its interval.
        invited: share.
        gap: the first minus the second, with the same interval moved.
    """

    attribute: str
    category: str
    answered: Estimate
    invited: float
    gap: Estimate


@dataclass(frozen=True, slots=True)
class Composition:
    """Who has answered so far, against the invited.

    Attributes:
        response: R-indicator and response by category; ``None`` where it cannot be told.
        gaps: by category; empty likewise.
        left_out: attributes with too many categories, or more than there are answers for.
        not_told: why it cannot.
    """

    response: ResponseAssessment | None
    gaps: tuple[CompositionGap, ...] = ()
    left_out: tuple[str, ...] = ()
    not_told: str | None = None


@dataclass(frozen=True, slots=True)
class OffTopicCounts:
    """Comments by whether they are about the service.

    Attributes:
        themed: comments with a theme, or in which somebody found none.
        off_topic: of them, those without a theme that is about a feature of the service.
        unread: comments of which no theme is known.
    """

    themed: int
    off_topic: int
    unread: int


@dataclass(frozen=True, slots=True)
class OffTopic:
    """The same with the share; ``share`` is ``None`` below the organisation's minimum."""

    counts: OffTopicCounts
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """The plan that the collection is held against, in its current wave."""

    plan_id: UUID
    title: str
    revision: int
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """A collection as it stands.

    Attributes:
        as_of: when it was looked at.
        rules_version: of the fieldwork rules that the policy is of; 0: none were put.
        e: share of those of unknown eligibility taken to be eligible, if it was fixed.
        groups: by what was asked for.
        walk_ins: responses that belong to no invitation and no sample, by method.
        not_told: why a part is missing, by its name.
    """

    survey_id: UUID
    as_of: datetime
    rules_version: int
    policy: ContactPolicy
    e: float | None
    plan: PlanSeen | None
    whole: GroupStanding
    by: GroupedBy | None
    groups: tuple[GroupStanding, ...]
    frame: FrameStanding | None
    targets: tuple[Target, ...]
    composition: Composition
    drop_off: DropOff
    off_topic: OffTopic
    sources: tuple[Silence, ...]
    cost: CostSoFar
    forecast: Forecast | None
    walk_ins: Mapping[str, int]
    not_told: Mapping[str, str]
