"""Vocabulary of method effectiveness: what is asked for, what is read, what is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from feedback_core.bias.types import ModeEffect
from feedback_core.kit.estimates import Estimate
from feedback_core.kit.money import Money
from feedback_core.planning.types import CollectionMethod


class MethodMeasure(StrEnum):
    """By what methods are compared, pair by pair."""

    RESPONSE_RATE = "response_rate"
    COST_PER_COMPLETE = "cost_per_complete"
    COST_PER_EFFECTIVE_RESPONSE = "cost_per_effective_response"
    MEDIAN_SECONDS = "median_seconds"
    ITEM_NONRESPONSE = "item_nonresponse"
    STRAIGHT_LINING = "straight_lining"


@dataclass(frozen=True, slots=True)
class MethodContacts:
    """What one method was used for, as entered: the service does not know it.

    Attributes:
        contacted: people or addresses.
        cost: of all of it; ``None``: not known.
    """

    contacted: int
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class MethodEffectivenessParameters:
    """What an analysis of method effectiveness is asked for.

    Attributes:
        kpi: key of the KPI whose figure by method is compared at the same composition.
        contacts: by method; rate and cost are told of those that are in it.
        question: key of the question; may be left out where the survey has only one of the KPI's type.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        level: of the intervals.
    """

    kpi: str
    contacts: Mapping[CollectionMethod, MethodContacts] = field(default_factory=dict)
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class ItemSums:
    """Questions put to complete responses and left without an answer: sums over the responses.

    Attributes:
        n: responses.
        missing: questions left out.
        asked: questions put.
        missing_squared: sum of squares; ``missing_asked`` and ``asked_squared`` likewise.
    """

    n: int = 0
    missing: int = 0
    asked: int = 0
    missing_squared: int = 0
    missing_asked: int = 0
    asked_squared: int = 0


@dataclass(frozen=True, slots=True)
class MethodCounts:
    """All that was read of one method.

    Attributes:
        complete: complete responses that count.
        suspect: complete responses that the inclusion rule holds for suspect and leaves out.
        partial: begun and not completed, suspect or not.
        seconds: time to answer of complete responses whose begin is known, to how many took it.
        straight_lining: responses of all these that give one answer to a whole grid; ``None``: it is not measured.
        kpi: ``None`` where it is withheld or nobody answered.
    """

    complete: int
    suspect: int
    partial: int
    items: ItemSums
    seconds: Mapping[int, int]
    straight_lining: int | None
    kpi: Estimate | None = None

    @property
    def completed(self) -> int:
        """Complete responses, suspect or not: who was asked and answered to the end."""
        return self.complete + self.suspect

    @property
    def looked_at(self) -> int:
        """Responses that nobody excluded."""
        return self.completed + self.partial


@dataclass(frozen=True, slots=True)
class CompositionDistance:
    """How far those who answered by one method are from those who answered by the others, in one attribute.

    Attributes:
        dissimilarity: share that would have to be of another category for both to be alike, 0..1.
        standardised_difference: mean over the categories; .1 is worth a look, .25 worth acting on; ``None`` where the
            others are all of one category, or there are categories that they do not have.
        merged: categories taken together, since too few answered by some method to show each.
    """

    attribute: str
    dissimilarity: float
    standardised_difference: float | None
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodFinding:
    """One method; where it is withheld, nothing of it is told.

    Attributes:
        name: of the method.
        complete: complete responses, suspect ones among them.
        partial: begun and not completed.
        contacted: as entered.
        response_rate: complete responses of those contacted.
        cost: as entered.
        cost_per_complete: in the smallest unit of the currency; contacts and cost are taken as fixed.
        effective_n: complete responses that count, over the design effect of the weights that give this method the
            composition of all methods together.
        cost_per_effective_response: likewise.
        median_seconds: from begin to submission, of complete responses whose begin is known.
        item_nonresponse: share of the questions put that complete responses leave without an answer.
        straight_lining: share of responses that give one answer to a whole grid.
        composition: distance from the other methods, by attribute.
        kpi: as it was answered, whatever the composition.
        not_told: why the figures that are missing are, a sentence each.
    """

    name: CollectionMethod
    withheld: bool
    complete: int | None = None
    partial: int | None = None
    contacted: int | None = None
    response_rate: Estimate | None = None
    cost: Money | None = None
    cost_per_complete: Estimate | None = None
    effective_n: float | None = None
    cost_per_effective_response: Estimate | None = None
    median_seconds: Estimate | None = None
    item_nonresponse: Estimate | None = None
    straight_lining: Estimate | None = None
    composition: tuple[CompositionDistance, ...] = ()
    kpi: Estimate | None = None
    not_told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodDifference:
    """Two methods held against each other by one measure.

    Attributes:
        key: measure and methods, as ``item_nonresponse:sms:telephone``.
        difference: first minus second; its interval holds together with those of all pairs of the measure.
        clear: whether that interval excludes 0.
        better: the method that does better, where the difference is clear; ``None`` also of times, where neither is.
    """

    key: str
    measure: MethodMeasure
    first: CollectionMethod
    second: CollectionMethod
    difference: Estimate
    clear: bool
    better: CollectionMethod | None


@dataclass(frozen=True, slots=True)
class MethodModeEffect:
    """The KPI by two methods at the same composition; its interval and ``p_adjusted`` allow for all pairs.

    Attributes:
        key: the methods, as ``sms:telephone``.
        clear: whether the interval excludes 0.
    """

    key: str
    effect: ModeEffect
    clear: bool


@dataclass(frozen=True, slots=True)
class MethodEffectivenessOutcome:
    """What each method brought and at what price, with all that it takes to read and to repeat it.

    Attributes:
        question: that the KPI is of; ``item`` and ``choice`` likewise.
        subject: the KPI in words.
        unit: of the KPI; ``bounds`` are its ends.
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        currency: of every cost; ``None`` where none was entered.
        methods: most complete responses first; those withheld last.
        comparisons: all pairs, by measure.
        mode_effects: all pairs that reached the same groups.
        sentence: the finding in plain words.
        warnings: what a reader must be told, a sentence each.
    """

    kpi: str
    definition_version: int
    question: str
    item: str | None
    choice: str | None
    subject: str
    unit: str
    bounds: tuple[float | None, float | None]
    as_of: datetime
    currency: str | None
    methods: tuple[MethodFinding, ...]
    comparisons: tuple[MethodDifference, ...]
    mode_effects: tuple[MethodModeEffect, ...]
    sentence: str
    warnings: tuple[str, ...] = ()
