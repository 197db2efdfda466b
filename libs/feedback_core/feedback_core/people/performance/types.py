"""Vocabulary of performance: what is measured of whom, where they stand, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.charts.types import Chart
from feedback_core.kit.errors import Conflict, Forbidden
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.standards.types import Judgement

LEAST_N: Final = 10
"""No figure of a person or team rests on fewer answers, whatever a measure says."""

FEWEST_UNITS: Final = 3
"""Of fewer nobody is put into a tier."""


class SubjectKind(StrEnum):
    """Whom a figure is of."""

    PERSON = "person"
    TEAM = "team"


class GoalState(StrEnum):
    """What became of a goal."""

    OPEN = "open"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    DROPPED = "dropped"


class NotTheirs(Forbidden):
    """Only they themselves reply, or whoever may act on behalf of others."""

    code = "not_theirs_to_reply"


class GoalSettled(Conflict):
    """What became of the goal has been said, so it is not changed any more."""

    code = "goal_settled"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or team of the organisation."""

    kind: SubjectKind
    id: UUID


@dataclass(frozen=True, slots=True)
class MeasureDetails:
    """What is measured of whom.

    Attributes:
        of: people, or teams.
        standard: key of the standard that they are held against; its metric is what is measured.
        attribute: of the survey, whose values are the references of the people or teams.
        case_mix: attributes of the survey (or ``method``) by which cases differ that nobody chose; empty: as answered.
        minimum_n: fewest answers of a figure; the organisation's minimum and that of the KPI hold beside it.
    """

    name: str
    of: SubjectKind
    standard: str
    attribute: str
    case_mix: tuple[str, ...] = ()
    minimum_n: int = 30


@dataclass(frozen=True, slots=True)
class Measure:
    """A version of a measure; versions are never changed."""

    key: str
    version: int
    details: MeasureDetails
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A figure drawn towards all by how little it rests on.

    Attributes:
        reliability: share of the way that its own answers count, 0..1.
    """

    value: float
    interval: Interval
    reliability: float


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """Where one person or team stands. All of it is ``None`` where too few answered.

    Attributes:
        reference: what responses call them.
        subject_id: of the person or team; ``None``: nobody here has this reference.
        withheld: whether too few answered, or others could be told from it.
        estimate: as answered.
        expected: what a typical one would reach with their cases; ``None`` where nothing is adjusted.
        adjusted: what they would reach with everybody's cases; as answered where no case mix is named.
        not_adjusted: why there is no adjusted figure.
        shrunk: of the adjusted figure; ``None`` where there is no order.
        tier: 1: better than all together, 3: worse, 2: cannot be told from them; ``None`` where there is no order.
        judgement: on the standard, from the interval of the adjusted figure.
    """

    reference: str
    subject_id: UUID | None = None
    withheld: bool = False
    estimate: Estimate | None = None
    expected: float | None = None
    adjusted: Estimate | None = None
    not_adjusted: str | None = None
    shrunk: Shrunk | None = None
    tier: int | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody who is measured.

    Attributes:
        overall: figure that all are drawn towards; ``None`` where there is no order.
        differ: whether they differ by more than sampling explains; ``None`` likewise.
        explained: share of the spread of answers that the case mix explains; ``None`` where nothing is adjusted.
        no_order: why nobody is put into a tier.
        warnings: what a reader must be told, a sentence each.
    """

    units: tuple[UnitStanding, ...]
    overall: float | None
    differ: bool | None
    explained: float | None
    no_order: str | None
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in plain words."""
        if self.no_order is not None:
            return self.no_order
        if not self.differ:
            return "They do not differ by more than sampling explains: an order would be chance."
        placed = [unit for unit in self.units if unit.tier is not None]
        apart = sum(unit.tier != 2 for unit in placed)  # noqa: PLR2004 - the tier that is neither above nor below
        return f"They differ; {apart} of {len(placed)} stand apart from all together."


@dataclass(frozen=True, slots=True)
class Performance:
    """What a measure says of a period, as far as the caller may see it.

    Attributes:
        start: first instant of the answers; ``None``: the beginning.
        end: first instant no longer among them; ``None``: no end.
        minimum_n: fewest answers of a figure that is shown.
        replies: of those who are shown, by their ids.
        chart: of those who are shown; ``None`` where the figures are to be kept, not shown.
    """

    measure: Measure
    standard_version: int
    kpi: str
    unit: str
    start: datetime | None
    end: datetime | None
    level: float
    minimum_n: int
    standings: Standings
    replies: Mapping[UUID, "tuple[Reply, ...]"]
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody says to a figure or a review of theirs; kept beside it, never changed.

    Attributes:
        measure: key of the measure that it is about; ``None``: it is about a review.
        start: of the period that it is about.
        end: of the period that it is about.
    """

    id: UUID
    subject: Subject
    review_id: UUID | None
    measure: str | None
    start: datetime | None
    end: datetime | None
    text: str
    written_by: str
    key_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a person or team: figures frozen as of then, and what was said.

    Attributes:
        figures: what each measure said of them, as it was shown.
        summary: what was said; ``None``: it was erased, since it named somebody who asked for that.
    """

    id: UUID
    subject: Subject
    start: datetime | None
    end: datetime | None
    figures: tuple[Mapping[str, object], ...]
    summary: str | None
    written_by: str
    key_name: str
    created_at: datetime
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalDetails:
    """What somebody wants to reach.

    Attributes:
        measure: key of the measure that says whether it was; ``None``: it has no figure.
        target: of that measure, in its units.
    """

    text: str
    due_on: date
    measure: str | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of a person or team; ``said``: of what became of it."""

    id: UUID
    subject: Subject
    details: GoalDetails
    state: GoalState
    said: str | None
    written_by: str
    created_at: datetime
    updated_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Recognition:
    """Thanks to somebody, with what for; ``standard``: the one that it helped to reach."""

    id: UUID
    subject: Subject
    text: str
    standard: str | None
    given_by: str
    key_name: str
    given_at: datetime
