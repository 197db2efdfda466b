"""Golden s22: p charts, Laney's p' charts and Anhoej's rules against R's qcc and qicharts2."""

from typing import Any

import pytest

from feedback_core.trends.calc import ChartRules, p_chart
from feedback_core.trends.types import CountChart, CountChartKind
from tests.reference.goldens import golden_rows, load_golden

CASE = "s22_p_chart_laney"
SERIES = ["orangejuice_trial30", "ae_RQM_type1_breaches", "detractors_weekly"]
REL = 1e-9

# The orange-juice cans of Montgomery (Introduction to Statistical Quality Control), as in R's qcc 2.7.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], list[float], dict[str, Any]]:
    rows = [row for row in golden_rows(CASE) if row["series"] == request.param]
    counts, sizes = ([float(row[column]) for row in rows] for column in ("defects", "size"))
    return counts, sizes, load_golden(CASE)["expected"][request.param]


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _limits(chart: CountChart) -> tuple[list[float], list[float]]:
    return [point.lower_limit for point in chart.points], [point.upper_limit for point in chart.points]


def test_the_p_chart_is_that_of_qcc(series: tuple[list[float], list[float], dict[str, Any]]) -> None:
    counts, sizes, expected = series

    chart = p_chart(counts, sizes, laney="never", rules=ChartRules(run_length=7))

    assert chart.centre == pytest.approx(expected["p_bar"], rel=REL)
    assert _limits(chart)[0] == pytest.approx(expected["lcl"], rel=REL)
    assert _limits(chart)[1] == pytest.approx(expected["ucl"], rel=REL)
    assert [index + 1 for index in chart.beyond_limits] == _listed(expected["beyond_limits"])
    assert [index + 1 for index in chart.violating_runs] == _listed(expected["violating_runs_of_7"])


@pytest.mark.parametrize(("laney", "name"), [("never", "qicharts2_p"), ("always", "qicharts2_p_prime_laney")])
def test_limits_and_run_rules_are_those_of_qicharts2(
    series: tuple[list[float], list[float], dict[str, Any]], laney: Any, name: str
) -> None:
    counts, sizes, expected = series
    wanted = expected[name]

    chart = p_chart(counts, sizes, laney=laney)

    assert chart.centre == pytest.approx(wanted["cl"], rel=REL)
    assert _limits(chart)[0] == pytest.approx(wanted["lcl"], rel=REL)
    assert _limits(chart)[1] == pytest.approx(wanted["ucl"], rel=REL)
    assert [point.beyond_limits for point in chart.points] == wanted["sigma_signal"]
    runs = chart.runs
    assert runs is not None
    assert runs.signal == wanted["runs_signal"]
    assert (runs.longest_run, runs.longest_run_max) == (wanted["longest_run"], wanted["longest_run_max"])
    assert (runs.crossings, runs.crossings_min) == (wanted["n_crossings"], wanted["n_crossings_min"])


def test_large_counts_are_charted_by_laney_and_small_ones_not() -> None:
    chosen = {}
    for name in SERIES:
        rows = [row for row in golden_rows(CASE) if row["series"] == name]
        chart = p_chart([float(row["defects"]) for row in rows], [float(row["size"]) for row in rows])
        chosen[name] = chart.kind
    assert chosen == dict(zip(SERIES, [CountChartKind.P, CountChartKind.P_PRIME, CountChartKind.P], strict=True))


def test_the_cans_have_montgomerys_limits_without_the_shared_folder() -> None:
    chart = p_chart(CANS, [50] * 30)

    assert chart.centre == pytest.approx(0.231333333333333, rel=REL)
    assert chart.points[0].lower_limit == pytest.approx(0.0524275480719282, rel=REL)
    assert chart.points[0].upper_limit == pytest.approx(0.410239118594738, rel=REL)
    assert chart.beyond_limits == (14, 22)
    laney = p_chart(CANS, [50] * 30, laney="always")
    assert laney.points[0].upper_limit == pytest.approx(0.528471998043532, rel=REL)
