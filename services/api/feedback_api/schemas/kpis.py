"""Shapes of KPIs and their figures."""

from datetime import date, datetime
from typing import Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.charts import VegaLite
from feedback_api.schemas.common import Output
from feedback_core.charts.types import Chart
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.types import Bucket, Figure, GroupFigure, Nature, PeriodFigure, Take, Withheld
from feedback_core.kpis.use_cases import UNWEIGHTED, Asked, KpiComparison


class IntervalOut(Output):
    """Limits of a figure."""

    low: float
    high: float
    level: float
    method: str


class ExcludedOut(Output):
    """Who was asked and does not count, by reason."""

    missing: int = Field(description="Did not answer this question")
    partial: int = Field(description="Answered it in a response that was not completed")
    flagged: int = Field(description="Answered it in a response that was excluded by decision")
    screened_out: int = Field(description="Answered it and was screened out")
    over_quota: int = Field(default=0, description="Answered it when enough of their kind had answered")
    invalid: int = Field(default=0, description="Answered it in a response that is said to be no answer, as a test")
    suspect: int = Field(default=0, description="Answered it in a response that the inclusion rule holds for suspect")
    unscored: int = Field(default=0, description="Gave an answer that the definition gives no points")


class FigureWeightingOut(Output):
    """What the weights of a figure had to do. Weights are relative to their mean, 1."""

    scheme: str
    version: int = Field(description="Version of the weighting scheme")
    unweighted: "EstimateOut | None" = Field(description="The figure as it was answered")
    design_effect: float = Field(description="Loss of precision by the weights alone (Kish)")
    smallest_weight: float
    largest_weight: float
    left_out: int = Field(description="Answers of respondents of whom an attribute of the scheme is not known")


class EstimateOut(Output):
    """A value with its interval."""

    value: float
    interval: IntervalOut | None
    n: int


class FigureQualityOut(Output):
    """The figure with and without responses that the survey's inclusion rule holds for suspect."""

    suspects: int = Field(description="Their answers")
    counted: bool = Field(description="Whether they are in the value")
    otherwise: EstimateOut | None = Field(
        description="The unweighted figure the other way round. Null where the suspects are too few to be told apart, "
        "and where the value is weighted: ask for it with `include=suspect`"
    )


class FigureOut(Output):
    """A figure with all that it takes to read it. Where `withheld`, too few answered for any of it to be shown."""

    withheld: bool
    value: float | None = Field(description="Unrounded; null if nobody answered or it is withheld")
    interval: IntervalOut | None = None
    n: int | None = Field(default=None, description="Answers in the value; weighted, only those that could be weighted")
    n_effective: float | None = Field(default=None, description="Kish's effective n; n itself when unweighted")
    asked: int | None = Field(default=None, description="answered + everything in `excluded`")
    answered: int | None = Field(default=None, description="n_complete + n_partial")
    n_complete: int | None = Field(default=None, description="Of the answered: in responses that were completed")
    n_partial: int | None = Field(
        default=None, description="Of the answered: in responses that were not; 0 unless the KPI counts those"
    )
    n_excluded: int | None = Field(default=None, description="Everything in `excluded`")
    excluded: ExcludedOut | None = None
    distribution: dict[str, int] | None = Field(default=None, description="Parts that add up to answered")
    counts: dict[str, int] | None = Field(default=None, description="Answers by value; empty for a ratio")
    weighted_by: FigureWeightingOut | None = Field(default=None, description="Null where the value is unweighted")
    quality: FigureQualityOut | None = Field(default=None, description="Null where no answer is of a suspect response")
    warnings: list[str] = Field(default_factory=list)

    @classmethod
    def parts(cls, figure: Figure | Withheld) -> dict[str, object]:
        """The fields of a figure."""
        if isinstance(figure, Withheld):
            return {"withheld": True, "value": None, "warnings": ["Too few answers to be shown."]}
        estimate = figure.estimate
        return {
            "withheld": False,
            "value": estimate.value if estimate else None,
            "interval": _interval(estimate),
            "n": estimate.n if estimate else figure.answered,
            "n_effective": estimate.n_effective if estimate else 0.0,
            "asked": figure.asked,
            "answered": figure.answered,
            "n_complete": figure.answered - figure.partial,
            "n_partial": figure.partial,
            "n_excluded": figure.asked - figure.answered,
            "excluded": ExcludedOut.model_validate(figure.excluded),
            "distribution": dict(figure.distribution),
            "counts": dict(figure.counts),
            "weighted_by": figure.weighting and FigureWeightingOut.model_validate(figure.weighting),
            "quality": figure.quality and FigureQualityOut.model_validate(figure.quality),
            "warnings": [
                *(estimate.warnings if estimate else [figure.not_estimable]),
                *(figure.weighting.warnings if figure.weighting else []),
            ],
        }


class KpiHead(Output):
    """What a figure is of."""

    kpi: str
    definition_version: int = Field(description="Version of the KPI's definition that made the figure")
    nature: Nature = Field(description="Whether it rests on opinions or on observed facts")
    survey_id: str
    question: str | None
    item: str | None
    choice: str | None
    unit: str
    time_zone: str = Field(description="In which days and periods are cut")
    weighting: str = Field(description="Key of the weighting scheme, or none", examples=["none"])
    responses_per_respondent: Take = Field(
        description="Which responses of one known respondent count: as the KPI's definition says, else the survey"
    )
    inclusion: str

    @classmethod
    def head(cls, asked: Asked) -> dict[str, object]:
        """The fields that say what a figure is of."""
        target = asked.target
        return {
            "kpi": target.definition.key,
            "definition_version": target.definition.version,
            "nature": target.definition.nature,
            "survey_id": str(target.survey_id),
            "question": target.question_key or None,
            "item": target.item or None,
            "choice": target.choice,
            "unit": target.definition.unit,
            "time_zone": asked.selection.time_zone,
            "weighting": asked.scheme.key if asked.scheme else UNWEIGHTED,
            "responses_per_respondent": target.definition.take or Take.ALL,
            "inclusion": target.definition.inclusion,
        }


class KpiValueOut(KpiHead, FigureOut):
    """The figure of everybody selected."""

    chart: VegaLite

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kpi": "nps",
                    "definition_version": 1,
                    "nature": "opinion",
                    "survey_id": "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a11",
                    "question": "nps",
                    "item": None,
                    "choice": None,
                    "unit": "points, -100 to 100",
                    "time_zone": "Europe/London",
                    "weighting": "none",
                    "responses_per_respondent": "all",
                    "inclusion": "complete responses",
                    "withheld": False,
                    "value": 42.1,
                    "interval": {"low": 38.0, "high": 46.2, "level": 0.95, "method": "adjusted_wald"},
                    "n": 1234,
                    "n_effective": 1234.0,
                    "asked": 1300,
                    "answered": 1234,
                    "n_complete": 1234,
                    "n_partial": 0,
                    "n_excluded": 66,
                    "excluded": {
                        "missing": 0,
                        "partial": 60,
                        "flagged": 4,
                        "screened_out": 0,
                        "over_quota": 0,
                        "invalid": 0,
                        "suspect": 2,
                        "unscored": 0,
                    },
                    "distribution": {"promoters": 700, "passives": 354, "detractors": 180},
                    "counts": {"10": 700, "8": 354, "5": 180},
                    "warnings": [],
                    "chart": {
                        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
                        "title": {"text": ["NPS"]},
                        "vconcat": [],
                    },
                }
            ]
        }
    )

    @classmethod
    def of(cls, asked: Asked, figure: Figure | Withheld, chart: Chart) -> Self:
        """From the domain."""
        return cls.model_validate({**cls.head(asked), **cls.parts(figure), "chart": chart.spec})


class PointOut(FigureOut):
    """One period of a series."""

    starts_on: date
    start: datetime
    end: datetime
    complete: bool = Field(description="The whole period lies in what was asked for, and in the past")

    @classmethod
    def of(cls, point: PeriodFigure) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **cls.parts(point.figure),
                "starts_on": point.starts_on,
                "start": point.start,
                "end": point.end,
                "complete": point.complete,
            }
        )


class KpiSeriesOut(KpiHead):
    """The figure of each period."""

    bucket: Bucket
    points: list[PointOut]
    chart: VegaLite

    @classmethod
    def of(cls, asked: Asked, bucket: Bucket, points: list[PeriodFigure], chart: Chart) -> Self:
        """From the domain."""
        shown = [PointOut.of(point) for point in points]
        return cls.model_validate({**cls.head(asked), "bucket": bucket, "points": shown, "chart": chart.spec})


class GroupOut(FigureOut):
    """One group of a breakdown."""

    group: str | None = Field(description="Null for respondents of whom the attribute is not known")

    @classmethod
    def of(cls, group: GroupFigure) -> Self:
        """From the domain."""
        return cls.model_validate({**cls.parts(group.figure), "group": group.group})


class KpiBreakdownOut(KpiHead):
    """The figure of each group."""

    by: str
    groups: list[GroupOut]
    chart: VegaLite

    @classmethod
    def of(cls, asked: Asked, by: str, groups: list[GroupFigure], chart: Chart) -> Self:
        """From the domain."""
        shown = [GroupOut.of(group) for group in groups]
        return cls.model_validate({**cls.head(asked), "by": by, "groups": shown, "chart": chart.spec})


class ComparisonOut(Output):
    """How the first figure differs from the second."""

    difference: float = Field(description="First minus second")
    interval: IntervalOut | None
    test: str
    statistic: float | None
    p_value: float | None
    df: float | None
    effect_size: float | None
    effect_size_name: str
    beyond_sampling_error: bool | None
    verdict: str = Field(description="In plain words")
    warnings: list[str]

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        """From the domain."""
        return cls.model_validate(comparison)


class KpiComparisonOut(KpiHead):
    """Two figures, and whether they differ by more than sampling error."""

    first: FigureOut
    second: FigureOut
    comparison: ComparisonOut | None = Field(description="Null where a figure is withheld")
    chart: VegaLite

    @classmethod
    def of(cls, asked: Asked, found: KpiComparison, chart: Chart) -> Self:
        """From the domain."""
        return cls.model_validate(
            {
                **cls.head(asked),
                "first": FigureOut.parts(found.first),
                "second": FigureOut.parts(found.second),
                "comparison": ComparisonOut.of(found.comparison) if found.comparison else None,
                "chart": chart.spec,
            }
        )


def _interval(estimate: Estimate | None) -> IntervalOut | None:
    return IntervalOut.model_validate(estimate.interval) if estimate and estimate.interval else None
