"""Charts of analyses of themes: every theme has its line, what is withheld has no figure, and change is in words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from feedback_core.charts.types import Chart
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc import compare_proportions
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.types import Bucket
from feedback_core.themes.analysis.calc.changes import theme_trends
from feedback_core.themes.analysis.calc.shares import theme_series
from feedback_core.themes.analysis.charts import MOST_SERIES, themes_charts
from feedback_core.themes.analysis.types import (
    ThemeFinding,
    ThemePeriod,
    ThemeScore,
    ThemesOutcome,
    ToneShare,
)
from feedback_core.themes.types import Tone
from tests.support.analyses import months
from tests.unit.charts.builders import faults_of

MONTHS = months(date(2025, 1, 1), 8)
RISING = (5, 8, 11, 14, 20, 22, 26, 30)
FLAT = (10, 11, 9, 10, 11, 9, 10, 10)
CSAT = next(one for one in BUILT_IN if one.key == "csat")


def share(n: int, of: int = 400) -> Estimate:
    return proportion_estimate(n, of, level=0.95)


def series(*mentions: int, n: int = 50) -> tuple[ThemePeriod, ...]:
    counts = {month: (count, n) for month, count in zip(MONTHS, mentions, strict=True)}
    return theme_series(counts, dict.fromkeys(MONTHS, True), minimum=5, level=0.95)


def theme(key: str, *mentions: int, score: ThemeScore | None = None) -> ThemeFinding:
    course = series(*mentions)
    trend = theme_trends({key: course}, level=0.95)[key]
    return ThemeFinding(key, key.title(), None, False, share(sum(mentions)), course, trend, score, ())


def withheld(key: str) -> ThemeFinding:
    return ThemeFinding(key, key.title(), None, True, None, (), None, None, ())


def scored(mentioned: int, others: int, *, n: int = 60, differ: bool = True) -> ThemeScore:
    sides = proportion_estimate(mentioned, n, level=0.95), proportion_estimate(others, n, level=0.95)
    compared = compare_proportions(Share(mentioned, n), Share(others, n))
    return ThemeScore(*sides, compared, compared.p_value, differ, withheld=False)


def outcome(*themes: ThemeFinding, **fields: Any) -> ThemesOutcome:
    whole = ThemesOutcome(
        questions=("why",), time_zone="UTC", bucket=Bucket.MONTH, as_of=datetime(2026, 1, 1, tzinfo=UTC), seed=1,
        level=0.95, comments=410, respondents=400, coded=400, languages=(), tones=(), tone_known=None,
        codebook_version=1, quality=None, themes=themes, uncoded=share(90), kpi="csat", kpi_question="wait",
        unit=CSAT.unit, suggestions=None, sentence="400 respondents gave 410 comments.", warnings=(),
        subject="CSAT of wait", bounds=(0.0, 1.0),
    )  # fmt: skip
    return replace(whole, **fields)


def charted(found: ThemesOutcome) -> dict[str, Chart]:
    charts = themes_charts(found)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def points(chart: Chart) -> list[dict[str, Any]]:
    layers = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"]
    return [row for layer in layers for row in layer["data"]["values"]]


def test_themes_stand_by_size_with_their_intervals_and_their_course() -> None:
    chart = charted(outcome(theme("staff", *FLAT), theme("waiting", *RISING)))["themes"]

    rows = points(chart)
    assert [(row["label"], row["kind"]) for row in rows] == [
        ("Waiting", "rising"),
        ("Staff", "no change can be told"),
        ("(no theme)", "change not tested"),
    ]
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert "400 respondents gave 410 comments." in chart.description


def test_a_withheld_theme_has_its_line_and_no_figure_in_any_chart() -> None:
    charts = charted(outcome(theme("waiting", *RISING), withheld("parking")))

    assert list(charts) == ["themes", "theme_waiting"]
    labels = charts["themes"].spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert labels == ["Waiting", "(no theme)", "Parking"]
    assert "Parking" not in [row["label"] for row in points(charts["themes"])]
    assert "withheld" in charts["themes"].as_json()


def test_a_theme_that_the_source_cannot_code_says_so() -> None:
    silent = replace(withheld("parking"), withheld=False, not_coded="It has no rules.")
    assert "not coded by this source" in charted(outcome(silent))["themes"].as_json()


def test_those_that_change_come_first_and_their_number_is_bounded() -> None:
    large = [theme(f"large{i}", *(20 + i for _ in range(8))) for i in range(9)]

    keys = [key for key in charted(outcome(*large, theme("waiting", *RISING))) if key.startswith("theme_")]

    assert keys == ["theme_waiting", *(f"theme_large{i}" for i in (8, 7, 6, 5, 4))]
    assert len(keys) == MOST_SERIES


def test_a_course_says_what_changed_with_its_interval_and_hides_what_is_withheld() -> None:
    counts = {month: (5, 3 if place in {1, 2} else 40) for place, month in enumerate(MONTHS)}
    gaps = theme_series(counts, dict.fromkeys(MONTHS, True), minimum=5, level=0.95)

    charts = charted(outcome(theme("waiting", *RISING), replace(theme("food", *FLAT), series=gaps)))

    assert "Its share is rising: later half minus earlier half 30.0 points (95% interval" in (
        charts["theme_waiting"].description
    )
    hidden = charts["theme_food"].spec["data"]["values"][1]
    assert (hidden["state"], hidden["value"], hidden["low"], hidden["n"]) == ("withheld", None, None, None)


def test_scores_are_differences_against_those_who_do_not_speak_of_it() -> None:
    few = ThemeScore(None, None, None, None, None, withheld=True)
    found = outcome(
        theme("staff", *FLAT, score=scored(40, 38, differ=False)),
        theme("waiting", *RISING, score=scored(15, 45)),
        theme("food", *FLAT, score=few),
    )

    chart = charted(found)["scores"]

    rows = points(chart)
    assert [(row["label"], row["value"], row["kind"]) for row in rows] == [
        ("Waiting", pytest.approx(-50.0), "they differ"),
        ("Staff", pytest.approx(3.33), "no difference can be told"),
    ]
    assert rows[0]["low"] < -50 < rows[0]["high"] < 0
    assert chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["Waiting", "Staff", "Food"]
    assert "25.0% against 75.0%, p < 0.001" in chart.as_json()
    assert chart.description.startswith("CSAT of wait: those who speak of a theme")


def test_tones_are_shares_from_good_to_bad() -> None:
    tones = tuple(ToneShare(tone, share(n)) for tone, n in zip(Tone, (200, 80, 100, 20), strict=True))

    chart = charted(outcome(tones=tones, tone_known=400))["tones"]

    assert [row["label"] for row in points(chart)] == ["positive", "mixed", "neutral", "negative"]


def test_without_a_codebook_there_is_nothing_to_draw_but_words() -> None:
    (chart,) = charted(outcome(uncoded=None, codebook_version=None)).values()
    assert chart.spec["data"]["values"] == [{"text": "400 respondents gave 410 comments."}]
