"""What each form of chart must show: uncertainty, what is withheld, what is not complete, what is claimed."""

from typing import Any

from feedback_core.charts.bars import MOST_BARS, classes_of
from feedback_core.charts.document import MOST_ROWS
from feedback_core.charts.series import Change, Overlay
from feedback_core.charts.types import Chart, PeriodState, Row
from tests.unit.charts.builders import (
    EMPTY,
    INCOMPLETE,
    USUAL,
    WITHHELD,
    bars,
    control,
    intervals,
    month,
    period,
    series,
)


def layers(chart: Chart, mark: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == mark]


def rows(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.spec["data"]["values"]
    return found


def texts(chart: Chart) -> set[str]:
    found = set()
    for layer in layers(chart, "text"):
        channel = layer["encoding"]["text"]
        values = layer["data"]["values"]
        found |= {channel["value"]} if "value" in channel else {row[channel["field"]] for row in values}
    return found


def test_every_point_of_a_series_has_its_interval_drawn() -> None:
    chart = series(period(0, 40.0), period(1, 42.0), period(2, None, WITHHELD), period(3, 30.0), period(4, None, EMPTY))

    (band,), bars_of_lone = layers(chart, "area"), layers(chart, "rule")

    assert (band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) == ("low", "high")
    assert [layer["transform"] for layer in bars_of_lone if "transform" in layer] == [[{"filter": "datum.lone"}]]
    assert [row["start"] for row in rows(chart) if row.get("lone")] == ["2025-04-01"]


def test_a_withheld_period_is_a_gap_with_its_name_and_no_figure() -> None:
    chart = series(period(0, 40.0), period(1, None, WITHHELD), period(2, 42.0))

    (gap,) = layers(chart, "rect")

    hidden = {"start": "2025-02-01", "period": "Feb 2025", "state": "withheld"}
    assert rows(chart)[1] == {**hidden, "value": None, "low": None, "high": None, "n": None}
    assert [row["why"] for row in gap["data"]["values"]] == ["withheld"]
    assert "withheld" in texts(chart)
    assert "too few answers to be shown" in chart.description


def test_neighbouring_gaps_of_one_kind_are_one_band_and_others_are_not() -> None:
    chart = series(
        period(0, 40.0), period(1, None, WITHHELD), period(2, None, WITHHELD), period(3, None, EMPTY), period(4, 1.0)
    )

    (gap,) = layers(chart, "rect")

    assert [row["why"] for row in gap["data"]["values"]] == ["withheld", "no answers"]


def test_a_line_neither_runs_over_a_gap_nor_to_a_period_that_is_not_complete() -> None:
    chart = series(period(0, 40.0), period(1, None, WITHHELD), period(2, 42.0), period(3, 10.0, INCOMPLETE))

    (line,) = layers(chart, "line")

    assert line["mark"]["invalid"] == "break-paths-show-domains"
    assert line["transform"] == [{"filter": f"datum.state !== '{PeriodState.INCOMPLETE}'"}]
    (points,) = layers(chart, "point")
    assert points["encoding"]["fill"]["condition"]["value"] == "white"
    assert "not complete" in chart.description


def test_days_are_shown_as_they_are_in_every_time_zone() -> None:
    x = next(layer["encoding"]["x"] for layer in USUAL["series"].spec["layer"] if "scale" in layer["encoding"]["x"])
    assert x["scale"]["type"] == "utc"
    assert "utcFormat" in x["axis"]["labelExpr"]


def test_an_axis_that_crosses_zero_has_a_rule_there() -> None:
    def zeros(chart: Chart) -> list[Any]:
        return [layer for layer in layers(chart, "rule") if layer["encoding"]["y"].get("datum") == 0]

    assert zeros(series(period(0, 40.0), period(1, -40.0)))
    assert not zeros(series(period(0, 40.0), period(1, 50.0)))


def test_a_change_whose_date_is_uncertain_is_a_band() -> None:
    sure = series(period(0, 40.0), period(1, 50.0), overlay=Overlay(changes=(Change(month(1), "new"),)))
    unsure = series(
        period(0, 40.0), period(1, 50.0), overlay=Overlay(changes=(Change(month(1), "new", month(0), month(1)),))
    )

    assert (len(layers(sure, "rect")), len(layers(unsure, "rect"))) == (0, 1)
    assert {"new"} <= texts(sure) & texts(unsure)


def test_signals_of_a_control_chart_differ_in_shape_and_colour() -> None:
    (points,) = layers(control(*(40.0,) * 5, 70.0, high=(5,)), "point")

    shape, colour = points["encoding"]["shape"]["scale"], points["encoding"]["color"]["scale"]

    assert shape["domain"] == colour["domain"] == ["usual", "high"]
    assert len(set(shape["range"])) == len(set(colour["range"])) == 2


def test_the_lines_of_a_control_chart_are_named_with_their_value_where_there_is_room() -> None:
    assert {"mean 40.0", "upper limit 60.0", "lower limit 20.0", "target 50.0"} <= texts(
        control(40.0, 41.0, target=50.0)
    )
    assert "mean 40.0" not in texts(control(40.0, 41.0, target=40.5))


def test_a_group_without_a_figure_keeps_its_line_and_says_why() -> None:
    chart = intervals(Row("north", 40.0, 35.0, 45.0, 120, "usual"), Row("south", None, note="withheld"))

    y = chart.spec["layer"][0]["encoding"]["y"]

    assert y["scale"]["domain"] == ["north", "south"]
    assert {"withheld", "40.0  (35.0 to 45.0)", "n 120"} <= texts(chart)


def test_more_groups_than_fit_are_counted() -> None:
    chart = intervals(*(Row(f"branch {i}", 1.0, kind="usual") for i in range(200)))

    assert len(chart.spec["layer"][0]["encoding"]["y"]["scale"]["domain"]) == MOST_ROWS
    assert "the first 60 of 200" in chart.description.lower()


def test_bars_begin_at_zero_and_show_an_answer_that_nobody_gave() -> None:
    chart = bars(0, 3, 9)

    (bar,) = layers(chart, "bar")

    assert bar["encoding"]["y"]["scale"]["domainMin"] == 0
    assert [row["n"] for row in rows(chart)] == [0, 3, 9]


def test_classes_of_numbers_hold_every_answer_once() -> None:
    counts = {i * 0.37: i % 5 + 1 for i in range(500)}

    found = classes_of(counts)

    assert sum(n for _, _, n in found) == sum(counts.values())
    assert len(found) <= MOST_BARS
    assert all(low < high for low, high, _ in found)
