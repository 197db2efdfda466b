"""Charts of what a KPI answers, whatever it is made from: figures with intervals, the answers behind them, pairs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from feedback_core.charts.bars import MOST_BARS
from feedback_core.charts.document import MOST_ROWS
from feedback_core.charts.types import Chart
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.families import Pair
from feedback_core.kpis.calc.figures import figure_of
from feedback_core.kpis.charts import (
    breakdown_chart,
    comparison_chart,
    comparisons_chart,
    kpi_series_chart,
    value_chart,
)
from feedback_core.kpis.types import (
    AnswerCounts,
    Bucket,
    FigureWeighting,
    GroupFigure,
    KpiDefinition,
    Measure,
    PeriodFigure,
    Selection,
    Standing,
    Target,
    Withheld,
)
from feedback_core.kpis.use_cases import Asked, Family, KpiComparison, group_of
from feedback_core.organisations.types import Organisation
from feedback_core.surveys.types import QuestionType
from tests.unit.charts.builders import faults_of

ID = UUID(int=1)
ACME = Organisation(ID, "acme", "Acme", "Europe/London", 5, datetime(2026, 1, 1, tzinfo=UTC), 1)
ALL_TIME = Selection(None, None, "Europe/London")


def asked(measure: Measure, **more: Any) -> Asked:
    fields = {"scale": None, "choice": None, **more}
    definition = KpiDefinition(
        key=measure.value,
        name=f"Our {measure.value}",
        unit="minutes",
        measure=measure,
        question_types=frozenset({QuestionType.NUMBER}),
        points=fields.pop("points", None),
    )
    return Asked(ACME, Target(definition, ID, "asked", **fields), ALL_TIME, 0.95, {"region": ["north", "south"]})


CASES: dict[str, tuple[Asked, dict[str, int]]] = {
    "nps": (asked(Measure.NPS, scale=(0, 10)), {"10": 50, "7": 20, "2": 9}),
    "top box": (asked(Measure.TOP_BOX, scale=(1, 5)), {"5": 50, "3": 20}),
    "mean": (asked(Measure.MEAN, scale=(1, 7)), {"1": 3, "6": 20}),
    "mean of points": (asked(Measure.MEAN, points={"good": 2.0, "bad": -1.0}), {"good": 30, "bad": 9}),
    "median of many numbers": (asked(Measure.MEDIAN), {f"{i * 1.37:.2f}": 1 + i % 3 for i in range(300)}),
    "share": (asked(Measure.SHARE, choice="web"), {"web": 30, "app": 12}),
    "ratio": (asked(Measure.RATIO), {"3/9": 30, "4/5": 12}),
    "count": (asked(Measure.COUNT), {"": 42}),
    "nobody": (asked(Measure.NPS, scale=(0, 10)), {}),
}
each_measure = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


def figure(case: tuple[Asked, dict[str, int]]) -> Any:
    question, counts = case
    n = sum(counts.values())
    return figure_of(question.target, AnswerCounts({Standing.COMPLETE: counts}, {Standing.COMPLETE: n}))


def bars_of(chart: Chart) -> list[dict[str, Any]]:
    found = [panel["data"]["values"] for panel in chart.spec["vconcat"] if "data" in panel]
    return found[0] if found else []


@each_measure
def test_every_measure_has_valid_charts_of_value_series_and_groups(case: tuple[Asked, dict[str, int]]) -> None:
    question, shown = case[0], figure(case)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    periods = [
        PeriodFigure(date(2026, 1 + i, 1), start, start + timedelta(days=30), complete=i < 2, figure=f)
        for i, f in enumerate((shown, Withheld(), shown))
    ]

    charts = [
        value_chart(question, shown),
        value_chart(question, Withheld()),
        kpi_series_chart(question, Bucket.MONTH, periods),
        breakdown_chart(question, "region", [GroupFigure("north", shown), GroupFigure(None, Withheld())]),
    ]

    assert [faults_of(chart) for chart in charts] == [[]] * 4
    assert "withheld" in charts[1].description
    assert all("withheld" in chart.as_json() for chart in charts[2:])


@each_measure
def test_the_bars_hold_every_answer_once(case: tuple[Asked, dict[str, int]]) -> None:
    bars = bars_of(value_chart(case[0], figure(case)))
    if case[0].target.definition.measure in {Measure.COUNT, Measure.RATIO}:
        assert bars == []
    else:
        assert sum(bar["n"] for bar in bars) == sum(case[1].values())
        assert len(bars) <= MOST_BARS


def test_a_scale_is_shown_with_the_answers_that_nobody_gave() -> None:
    bars = bars_of(value_chart(CASES["nps"][0], figure(CASES["nps"])))
    assert [bar["answer"] for bar in bars] == [str(score) for score in range(11)]
    assert [bar["kind"] for bar in bars] == ["detractors"] * 7 + ["passives"] * 2 + ["promoters"] * 2


def test_a_weighted_figure_stands_beside_what_was_answered() -> None:
    question, shown = CASES["nps"][0], figure(CASES["nps"])
    weighting = FigureWeighting("regions", 1, shown.estimate, 1.2, 0.5, 2.0, 0)

    chart = value_chart(question, replace(shown, weighting=weighting))

    assert '"unweighted"' in chart.as_json()


def test_a_comparison_shows_both_sides_and_the_difference_with_its_interval() -> None:
    question, shown = CASES["top box"][0], figure(CASES["top box"])
    found = Comparison(0.1, Interval(-0.02, 0.22, 0.95, "newcombe"), "pearson", 1.0, 0.1, 1.0, 0.2, "h", 70, 70, False)
    sides = (group_of(question, "region", "north"), group_of(question, "region", "south"))

    chart = comparison_chart(sides, KpiComparison(shown, shown, found))

    assert faults_of(chart) == []
    assert chart.title.endswith(": north and south")
    points = [layer for layer in chart.spec["vconcat"][1]["layer"] if layer["mark"]["type"] == "point"]
    assert points[0]["data"]["values"][0] | {"label": ""} == {
        "label": "", "value": 10.0, "low": -2.0, "high": 22.0, "n": None, "kind": "",
    }  # fmt: skip
    assert "within sampling error" in chart.description


def test_a_withheld_side_is_said_and_nothing_is_compared() -> None:
    question, shown = CASES["nps"][0], figure(CASES["nps"])
    earlier = replace(question, selection=replace(ALL_TIME, end=datetime(2026, 1, 1, tzinfo=UTC)))

    chart = comparison_chart((question, earlier), KpiComparison(shown, Withheld(), None))

    assert faults_of(chart) == []
    assert len(chart.spec["vconcat"]) == 1
    assert "not compared" in chart.description
    assert chart.title.endswith(": all time and until 2025-12-31")


def test_of_many_pairs_the_surest_are_drawn_and_all_are_counted() -> None:
    names = [f"site_{i:02}" for i in range(20)]
    pairs = []
    for i, (first, second) in enumerate(combinations(names, 2)):
        p = (i * 37 % 190 + 1) / 200
        found = Comparison(1.0, Interval(-1, 3, 0.95, "t"), "z", 1.0, p, None, 0.1, "d", 9, 9, p < 0.05)
        pairs.append(Pair(first, second, found, p, p < 0.05))
    question = CASES["mean"][0]

    chart = comparisons_chart(question, Family(pairs, ["site_99"]), by="site")

    labels = chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    surest = sorted(pairs, key=lambda pair: pair.adjusted_p_value or 2)[:MOST_ROWS]
    assert set(labels) == {f"{pair.first} \u2212 {pair.second}" for pair in surest}
    assert f"The {MOST_ROWS} surest of 190 pairs".lower() in chart.description.lower()
    assert f"{sum(bool(pair.differ) for pair in pairs)} of 190 differ" in chart.description
    assert "site_99" in chart.description


def test_a_figure_without_interval_is_a_point_in_its_line() -> None:
    question, shown = CASES["nps"][0], figure(CASES["nps"])
    bare = replace(shown, estimate=Estimate(40.0, None, None, 3, 3.0))

    chart = value_chart(question, bare)

    assert faults_of(chart) == []
    assert "40.0 (n = 3)" in chart.description
