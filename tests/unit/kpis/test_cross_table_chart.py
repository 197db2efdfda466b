"""Charts of cross-tabs: shares of columns in panels, what stands out, and nothing of what is withheld."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from feedback_core.charts.document import MOST_ROWS
from feedback_core.charts.types import Chart
from feedback_core.kpis.calc.cross_tables import cross_table, unweighted_figures
from feedback_core.kpis.charts import cross_table_chart
from feedback_core.kpis.types.cross_tabs import Axis
from feedback_core.kpis.use_cases import CrossTabFound
from tests.unit.charts.builders import faults_of

ROWS, COLUMNS = Axis("nps", "nps", None, {}), Axis("region", None, None, {})
COUNTS = np.array([[10, 30, 22], [20, 15, 20], [40, 15, 21]])
GAP = np.array([[40, 20, 30], [12, 2, 15], [18, 25, 9]])


def charted(counts: NDArray[np.int64], names: tuple[list[str], list[str]] | None = None) -> Chart:
    if names is None:
        names = [f"r{i}" for i in range(counts.shape[0])], [f"c{j}" for j in range(counts.shape[1])]
    table = cross_table(unweighted_figures(counts), ROWS, COLUMNS, names, minimum=5, left_out=0)
    chart = cross_table_chart(CrossTabFound(ROWS, COLUMNS, "UTC", None, table))
    assert faults_of(chart) == []
    return chart


def points(panel: dict[str, Any]) -> dict[str, dict[str, Any]]:
    layers = [layer for layer in panel["layer"] if layer["mark"]["type"] == "point"]
    return {row["label"]: row for layer in layers for row in layer["data"]["values"]}


def test_a_panel_per_row_has_the_share_of_every_column_with_its_interval() -> None:
    chart = charted(COUNTS, (["detractors", "passives", "promoters"], ["north", "south", "west"]))

    panels = chart.spec["vconcat"]
    assert [panel["title"]["text"] for panel in panels] == ["detractors", "passives", "promoters"]
    south = points(panels[0])["south"]
    assert (south["value"], south["n"], south["kind"]) == (0.5, 60, "more than by independence")
    assert south["low"] < 0.5 < south["high"]
    assert points(panels[0])["north"]["kind"] == "fewer than by independence"
    assert "go together" in chart.description


def test_all_panels_have_one_axis_that_the_last_one_names() -> None:
    panels = charted(COUNTS).spec["vconcat"]

    axes = [layer["encoding"]["x"] for panel in panels for layer in panel["layer"] if "axis" in layer["encoding"]["x"]]
    assert len({str(axis["scale"]["domain"]) for axis in axes}) == 1
    assert {axis["axis"]["title"] for axis in axes} == {None, "Share of each region"}
    assert {axis["axis"]["title"] for axis in axes[: len(axes) // 3]} == {None}


def test_of_a_withheld_cell_there_is_its_line_and_nothing_else() -> None:
    chart = charted(GAP)

    panels = {panel["title"]["text"]: panel for panel in chart.spec["vconcat"]}
    assert panels["r1"]["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["c0", "c1", "c2"]
    assert "c1" not in points(panels["r1"])
    assert "0.0426" not in chart.as_json(), "2 of 47"
    assert "withheld: too few answers to be shown" in chart.as_json()


def test_of_a_large_table_the_cells_most_unlike_independence_are_drawn() -> None:
    counts = np.full((10, 12), 20)
    counts[7, 11] = 90

    chart = charted(counts)

    drawn = list(points(chart.spec))
    assert (len(drawn), drawn[0]) == (MOST_ROWS, "r7 × c11")
    assert "the 60 of 120 cells most unlike independence; 0 are withheld" in chart.description


def test_a_table_of_nobody_says_so() -> None:
    chart = charted(np.zeros((2, 2), dtype=np.int64))
    assert chart.description
    assert "NaN" not in str(chart.spec)
