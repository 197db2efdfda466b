"""Whom a survey could reach, and what those it did not hear could do to a figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback_core.bias.types.assessment_parts import Representation


@dataclass(frozen=True, slots=True)
class Stage:
    """Who is left after one step on the way to the respondents.

    Attributes:
        name: as it reads after "lost at": ``no address``, ``opted out``.
        left: category to people left.
    """

    name: str
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CategoryCoverage:
    """Coverage of one category.

    Attributes:
        category: key.
        population: people.
        reachable: those left after all stages.
        rate: reachable over population, 0..1.
        gap: share of the reachable minus share of the population, in points.
        standardised_difference: absolute gap in standard deviations of the population (ASMD).
        representation: over or under where that reaches .1.
        lost: people lost at each stage, in their order.
    """

    category: str
    population: int
    reachable: int
    rate: float
    gap: float
    standardised_difference: float
    representation: Representation
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A frame held against its population. These are counts, not estimates: there is no sampling in them.

    Attributes:
        population: people.
        reachable: those left after all stages.
        rate: of coverage, 0..1.
        lost: stage to people lost there, in order.
        categories: in the population's order.
        dissimilarity: half the sum of absolute gaps, 0..1.
        mean_difference: mean of the standardised differences.
        largest_difference: largest of them: from .1 look, from .25 act.
        sentence: the finding in plain words.
    """

    population: int
    reachable: int
    rate: float
    lost: Mapping[str, int]
    categories: tuple[CategoryCoverage, ...]
    dissimilarity: float
    mean_difference: float
    largest_difference: float
    sentence: str


@dataclass(frozen=True, slots=True)
class UnseenBounds:
    """The population's mean, whatever the unseen part would have said.

    Attributes:
        low: with the lowest score for all unseen.
        high: with the highest.
        largest_bias: of the seen mean, in absolute value.
    """

    low: float
    high: float
    largest_bias: float
