"""Vocabulary of the analysis of an effect: what is asked for, and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types import Bucket
from feedback_core.trends.types import InterruptionFinding, TrendOutcome, TrendTest

Wanted = Literal["higher", "lower"]


class EffectMethod(StrEnum):
    """How the effect was told from everything else that moves the figure."""

    INTERRUPTED_SERIES = "interrupted_series"
    BEFORE_AFTER = "before_after"
    DIFFERENCE_IN_DIFFERENCES = "difference_in_differences"


class EffectVerdict(StrEnum):
    """Whether the change worked.

    effective: the figure moved the wanted way by more than chance explains.
    not_effective: it moved the other way, or whatever it did is smaller than what would matter.
    cannot_be_told: both are still possible.
    """

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class EffectParameters:
    """What an analysis of an effect is asked for.

    Attributes:
        change_on: first day on which the change could have an effect.
        label: what the sentence calls it.
        action_id: the action that changed something; ``None``: none is named.
        start: first instant of what is compared; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        bucket: length of a period of the series.
        where: attribute (or ``method``) to the values of those whom the change is for; empty: everybody.
        control: the same of those whom it is not for; empty: there is no such group.
        smallest: change, in units of the figure, below which it would not matter.
        wanted: which way is better.
        power: probability with which a change of that size is to be found, for the date when it could be told.
        level: of intervals and tests.
        tz: IANA name in which days are cut.
        weighting: key of the weighting scheme that every figure is weighted by; ``None``: none.
    """

    kpi: str
    change_on: date
    label: str
    smallest: float
    wanted: Wanted
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    action_id: UUID | None = None
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    bucket: Bucket = Bucket.MONTH
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    control: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    power: float = 0.8
    level: float = 0.95
    tz: str | None = None
    weighting: str | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """One group before and after the change.

    Attributes:
        before: its figure; ``None`` where it is withheld, or nobody answered.
        after: likewise.
        change: after minus before; ``None`` where one is missing, or they cannot be compared.
        why_not: why there is no change.
    """

    before: Estimate | None
    after: Estimate | None
    change: Estimate | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class EffectOutcome:
    """What became of a change.

    Attributes:
        subject: what a reader calls the figure.
        bounds: ends of its scale; ``None``: it has no end there.
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        seed: of the resamples of the series.
        method: how the effect was told; ``None`` where nothing could be compared.
        effect: what the change did to the figure; ``None`` where nothing could be compared.
        verdict: whether it worked.
        reason: why it cannot be told; ``None`` where it can.
        possible_from: the first day on which it could be told, at the pace at which answers come; ``None`` where it can
            be told already, or never could.
        treated: those whom the change is for.
        control: those whom it is not for; ``None``: no such group was named.
        drift: whether the two groups already moved apart before the change; ``None`` where it cannot be tested.
        interruption: the course before the change carried on; ``None`` where the series cannot bear it.
        series_why_not: why not.
        trend: the series that it is of; ``None`` where no period can be shown.
        sentence: the finding in plain words.
        assumes: what must be true for it to hold, a sentence each.
        warnings: what a reader must be told, a sentence each.
    """

    kpi: str
    question: str | None
    item: str | None
    choice: str | None
    unit: str
    subject: str
    bounds: tuple[float | None, float | None]
    time_zone: str
    change_on: date
    label: str
    action_id: UUID | None
    as_of: datetime
    seed: int
    smallest: float
    wanted: Wanted
    level: float
    method: EffectMethod | None
    effect: Estimate | None
    verdict: EffectVerdict
    reason: str | None
    possible_from: date | None
    treated: Sides
    control: Sides | None
    drift: TrendTest | None
    interruption: InterruptionFinding | None
    series_why_not: str | None
    trend: TrendOutcome | None
    sentence: str
    assumes: tuple[str, ...]
    warnings: tuple[str, ...]
