"""An analysis of data quality as it is asked for, and as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field

from feedback_core.data_quality.types.findings import (
    BreakOff,
    FlagFindings,
    ItemNonresponseFinding,
    KpiWithAndWithout,
    PositionGradient,
    ScaleFinding,
    SegmentTest,
)
from feedback_core.data_quality.types.rules import ItemScale


@dataclass(frozen=True, slots=True)
class DataQualityParameters:
    """What an analysis of data quality is asked for.

    Attributes:
        kpi: shown with and without suspect responses; ``None``: none is.
        question: of the KPI, where several fit.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        where: attribute (or ``method``) to the values allowed.
        by: attributes whose groups are told apart, an interviewer for instance; ``method`` always is.
        scales: sets of items; ``None``: those of the inclusion rule. A matrix with no row in one is a scale, too.
        level: of the intervals.
    """

    kpi: str | None = None
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    scales: tuple[ItemScale, ...] | None = None
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class DataQualityOutcome:
    """What the answers to a survey are worth, with all that it takes to read and to repeat it.

    Attributes:
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        flags: ``None`` where the survey has no inclusion rule, so that nothing was measured.
        item_nonresponse: of each question, in the order in which they are put; of complete responses that count.
        by_position: whether later questions are left out more; ``None`` where too few were asked to show any rate.
        segments: whether missing answers and suspect responses are spread alike over the groups.
        break_off: where respondents stopped.
        scales: reliability of each set of items; of complete responses that count.
        kpi: ``None`` where none was asked for.
        sentence: the finding in plain words.
        warnings: what a reader must be told, a sentence each.
    """

    as_of: datetime
    flags: FlagFindings | None
    item_nonresponse: tuple[ItemNonresponseFinding, ...]
    by_position: PositionGradient | None
    segments: tuple[SegmentTest, ...]
    break_off: BreakOff
    scales: tuple[ScaleFinding, ...]
    kpi: KpiWithAndWithout | None
    sentence: str
    warnings: tuple[str, ...] = ()
