"""Vocabulary of a trend analysis as it is asked for and kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from feedback_core.kpis.types import Bucket
from feedback_core.trends.types.interrupted import KnownEvent
from feedback_core.trends.types.result import TrendResult


@dataclass(frozen=True, slots=True)
class TrendParameters:
    """What a trend analysis is asked for.

    Attributes:
        kpi: key of the KPI.
        question: key of the question; may be left out where the survey has only one of the KPI's type.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        bucket: length of a period.
        where: attribute (or ``method``) to the values allowed.
        target: what the figure should reach, in its own units.
        level: of intervals and tests.
        tz: IANA name in which periods are cut; the organisation's if ``None``.
        rebase: days from which the process is known to have changed for good; control limits begin anew there.
        horizon: periods to forecast; 0: none.
        waves: count only periods with answers, whatever lies between them.
        weighting: key of the weighting scheme that every period is weighted by; ``None``: none.
        interruption: a known event whose effect on level and slope is asked for.
        laney: whether charts of counts have Laney's limits; ``auto``: from a median of 1000.
    """

    kpi: str
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    bucket: Bucket = Bucket.MONTH
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    target: float | None = None
    level: float = 0.95
    tz: str | None = None
    rebase: tuple[date, ...] = ()
    horizon: int = 0
    waves: bool = False
    weighting: str | None = None
    interruption: KnownEvent | None = None
    laney: Literal["auto", "always", "never"] = "auto"


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One period of the series that was analysed.

    Attributes:
        start: its first day.
        value: the figure; ``None`` if nobody answered or it is withheld.
        low: lower limit of its interval.
        high: upper limit.
        n: answers; ``None`` if it is withheld.
        complete: false: it was left out, since it still runs or began before what was asked for.
        withheld: too few answered for it to be shown; it was left out.
    """

    start: date
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    complete: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class TrendOutcome:
    """A trend analysis with all that it takes to read and to repeat it.

    Attributes:
        kpi: key of the KPI.
        question: key of the question; ``None`` where responses are counted.
        item: row of a matrix, or choice of a ranking.
        choice: whose share it is.
        unit: of the figures, as the KPI names it.
        time_zone: in which periods are cut.
        bucket: length of a period.
        target: what the figure should reach.
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        seed: of the resamples behind the change of level.
        series: every period, those left out included.
        trend: what was found.
        definition_version: of the KPI.
        weighting: key of the scheme that the figures are weighted by; ``None``: none.
        weighting_version: of the scheme.
        subject: what a reader calls the figure; empty in runs before it was kept.
        bounds: ends of the scale of the figure; ``None``: it has no end there.
    """

    kpi: str
    question: str | None
    item: str | None
    choice: str | None
    unit: str
    time_zone: str
    bucket: Bucket
    target: float | None
    as_of: datetime
    seed: int
    series: tuple[SeriesPoint, ...]
    trend: TrendResult
    definition_version: int = 1
    weighting: str | None = None
    weighting_version: int | None = None
    subject: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
