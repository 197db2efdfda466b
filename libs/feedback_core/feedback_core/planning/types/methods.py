"""Vocabulary of collection methods: what each is good for, how many answer, what it costs and takes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.kit.estimates import Interval
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.service.types import Footprint


class Depth(StrEnum):
    """What kind of answers a method gives."""

    QUALITATIVE = "qualitative"
    QUANTITATIVE = "quantitative"
    BOTH = "both"


class Grade(StrEnum):
    """How well a method serves something."""

    POOR = "poor"
    FAIR = "fair"
    GOOD = "good"


class Strength(StrEnum):
    """How far a figure that others published can be relied on.

    ``PUBLISHED``: a study says how it was found. ``WEAK``: of one study, of other people, old, or by a seller.
    ``ASSUMED``: nobody has published one that could be named; it is a guess to begin with.
    """

    PUBLISHED = "published"
    WEAK = "weak"
    ASSUMED = "assumed"


class RateBasis(StrEnum):
    """Where the response rate comes from that a plan reckons with."""

    MEASURED = "measured"
    TYPICAL = "typical"


class CostBasis(StrEnum):
    """Whose prices they are."""

    OWN = "own"
    ASSUMED = "assumed"


class OutcomeKept(Conflict):
    """Outcomes of this method under this reference are kept already."""

    code = "outcome_kept"


@dataclass(frozen=True, slots=True)
class Suited:
    """A grade and the reason for it."""

    grade: Grade
    why: str


@dataclass(frozen=True, slots=True)
class TypicalRate:
    """What part of those asked gives a usable answer, as others have published it.

    Attributes:
        low: where the method does badly.
        typical: to plan with.
        high: where it does well.
        of: who is counted.
        source: who found it.
        year: when it was published.
        note: what to mind.
    """

    low: float
    typical: float
    high: float
    of: str
    source: str
    year: int
    strength: Strength
    note: str


@dataclass(frozen=True, slots=True)
class CostModel:
    """What a collection by a method costs, in the smallest unit of one currency; parts of it may be less than one.

    Attributes:
        fixed: whatever the number: set-up, licence, printing plates.
        per_contact: paid for each person contacted, all reminders included.
        per_complete: paid for each answer.
        incentive: given for each answer.
        hours_fixed: of staff, whatever the number.
        hours_per_contact: of staff.
        hours_per_complete: of staff.
        hourly_rate: of staff.
        coding_hours: of staff for each answer to an open question.
    """

    currency: str
    fixed: float = 0.0
    per_contact: float = 0.0
    per_complete: float = 0.0
    incentive: float = 0.0
    hours_fixed: float = 0.0
    hours_per_contact: float = 0.0
    hours_per_complete: float = 0.0
    hourly_rate: float = 0.0
    coding_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class MethodFootprints:
    """What one contact and one answer take; a figure that is ``None`` is not known, which is not nothing."""

    per_contact: Footprint
    per_complete: Footprint


@dataclass(frozen=True, slots=True)
class Interviewing:
    """How far answers to one interviewer are alike: as clusters are.

    Attributes:
        answers_each: that one interviewer usually takes.
        correlation: of answers to the same interviewer.
    """

    answers_each: int
    correlation: float
    source: str


@dataclass(frozen=True, slots=True)
class MethodProfile:
    """What is known of a method before anybody has used it here.

    Attributes:
        depth: kind of answers.
        trend: whether figures of different times can be compared.
        sensitivity: whether people say what is awkward to say.
        reach: whom it can reach.
        is_asked: whether people are chosen and asked; of those who come by themselves no figure of all follows.
        rate: typical response rate, or of those who come by themselves what part does; ``None``: nothing is known.
        costs: assumed prices.
        setup_days: until the first is asked.
        field_days: until the last has answered.
        interviewing: where interviewers ask.
    """

    method: CollectionMethod
    name: str
    description: str
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    depth: Depth
    trend: Suited
    sensitivity: Suited
    reach: Suited
    is_asked: bool
    rate: TypicalRate | None
    costs: CostModel
    footprints: MethodFootprints
    setup_days: int
    field_days: int
    interviewing: Interviewing | None = None

    @property
    def is_deep(self) -> bool:
        """Whether somebody listens and can ask why."""
        return self.depth is Depth.QUALITATIVE or (self.depth is Depth.BOTH and self.interviewing is not None)


@dataclass(frozen=True, slots=True)
class MethodTerms:
    """What an organisation says of a method in place of what is assumed.

    Attributes:
        costs: its own prices.
        coverage: part of its customers that the method can reach; all if it has said nothing.
        footprints: ``None``: as assumed.
        setup_days: ``None``: as usual.
        field_days: ``None``: as usual.
        source: where the figures come from.
        as_of: day that they are of.
    """

    costs: CostModel
    coverage: float = 1.0
    footprints: MethodFootprints | None = None
    setup_days: int | None = None
    field_days: int | None = None
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class StoredTerms:
    """The terms of a method, and who put them."""

    method: CollectionMethod
    terms: MethodTerms
    put_by: str
    put_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of those whom a method contacted, once.

    Attributes:
        reference: says which collection it was; each is kept once.
        contacts: people contacted; those found not to belong are left out.
        completes: of them, those who gave a usable answer.
        ended_on: last day of the collection.
    """

    reference: str
    contacts: int
    completes: int
    ended_on: date
    survey_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """The same, and who entered it."""

    id: UUID
    method: CollectionMethod
    outcome: Outcome
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeSums:
    """All that is known of a method's collections.

    Attributes:
        collections: how many there were.
        latest: last day of the last of them.
    """

    contacts: int
    completes: int
    collections: int
    latest: date


@dataclass(frozen=True, slots=True)
class PlanningRate:
    """The response rate to reckon with.

    Attributes:
        low: lower limit: of the interval where it was measured, else of what is typical.
        high: upper limit, likewise.
        n: people contacted, where it was measured.
        collections: how many these were.
        source: where it comes from.
    """

    value: float
    low: float
    high: float
    basis: RateBasis
    source: str
    n: int | None = None
    collections: int | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A method as this organisation can plan with it.

    Attributes:
        rate: ``None`` where nobody is asked and nothing was measured.
        typical: what others have found; ``rate`` replaces it once it was measured.
        coverage: part of the customers that it reaches.
        design_effect: of interviewers.
        own: what the organisation has said; ``None``: nothing.
    """

    profile: MethodProfile
    rate: PlanningRate | None
    costs: CostModel
    cost_basis: CostBasis
    footprints: MethodFootprints
    coverage: float
    setup_days: int
    field_days: int
    design_effect: float
    own: StoredTerms | None

    @property
    def method(self) -> CollectionMethod:
        """Which one it is."""
        return self.profile.method
