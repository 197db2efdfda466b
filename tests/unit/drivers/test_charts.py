"""Charts of drivers analyses: importance with its intervals, quadrants, odds ratios."""

from dataclasses import replace
from datetime import UTC, datetime

from feedback_core.charts.types import Chart
from feedback_core.drivers.charts import CLEAR, UNCLEAR, drivers_charts
from feedback_core.drivers.types import DriverQuestion, DriversOutcome, DriversResult
from tests.unit.charts.builders import faults_of
from tests.unit.drivers.builders import answers
from tests.unit.drivers.test_analyse_drivers import analysed, performing


def charted(found: DriversResult) -> dict[str, Chart]:
    explained = DriverQuestion("overall", None, 0, 2)
    outcome = DriversOutcome(explained, datetime(2026, 1, 1, tzinfo=UTC), 1, found.n, 0, weighted=False, drivers=found)
    charts = drivers_charts(outcome)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def found() -> DriversResult:
    return analysed(answers(800, slopes=(0.2, 1.2)), {"d0": performing(80), "d1": performing(40)})


def points(chart: Chart) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = next(
        layer["data"]["values"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"
    )
    return rows


def test_importance_comes_in_order_with_intervals_and_ranks() -> None:
    importance = charted(found())["importance"]

    rows = points(importance)
    assert [row["label"] for row in rows] == ["d1", "d0"]
    assert all(row["low"] is not None for row in rows)
    assert "rank 1" in importance.as_json()
    assert "d1 matters most" in importance.description


def test_quadrants_show_both_intervals_and_whether_they_cross_a_line() -> None:
    result = found()

    rows = points(charted(result)["quadrants"])

    clear = {finding.driver.name: finding.quadrant_is_clear for finding in result.drivers}
    assert {row["label"]: row["kind"] for row in rows} == {
        name: (CLEAR if is_clear else UNCLEAR).name for name, is_clear in clear.items()
    }
    assert all(row[limit] is not None for row in rows for limit in ("x_low", "x_high", "y_low", "y_high"))


def test_effects_are_odds_ratios_against_one() -> None:
    layers = charted(found())["effects"].spec["layer"]
    assert [layer["encoding"]["x"]["datum"] for layer in layers if "datum" in layer["encoding"]["x"]] == [1.0, 1.0]


def test_what_is_not_there_has_no_chart_and_says_so() -> None:
    bare = replace(
        found(),
        importance_line=None,
        performance_line=None,
        model=None,
        drivers=tuple(replace(d, share_interval=None, rank_low=None, rank_high=None) for d in found().drivers),
    )

    charts = charted(bare)

    assert list(charts) == ["importance"]
    assert "o intervals were asked for" in charts["importance"].description
