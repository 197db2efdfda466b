"""Vocabulary of the selection of measures."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.kit.estimates import Interval
from feedback_core.service.types import Linked


@dataclass(frozen=True, slots=True)
class Importance:
    """How much of what explains the outcome is the measure's, as the newest analysis of drivers found.

    Attributes:
        share: of all contributions, 0..1.
        interval: of that; ``None``: the analysis made none.
    """

    outcome: str
    share: float
    interval: Interval | None
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Spread:
    """How far answers lie apart: a measure on which all agree tells nobody apart, and moves little.

    Attributes:
        value: standard deviation over the largest that the scale allows, 0..1.
        n: answers behind it.
    """

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What it takes to know the measure.

    Attributes:
        answers: for an interval of the mean with the margin that was asked for.
        amount: of these, at the price of an answer; ``None``: no price was given.
    """

    answers: int
    amount: float | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A question on a scale, or a row of a matrix, and what is known of it.

    Attributes:
        feature: that it is about.
        assumed_importance: of the feature, 1 to 5; ``None``: nobody has said.
        importance: ``None``: no analysis of drivers has it.
        spread: ``None``: too few answered, or all alike.
        cost: ``None`` likewise.
        standards: keys of the standards that are held on it.
    """

    question: str
    item: str | None
    feature: Linked | None
    assumed_importance: int | None
    importance: Importance | None
    spread: Spread | None
    cost: Cost | None
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedMeasure:
    """A measure with its places, 1 the best; equal ones share a place, and what is not known comes last.

    Attributes:
        mean_rank: of the three.
        why: the arithmetic, and what is not known.
    """

    measure: Measure
    by_importance: int
    by_spread: int
    by_cost: int
    mean_rank: float
    why: str
