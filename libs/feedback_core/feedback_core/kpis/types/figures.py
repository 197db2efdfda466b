"""Vocabulary of figures: what is asked of a KPI, and what it answers."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types.pairs import NO_PAIRS, PairSums
from feedback_core.kpis.types.standing import Standing

UNANSWERED = "(unanswered)"
"""Value of a question that was put to a respondent and not answered."""

BOTH = "(both)"
"""Value under which those are counted who gave both numbers of a ratio."""

RESPONSES = ""
"""Question key under which the responses themselves are counted."""


class Grain(StrEnum):
    """At which the cells keep the same counts.

    DAY, MONTH and YEAR: of each respondent cell. TOTAL: per day, of everybody.
    """

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    TOTAL = "total"


class Bucket(StrEnum):
    """Length of a period of a series."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


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
        pairs: of a ratio, the sums of the ``n`` who gave both numbers.
    """

    group: str | date | None
    standing: Standing
    item: str
    value: str
    n: int
    pairs: PairSums | None = None


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Counts of the answers to one question (or one item of it), for one group.

    Attributes:
        answered: per standing, each value and how many gave it.
        asked: per standing, how many the question was put to.
        pairs: of a ratio, per standing, the sums of those who gave both numbers.
    """

    answered: Mapping[Standing, Mapping[str, int]]
    asked: Mapping[Standing, int]
    pairs: Mapping[Standing, PairSums] = field(default_factory=dict)

    def counting(self, standings: Collection[Standing]) -> Mapping[str, int]:
        """Values of the responses that count in a figure: those that stand so."""
        counting: Counter[str] = Counter()
        for standing in standings:
            counting.update(self.answered.get(standing, {}))
        return counting

    def paired(self, standings: Collection[Standing]) -> PairSums:
        """Sums of the responses that stand so."""
        return sum((self.pairs[standing] for standing in standings if standing in self.pairs), start=NO_PAIRS)


@dataclass(frozen=True, slots=True)
class Excluded:
    """Who was asked and does not count, by reason.

    Attributes:
        partial: of responses that were not completed, suspect or not.
        flagged: of responses that somebody excluded.
        over_quota: of responses that came when enough of their kind had answered.
        invalid: of responses that were no answers, as whoever collected them says.
        suspect: of responses that would count, but for the survey's inclusion rule.
        unscored: gave an answer that the definition gives no points.
    """

    missing: int
    partial: int
    flagged: int
    screened_out: int
    over_quota: int = 0
    invalid: int = 0
    unscored: int = 0
    suspect: int = 0


@dataclass(frozen=True, slots=True)
class FigureQuality:
    """A figure with and without the responses that the survey's inclusion rule holds for suspect.

    Attributes:
        suspects: their answers.
        counted: whether they are in the figure.
        otherwise: the figure if it were the other way round; ``None`` where they are too few to be told apart, where
            the figure is weighted or takes one response of each respondent, and where there would be none.
    """

    suspects: int
    counted: bool
    otherwise: Estimate | None


@dataclass(frozen=True, slots=True)
class FigureWeighting:
    """What the weights of a figure had to do; weights are relative to their mean, 1.

    Attributes:
        scheme: its key.
        version: of the scheme.
        unweighted: the figure as it was answered.
        design_effect: loss of precision by the weights alone (Kish).
        left_out: answers of respondents of whom an attribute of the scheme is not known.
    """

    scheme: str
    version: int
    unweighted: Estimate | None
    design_effect: float
    smallest_weight: float
    largest_weight: float
    left_out: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI of one group: ``asked == answered`` plus everybody ``excluded``.

    Attributes:
        estimate: ``None`` if nobody answered, or the answers cannot bear one.
        answered: answers that count.
        partial: those of them that are of responses which were not completed.
        distribution: parts that add up to ``answered``: promoters, passives and detractors, or boxes.
        counts: answers by value, lowest first; none of a ratio, which is of as many pairs as respondents.
        not_estimable: why there is no estimate; ``None`` where there is one.
        weighting: what the weights had to do; ``None`` where the estimate is unweighted.
        quality: with and without suspect responses; ``None`` where there are none.
        pairs: of a ratio, the sums that it is made from.
    """

    estimate: Estimate | None
    asked: int
    answered: int
    excluded: Excluded
    distribution: Mapping[str, int]
    counts: Mapping[str, int]
    not_estimable: str | None = None
    weighting: FigureWeighting | None = None
    quality: FigureQuality | None = None
    pairs: PairSums | None = None
    partial: int = 0


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
