"""Shapes of cross-tabs."""

from dataclasses import asdict
from typing import Self

from pydantic import Field

from feedback_api.schemas.charts import VegaLite
from feedback_api.schemas.common import Output
from feedback_api.schemas.kpis import IntervalOut
from feedback_core.charts.types import Chart
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.types.cross_tabs import CrossTabStatistic
from feedback_core.kpis.use_cases import UNWEIGHTED, CrossTabFound


class ShareOut(Output):
    """A share of respondents, 0 to 1; weighted, where a scheme is named."""

    value: float
    interval: IntervalOut | None = Field(description="Null where it has no sampling error that could be told")


class CrossCellOut(Output):
    """One cell. Of what is withheld nothing is told; a figure that would tell of it is null as well."""

    row: str
    column: str
    withheld: bool
    n: int | None = Field(description="Respondents, unweighted")
    share: float | None = Field(description="Of the whole table")
    row_share: ShareOut | None = Field(description="Of its row")
    column_share: ShareOut | None = Field(description="Of its column")
    residual: float | None = Field(description="Standardised: beyond ±2 it is unlike independence, taken by itself")
    p_value: float | None
    adjusted_p_value: float | None = Field(description="As one of the family of all residuals shown")
    stands_out: bool | None = Field(description="Whether the adjusted p-value is below 1 - level")


class CrossLineOut(Output):
    """A row or column."""

    category: str
    withheld: bool
    n: int | None = Field(description="Its base: respondents, unweighted")
    n_effective: float | None = Field(description="Kish's effective n; n itself when unweighted")
    share: float | None = Field(description="Of the whole table")


class AssociationOut(Output):
    """Whether rows and columns go together."""

    statistic: CrossTabStatistic
    value: float
    parameter: list[float] = Field(description="Degrees of freedom: of F two, of chi-square one, of exact forms none")
    p_value: float
    cramers_v: float = Field(description="Strength, 0 to 1; it does not grow with n")
    strength: str = Field(description="negligible, weak, moderate or strong, by Cohen's marks", examples=["weak"])
    associated: bool = Field(description="Whether the p-value is below 1 - level")
    n: int = Field(description="Respondents that it rests on")
    warnings: list[str]


class CrossTabHead(Output):
    """What a table is of."""

    survey_id: str
    rows_of: str
    columns_of: str
    time_zone: str
    weighting: str = Field(description="Key of the weighting scheme, or none", examples=["none"])
    weighting_version: int | None
    inclusion: str = "complete responses that nobody excluded"
    adjustment: AdjustmentMethod

    @classmethod
    def head(cls, survey_id: str, found: CrossTabFound, adjustment: AdjustmentMethod) -> dict[str, object]:
        """The fields that say what a table is of."""
        return {
            "survey_id": survey_id,
            "rows_of": found.rows.name,
            "columns_of": found.columns.name,
            "time_zone": found.time_zone,
            "weighting": found.scheme.key if found.scheme else UNWEIGHTED,
            "weighting_version": found.scheme.version if found.scheme else None,
            "adjustment": adjustment,
        }


class CrossTabOut(CrossTabHead):
    """A two-way table with its test."""

    sentence: str
    n: int | None = Field(description="Respondents in the table; null where even that is withheld")
    n_effective: float | None
    left_out: int | None = Field(description="Complete responses that lack one of the two, or cannot be weighted")
    association: AssociationOut | None
    not_testable: str | None = Field(description="Why there is no test")
    rows: list[CrossLineOut]
    columns: list[CrossLineOut]
    cells: list[CrossCellOut]
    warnings: list[str]
    chart: VegaLite

    @classmethod
    def of(cls, survey_id: str, found: CrossTabFound, adjustment: AdjustmentMethod, chart: Chart) -> Self:
        """From the domain."""
        return cls.model_validate(
            {**cls.head(survey_id, found, adjustment), **asdict(found.table), "chart": chart.spec}
        )
