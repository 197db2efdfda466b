"""Vocabulary of KPIs: definitions, what is asked of one, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from feedback_core.kit.estimates import Estimate
from feedback_core.surveys.types import QuestionType

UNANSWERED = "(unanswered)"
"""Value of a question that was put to a respondent and not answered."""

RESPONSES = ""
"""Question key under which the responses themselves are counted."""

WHOLE = ""
"""Item that stands for the question as a whole, beside the rows of a matrix or the choices of a list."""


class Standing(StrEnum):
    """How a response stands: its status, or flagged once somebody excluded it."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SCREENED_OUT = "screened_out"
    FLAGGED = "flagged"


class Grain(StrEnum):
    """At which the cells keep the same counts.

    DAY, MONTH and YEAR: of each respondent cell. TOTAL: per day, of everybody.
    """

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    TOTAL = "total"


class Measure(StrEnum):
    """How a figure is made from the counts of answers."""

    NPS = "nps"
    TOP_BOX = "top_box"
    MEAN = "mean"
    SHARE = "share"
    COUNT = "count"


class Bucket(StrEnum):
    """Length of a period of a series."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """A KPI.

    Attributes:
        key: its name in every route.
        measure: how it is made from counts.
        question_types: of questions it may be asked of; empty: it counts responses.
        found_by_type: type whose only question is meant when none is named; ``None``: one must be named.
        higher_is_better: direction; ``None`` where neither end is good.
        inclusion: which responses count, in words that every answer carries.
    """

    key: str
    name: str
    unit: str
    measure: Measure
    question_types: frozenset[QuestionType]
    found_by_type: QuestionType | None
    higher_is_better: bool | None
    inclusion: str = "complete responses; excluded, partial and screened-out ones are counted beside the figure"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is about, settled against the published questionnaire.

    Attributes:
        item: row of a matrix, or choice that is ranked; ``WHOLE`` otherwise.
        choice: whose share is asked for.
        scale: ends of the scale, where the measure needs them.
    """

    definition: KpiDefinition
    survey_id: UUID
    question_key: str
    question_type: QuestionType | None = None
    item: str = WHOLE
    choice: str | None = None
    scale: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which responses count.

    Attributes:
        start: first instant, or ``None`` for the beginning.
        end: first instant no longer in it, or ``None`` for no end.
        time_zone: IANA name in which days and longer periods are cut.
        where: attribute (or ``method``) to the values allowed.
    """

    start: datetime | None
    end: datetime | None
    time_zone: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountRow:
    """So many answers of one kind, as the cells hold them.

    Attributes:
        group: value of the attribute that is broken down by, first day of the period, or ``None``.
        item: ``WHOLE``, or the row or choice counted.
    """

    group: str | date | None
    standing: Standing
    item: str
    value: str
    n: int


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Counts of the answers to one question (or one item of it), for one group.

    Attributes:
        answered: per standing, each value and how many gave it.
        asked: per standing, how many the question was put to.
    """

    answered: Mapping[Standing, Mapping[str, int]]
    asked: Mapping[Standing, int]

    def counting(self) -> Mapping[str, int]:
        """Values of the responses that count in a figure."""
        return self.answered.get(Standing.COMPLETE, {})


@dataclass(frozen=True, slots=True)
class CellAnswers:
    """The answers of one respondent cell that count in a figure.

    Attributes:
        attributes: those that are known of its respondents, and ``method``.
        counts: answers by value.
    """

    attributes: Mapping[str, str]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Who was asked and does not count, by reason."""

    missing: int
    partial: int
    flagged: int
    screened_out: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI of one group: ``asked == answered + missing + partial + flagged + screened_out``.

    Attributes:
        estimate: ``None`` if nobody answered.
        answered: answers that count.
        distribution: parts that add up to ``answered``: promoters, passives and detractors, or boxes.
        counts: answers by value, lowest first.
    """

    estimate: Estimate | None
    asked: int
    answered: int
    excluded: Excluded
    distribution: Mapping[str, int]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure that would give people away: nothing of it is shown, neither its n nor why it was chosen."""


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """One period of a series.

    Attributes:
        starts_on: its first day, in the time zone of the series.
        start: its first instant.
        end: the first instant after it.
        complete: whether the whole of it lies in what was asked for, and in the past.
    """

    starts_on: date
    start: datetime
    end: datetime
    complete: bool
    figure: Figure | Withheld


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """One group of a breakdown; ``group`` is ``None`` for respondents of whom the attribute is not known."""

    group: str | None
    figure: Figure | Withheld
