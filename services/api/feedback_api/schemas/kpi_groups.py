"""Shapes of many groups or periods side by side."""

from typing import Self

from pydantic import Field

from feedback_api.schemas.charts import VegaLite
from feedback_api.schemas.common import Output
from feedback_api.schemas.kpis import ComparisonOut, IntervalOut, KpiHead
from feedback_core.charts.types import Chart
from feedback_core.kpis.calc.families import Pair
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.calc.ranking import RankedGroup, Ranking
from feedback_core.kpis.types import Bucket
from feedback_core.kpis.use_cases import Asked, Family


class PairOut(ComparisonOut):
    """Two groups or periods, first minus second. The interval is of this pair alone, `adjusted_p_value` of all."""

    first: str
    second: str
    adjusted_p_value: float | None = Field(description="Null where the pair cannot be tested")
    differ: bool | None = Field(description="Whether the adjusted p-value is below 1 - level")

    @classmethod
    def of_pair(cls, pair: Pair[str]) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **ComparisonOut.of(pair.comparison).model_dump(),
                "first": pair.first,
                "second": pair.second,
                "adjusted_p_value": pair.adjusted_p_value,
                "differ": pair.differ,
                "verdict": pair.verdict,
            }
        )


class KpiComparisonsOut(KpiHead):
    """Pairs of groups, or each period against the one before, as one family."""

    by: str | None
    bucket: Bucket | None
    adjustment: AdjustmentMethod
    pairs: list[PairOut]
    left_out: list[str] = Field(description="Groups or periods without a figure that may be shown")
    chart: VegaLite

    @classmethod
    def of(
        cls,
        asked: Asked,
        family: Family,
        chart: Chart,
        *,
        by: str | None,
        bucket: Bucket | None,
        adjustment: AdjustmentMethod,
    ) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **cls.head(asked),
                "by": by,
                "bucket": bucket,
                "adjustment": adjustment,
                "pairs": [PairOut.of_pair(pair) for pair in family.pairs],
                "left_out": list(family.left_out),
                "chart": chart.spec,
            }
        )


class RankedGroupOut(Output):
    """One group of a ranking."""

    group: str
    n: int
    value: float = Field(description="As answered")
    shrunk: float = Field(description="Drawn towards the overall figure by how little the group's own rests on")
    interval: IntervalOut = Field(description="Of `shrunk`")
    reliability: float = Field(description="Share of the way that the group's own answers count, 0 to 1")
    tier: int = Field(description="1: above the overall figure, 3: below it, 2: cannot be told from it")

    @classmethod
    def of(cls, group: RankedGroup) -> Self:
        """From the domain."""
        return cls.model_validate(group)


class KpiRankingOut(KpiHead):
    """Groups by their shrunk figures, the highest first."""

    by: str
    overall: float = Field(description="The figure that groups are drawn towards")
    differ: bool = Field(description="Whether groups differ at all beyond what sampling explains")
    verdict: str = Field(description="In plain words")
    groups: list[RankedGroupOut]
    left_out: list[str] = Field(description="Groups without a figure that may be shown")
    warnings: list[str]
    chart: VegaLite

    @classmethod
    def of_ranking(cls, asked: Asked, by: str, ranking: Ranking, left_out: list[str], chart: Chart) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **cls.head(asked),
                "by": by,
                "overall": ranking.overall,
                "differ": ranking.differ,
                "verdict": ranking.verdict,
                "groups": [RankedGroupOut.of(group) for group in ranking.groups],
                "left_out": left_out,
                "warnings": list(ranking.warnings),
                "chart": chart.spec,
            }
        )
