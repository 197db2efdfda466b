"""Charts of trend analyses: what the series claims is drawn, and signals mean what Making Data Count says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from feedback_core.charts.types import Chart
from feedback_core.kpis.types import Bucket
from feedback_core.trends.calc import TrendOptions, Wording, analyse_trend
from feedback_core.trends.charts import MOST_BEFORE_FORECAST, trend_charts
from feedback_core.trends.types import CountChartKind, Direction, KnownEvent, PeriodValue, SeriesPoint, TrendOutcome
from tests.unit.charts.builders import faults_of
from tests.unit.trends.builders import month, noise

CSAT = (0.0, 1.0)
NPS = (-100.0, 100.0)


def outcome(
    values: Sequence[float | None],
    *,
    bounds: tuple[float, float] = NPS,
    starts: Sequence[date] | None = None,
    direction: Direction = "higher_is_better",
    target: float | None = None,
    sizes: int | None = None,
    options: TrendOptions | None = None,
    period: int | None = None,
) -> TrendOutcome:
    days = starts or [month(i) for i in range(len(values))]
    points = [
        SeriesPoint(day, value, None if value is None else value - 1, None if value is None else value + 1,
                    None if value is None else 50, complete=True, withheld=value is None)
        for day, value in zip(days, values, strict=True)
    ]  # fmt: skip
    series = [
        PeriodValue(point.start, point.value, None, point.n or 0, True, sizes and round((point.value or 0) * 50))
        for point in points
    ]
    found = analyse_trend(
        series, period=period, direction=direction, target=target, rng=np.random.default_rng(1),
        wording=Wording("CSAT of wait", ""), options=options,
    )  # fmt: skip
    return TrendOutcome(
        kpi="csat", question="wait", item=None, choice=None, unit="share, 0 to 1", time_zone="Europe/London",
        bucket=Bucket.MONTH, target=target, as_of=datetime(2026, 1, 1, tzinfo=UTC), seed=1, series=tuple(points),
        trend=found, subject="CSAT of wait", bounds=bounds,
    )  # fmt: skip


def charted(found: TrendOutcome) -> dict[str, Chart]:
    charts = trend_charts(found)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def marks(chart: Chart, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == kind]


def kinds(chart: Chart) -> dict[str, str]:
    return {row["start"]: row["kind"] for row in chart.spec["data"]["values"] if "kind" in row}


STEP = [*(40 + noise(14, sd=2)), *(20 + noise(14, seed=2, sd=2))]


def test_a_step_is_two_levels_and_the_time_in_which_it_may_have_been() -> None:
    found = outcome(STEP)

    series = charted(found)["series"]

    fitted = [layer["data"]["values"] for layer in marks(series, "line") if "data" in layer]
    assert [[row["start"] for row in line] for line in fitted] == [
        ["2023-01-01", "2024-02-01"],
        ["2024-03-01", "2025-04-01"],
    ]
    assert found.trend.sentence in series.description
    assert "when the change may have been" in series.description or len(marks(series, "rect")) == 0


def test_a_gradual_trend_is_its_slope() -> None:
    found = outcome(list(20 + 1.2 * np.arange(30) + noise(30, sd=1.5)))

    (line,) = [layer["data"]["values"] for layer in marks(charted(found)["series"], "line") if "data" in layer]

    assert found.trend.slope is not None
    assert line[1]["value"] - line[0]["value"] == pytest.approx(found.trend.slope.per_period * 29, abs=0.1)


def test_where_nothing_is_claimed_nothing_is_drawn_over_the_series() -> None:
    series = charted(outcome(list(40 + noise(24, sd=3))))["series"]

    assert [layer for layer in marks(series, "line") if "data" in layer] == []
    assert marks(series, "rect") == []


@pytest.mark.parametrize(
    ("direction", "kind"),
    [
        ("higher_is_better", "improvement, high"),
        ("lower_is_better", "concern, high"),
        ("neutral", "special cause, high"),
    ],
)
def test_a_point_above_its_limit_is_good_or_bad_by_direction_and_points_upwards(
    direction: Direction, kind: str
) -> None:
    values = list(40 + noise(24, sd=1))
    values[20] = 70.0

    control = charted(outcome(values, direction=direction))["control"]

    assert kinds(control)["2024-09-01"] == kind
    (points,) = marks(control, "point")
    at = points["encoding"]["shape"]["scale"]["domain"].index(kind)
    assert points["encoding"]["shape"]["scale"]["range"][at] == "triangle-up"


def test_the_icons_are_said_in_words() -> None:
    control = charted(outcome(list(40 + noise(24, sd=1)), target=20.0))["control"]

    assert "common cause" in control.description
    assert "consistently pass the target" in control.description


def test_known_changes_begin_new_limits_and_are_marked() -> None:
    control = charted(outcome(STEP, options=TrendOptions(rebase=(month(14),))))["control"]

    parts = {(row["part"], row["centre"]) for row in control.spec["data"]["values"]}
    assert len(parts) == 2
    labels = [layer["encoding"]["text"] for layer in marks(control, "text") if "encoding" in layer]
    assert [label["value"] for label in labels if "value" in label] == ["known change"]


def test_a_share_has_a_chart_of_counts_with_limits_of_each_period() -> None:
    found = outcome(list(0.7 + noise(24, sd=0.03)), bounds=CSAT, sizes=50)

    counts = charted(found)["control_of_counts"]

    assert found.trend.count_chart is not None
    assert len(kinds(counts)) == len(found.trend.count_chart.points)
    assert "number of answers" in counts.description


def test_points_have_their_own_dates_beyond_gaps() -> None:
    values: list[float | None] = list(40 + noise(24, sd=1))
    values[5] = None
    values[20] = 70.0

    control = charted(outcome(values))["control"]

    assert kinds(control)["2024-09-01"] == "improvement, high"
    assert "2023-06-01" not in kinds(control)
    assert "2023-06-01" in {row["start"] for row in control.spec["data"]["values"]}


def test_irregular_waves_keep_their_dates_and_coming_ones_are_set_apart_evenly() -> None:
    starts = [date(2023, 1, 1) + timedelta(days=30 * i + (i * 7) % 11) for i in range(20)]
    found = outcome(list(40 + noise(20, sd=2)), starts=starts, options=TrendOptions(waves=True, horizon=2))

    charts = charted(found)

    assert set(kinds(charts["control"])) == {start.isoformat() for start in starts}
    assert "no dates yet" in charts["forecast"].description


def test_a_forecast_begins_at_the_last_value_and_shows_its_limits() -> None:
    forecast = charted(outcome(list(40 + noise(48, sd=2)), options=TrendOptions(horizon=3)))["forecast"]

    (fan,) = [layer for layer in marks(forecast, "area") if "data" in layer]
    rows = fan["data"]["values"]
    assert len(forecast.spec["data"]["values"]) == MOST_BEFORE_FORECAST
    assert (rows[0]["low"], rows[0]["high"]) == (rows[0]["value"], rows[0]["value"])
    assert all(row["low"] < row["value"] < row["high"] for row in rows[1:])


def test_one_period_is_a_series_and_nothing_else() -> None:
    assert list(charted(outcome([40.0]))) == ["series"]


def test_a_run_of_an_earlier_release_is_charted_without_name_and_ends() -> None:
    earlier = replace(outcome(STEP), subject="", bounds=(None, None))
    assert charted(earlier)["series"].title == "csat by month"


def moved() -> TrendOutcome:
    values = [40 + 0.2 * i + (8 + 0.5 * (i - 20) if i >= 20 else 0.0) for i in range(36)] + noise(36, sd=1.5)
    event = KnownEvent(month(20), "the new booking page", "ols")
    return outcome(list(values), options=TrendOptions(interruption=event))


def test_an_event_has_its_course_before_and_after_and_what_would_have_been_without_it() -> None:
    found = moved()

    chart = charted(found)["interruption"]

    assert found.trend.interruption is not None
    lines = [layer["data"]["values"] for layer in marks(chart, "line") if "data" in layer]
    otherwise, before, after = lines
    assert [(line[0]["start"], line[-1]["start"]) for line in lines] == [
        ("2024-09-01", "2025-12-01"),
        ("2023-01-01", "2024-08-01"),
        ("2024-09-01", "2025-12-01"),
    ]
    (band,) = [layer["data"]["values"] for layer in marks(chart, "area") if "data" in layer]
    assert band == otherwise
    assert all(row["low"] < row["value"] < row["high"] for row in band)
    assert otherwise[0]["value"] == pytest.approx(before[-1]["value"] + 0.2, abs=0.15)
    assert after[0]["value"] > otherwise[0]["high"]
    labels = [layer["encoding"]["text"] for layer in marks(chart, "text") if "value" in layer["encoding"]["text"]]
    assert [label["value"] for label in labels] == ["the new booking page"]
    assert found.trend.interruption.sentence in chart.description
    assert "had it gone on as before, with 95% intervals" in chart.description


def test_without_an_event_there_is_no_such_chart() -> None:
    assert "interruption" not in charted(outcome(STEP))


def test_counts_are_charted_per_day_without_the_target_of_their_sum() -> None:
    found = outcome(list(0.7 + noise(24, sd=0.03)), bounds=CSAT, sizes=50, target=0.5)
    assert found.trend.count_chart is not None
    per_day = replace(found.trend, count_chart=replace(found.trend.count_chart, kind=CountChartKind.U))

    chart = charted(replace(found, trend=per_day))["control_of_counts"]

    assert chart.title.startswith("Responses per day by month: control chart of counts (u)")
    assert "limits by the number of days" in chart.description
    assert "target" not in [
        row.get("text", "")[:6] for layer in marks(chart, "text") for row in layer["data"]["values"]
    ]
