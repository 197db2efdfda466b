"""Charts of a review: standards, how good each feature is and where it goes, and the series of those that moved."""

from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.bias.types import Usability
from feedback_core.charts import palette
from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Row
from feedback_core.kpis.wording import quantity_of
from feedback_core.recommendations.standards_charts import standards_charts
from feedback_core.recommendations.types import FeatureReview, ReviewOutcome
from feedback_core.trends.charts import trend_series_chart
from feedback_core.trends.types import Shape

BETTER: Final = Kind("getting better", palette.GOOD, "triangle-up")
WORSE: Final = Kind("getting worse", palette.BAD, "triangle-down")
MOVED: Final = Kind("moved", palette.NEUTRAL, "diamond")
STILL: Final = Kind("no trend can be told", palette.ORDINARY)
KINDS: Final = (BETTER, WORSE, MOVED, STILL)
_USABLE: Final = {
    Usability.AS_IS: "usable as is",
    Usability.WEIGHTED: "usable weighted",
    Usability.NOT_USABLE: "not usable for all",
}
_BOUNDS: Final = {"nps": (-100.0, 100.0), "csat": (0.0, 1.0)}
_CLAIMS: Final = frozenset({Shape.STEP, Shape.GRADUAL, Shape.UNCLEAR})


def review_charts(outcome: ReviewOutcome) -> tuple[Chart, ...]:
    """The standards, the features of each KPI, and the series of every feature that a trend or change is claimed of."""
    kpis = dict.fromkeys(feature.kpi for feature in outcome.features)
    overviews = [_features(kpi, [f for f in outcome.features if f.kpi == kpi], outcome.sentence) for kpi in kpis]
    return (*standards_charts(outcome), *overviews, *_series(outcome.features))


def _features(kpi: str, features: Sequence[FeatureReview], sentence: str) -> Chart:
    bounds = next((f.trend.bounds for f in features if f.trend is not None), _BOUNDS.get(kpi, (None, None)))
    quantity = quantity_of(kpi.upper(), features[0].unit, bounds)
    levels = sorted({percent(f.figure.interval.level) for f in features if f.figure and f.figure.interval})
    notes = [f"bars: {' and '.join(levels)} intervals"] if levels else []
    if any(feature.target is not None for feature in features):
        notes.append("green tick: target")
    return interval_chart(
        f"features_{kpi}",
        title=f"How good each feature is: {kpi.upper()}",
        sentence=sentence,
        quantity=quantity,
        rows=[_row(feature, features) for feature in features],
        kinds=KINDS,
        notes=notes,
    )


def _row(feature: FeatureReview, among: Sequence[FeatureReview]) -> Row:
    alone = sum(other.feature_name == feature.feature_name for other in among) == 1
    asked = feature.question if feature.item is None else f"{feature.question}.{feature.item}"
    label = feature.feature_name if alone else f"{feature.feature_name} ({asked})"
    estimate = feature.figure
    if estimate is None:
        return Row(label, None, note="withheld, or nobody answered", target=feature.target)
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    bias = feature.sampling_bias
    remark = "" if bias is None else _USABLE[bias.bias.state]
    return Row(label, estimate.value, low, high, estimate.n, _direction(feature).name, "", feature.target, remark)


def _direction(feature: FeatureReview) -> Kind:
    if feature.trend is None or feature.trend.trend.shape not in _CLAIMS:
        return STILL
    improvement = feature.trend.trend.improvement
    return MOVED if improvement is None else BETTER if improvement else WORSE


def _series(features: Sequence[FeatureReview]) -> Iterator[Chart]:
    for feature in features:
        if feature.trend is not None and feature.trend.trend.shape in _CLAIMS:
            asked = feature.question if feature.item is None else f"{feature.question}_{feature.item}"
            yield trend_series_chart(feature.trend, key=f"series_{asked}", about=feature.feature_name)
