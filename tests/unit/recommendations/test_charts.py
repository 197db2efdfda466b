"""Charts of reviews: every feature with its interval, target and direction; series of those that moved."""

from datetime import UTC, datetime

from feedback_core.charts.types import Chart
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.recommendations.charts import review_charts
from feedback_core.recommendations.types import FeatureReview, ReviewOutcome
from feedback_core.trends.types import TrendOutcome
from tests.unit.charts.builders import faults_of
from tests.unit.trends.builders import noise
from tests.unit.trends.test_charts import CSAT, STEP, outcome

STILL = outcome(list(0.7 + noise(24, sd=0.03)), bounds=CSAT)
FELL = outcome([value / 100 for value in STEP], bounds=CSAT)
SHARE = Estimate(0.7, Interval(0.65, 0.75, 0.95, "wilson"), 0.02, 200, 200.0)


def feature(name: str, trend: TrendOutcome | None, figure: Estimate | None = SHARE, kpi: str = "csat") -> FeatureReview:
    return FeatureReview(
        feature_key=name, feature_name=name.capitalize(), question=name, item=None, kpi=kpi, unit="share, 0 to 1",
        target=0.8, figure=figure, trend=trend, trend_reason=None, sampling_bias=None, sampling_bias_reason=None,
    )  # fmt: skip


def charted(*features: FeatureReview) -> dict[str, Chart]:
    charts = review_charts(ReviewOutcome(datetime(2026, 1, 1, tzinfo=UTC), features, (), (), "Two features measured."))
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def test_features_of_one_kpi_share_a_chart_with_targets_and_directions() -> None:
    csat = charted(feature("wait", FELL), feature("staff", STILL), feature("place", None, None))["features_csat"]

    points = next(layer["data"]["values"] for layer in csat.spec["layer"] if layer["mark"]["type"] == "point")
    assert [(row["label"], row["kind"], row["target"]) for row in points] == [
        ("Wait", "getting worse", 0.8),
        ("Staff", "no trend can be told", 0.8),
    ]
    assert "withheld, or nobody answered" in csat.as_json()
    assert "Two features measured." in csat.description


def test_only_features_that_moved_have_a_series_of_their_own() -> None:
    charts = charted(feature("wait", FELL), feature("staff", STILL), feature("ease", None, kpi="ces"))

    assert list(charts) == ["features_csat", "features_ces", "series_wait"]
    assert charts["series_wait"].title == "Wait: CSAT of wait by month"


def test_a_review_of_nothing_has_no_chart() -> None:
    assert charted() == {}
