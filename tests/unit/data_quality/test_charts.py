"""Charts of analyses of data quality: signs, missing answers in the order of the questions, reliability, the KPI."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from feedback_core.charts.types import Chart
from feedback_core.data_quality.calc import analyse_quality
from feedback_core.data_quality.charts import quality_charts
from feedback_core.data_quality.types import DataQualityOutcome, Flagging, InclusionRule, ItemSet, KpiWithAndWithout
from feedback_core.data_quality.types.reading import (
    AskedCounts,
    GroupCounts,
    QualityReading,
    QuestionCounts,
    ScaleAnswers,
)
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.responses.quality.calc import AnswerMoments
from feedback_core.responses.quality.types import FlagKind
from tests.unit.charts.builders import faults_of

MINIMUM = 5
QUESTIONS = {"nps": (92, 3), "wait": (92, 9), "rare": (3, 1), "ease": (92, 14), "use": (92, 30), "why": (92, 60)}


def moments(items: int, seed: int, *, n: int = 300) -> AnswerMoments:
    chance = np.random.default_rng(seed)
    grid = np.round(chance.normal(3, 1, (n, 1)) + chance.normal(0, 1, (n, items)))
    return AnswerMoments(n, grid.mean(axis=0), np.cov(grid, rowvar=False))


def scale(key: str, items: int, of: AnswerMoments | None) -> ScaleAnswers:
    return ScaleAnswers(ItemSet(key, tuple(f"{key}.{i}" for i in range(items)), frozenset(), declared=True), of, 0)


READING = QualityReading(
    rule=InclusionRule(version=3),
    flagging=Flagging(rule_version=3, up_to_date=True, measured=100),
    everybody=GroupCounts(100, 8, {FlagKind.SPEEDING: 12, FlagKind.OUTLIER: 9}),
    groups={
        "region": {"north": GroupCounts(70, 6, {}), "east": GroupCounts(20, 2, {}), "south": GroupCounts(4, 4, {})}
    },
    questions=[QuestionCounts(key, AskedCounts(*counts), {}) for key, counts in QUESTIONS.items()],
    stopped={0: 3, 2: 5},
    scales=[
        scale("service", 4, moments(4, 1)),
        scale("pair", 2, moments(2, 3)),
        scale("few", 3, replace(moments(3, 2), n=4)),
        scale("single", 1, None),
    ],
    kpi=None,
)


def analysed(reading: QualityReading = READING) -> DataQualityOutcome:
    return analyse_quality(reading, minimum=MINIMUM, level=0.95, as_of=datetime(2026, 3, 1, tzinfo=UTC))


def charted(found: DataQualityOutcome) -> dict[str, Chart]:
    charts = quality_charts(found)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def points(chart: Chart) -> dict[str, dict[str, Any]]:
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    return {row["label"]: row for layer in layers for row in layer["data"]["values"]}


def lines(chart: Chart) -> list[str]:
    names: list[str] = chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    return names


def test_signs_stand_by_size_below_who_is_suspect() -> None:
    chart = charted(analysed())["flags"]

    assert lines(chart)[:3] == ["suspect, by the rule", "speeding", "outlier"]
    speeding = points(chart)["speeding"]
    assert (speeding["value"], speeding["n"]) == (0.12, 100)
    assert speeding["low"] < 0.12 < speeding["high"]
    assert "Of 100 responses 8 are suspect" in chart.description


def test_a_rule_that_only_shows_signs_calls_nobody_suspect() -> None:
    charts = charted(analysed(replace(READING, rule=InclusionRule(excludes=False))))
    assert "suspects" not in charts
    assert "suspect, by the rule" not in lines(charts["flags"])


def test_a_small_group_keeps_its_line_without_a_figure() -> None:
    chart = charted(analysed())["suspects"]

    assert set(lines(chart)) == {"region: north", "region: east", "region: south"}
    assert "region: south" not in points(chart)
    assert "withheld" in chart.as_json()


def test_missing_answers_stand_in_the_order_of_the_questions() -> None:
    chart = charted(analysed())["missing_answers"]

    assert lines(chart) == ["1. nps", "2. wait", "3. rare", "4. ease", "5. use", "6. why"]
    assert "3. rare" not in points(chart)
    assert points(chart)["6. why"]["value"] == pytest.approx(60 / 92, abs=1e-4)
    assert "Kendall's tau 1.00 (above 0: later ones are left out more), p 0.0" in chart.description


def test_break_off_is_who_still_answers() -> None:
    chart = charted(analysed())["break_off"]

    shown = points(chart)
    assert [(label, row["value"]) for label, row in shown.items()] == [
        ("beyond the start", 0.97),
        ("beyond 2. wait", 0.92),
    ]
    assert "8.0% stopped before the end" in chart.description


def test_reliability_has_its_interval_or_a_reason() -> None:
    chart = charted(analysed())["reliability"]

    assert lines(chart) == ["service", "pair", "few", "single"]
    assert set(points(chart)) == {"service", "pair"}
    assert points(chart)["service"]["low"] < points(chart)["service"]["value"] < points(chart)["service"]["high"]
    assert "usual minimum 0.70" in chart.as_json()
    assert "Fewer than 5 answered every item of the scale." in chart.as_json()
    assert "Alpha is below 0.7 in 1 of 2 scales." in chart.description


def test_the_kpi_stands_with_and_without_suspects_on_its_scale() -> None:
    both, without = (proportion_estimate(*counts, level=0.95) for counts in ((60, 100), (58, 92)))
    told = KpiWithAndWithout("CSAT of wait", False, 8, both, without, "share, 0 to 1", (0.0, 1.0))

    shown = charted(replace(analysed(), kpi=told))["kpi"]
    hidden = charted(replace(analysed(), kpi=KpiWithAndWithout("CSAT of wait", withheld=True)))["kpi"]

    assert list(points(shown)) == ["with suspects", "without suspects"]
    assert "Answers of 8 suspect responses" in shown.description
    assert points(hidden) == {}
    assert "Too few answered" in hidden.description


def test_without_a_rule_questions_and_scales_there_are_only_words() -> None:
    nothing = replace(READING, rule=None, questions=[], stopped={}, scales=[])

    (chart,) = charted(analysed(nothing)).values()

    assert chart.key == "missing_answers"
    assert chart.spec["data"]["values"][0]["text"].startswith("Of no question were enough asked")
