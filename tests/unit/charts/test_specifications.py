"""Every form of chart, on usual and on awkward data: a valid, self-contained specification, the same every time."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from feedback_core.charts.document import SCHEMA, notice
from feedback_core.charts.types import Chart
from tests.unit.charts import builders
from tests.unit.charts.builders import AWKWARD, USUAL, faults_of

ALL = [*USUAL.items(), *AWKWARD.items()]
each_chart = pytest.mark.parametrize("chart", [chart for _, chart in ALL], ids=[name for name, _ in ALL])


def parts_of(spec: Any) -> Iterator[Any]:
    yield spec
    for part in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ():
        yield from parts_of(part)


@each_chart
def test_every_specification_is_valid_vega_lite(chart: Chart) -> None:
    assert faults_of(chart) == []


def test_a_specification_that_is_not_is_found() -> None:
    spec = {**USUAL["bars"].spec, "marc": "bar"}
    assert faults_of(Chart("x", "x", "x", spec))


@each_chart
def test_every_specification_holds_its_data_and_fetches_nothing(chart: Chart) -> None:
    addresses = {part for part in parts_of(chart.spec) if isinstance(part, str) and "://" in part}
    keys = {key for part in parts_of(chart.spec) if isinstance(part, dict) for key in part}
    assert addresses == {SCHEMA}
    assert not keys & {"url", "href", "lookup"}


@each_chart
def test_every_number_is_finite(chart: Chart) -> None:
    assert all(math.isfinite(part) for part in parts_of(json.loads(chart.as_json())) if isinstance(part, float))


@each_chart
def test_every_chart_says_in_words_what_it_shows(chart: Chart) -> None:
    assert chart.description.startswith(chart.title)
    assert chart.spec["description"] == chart.description
    assert "".join(chart.spec["title"]["text"]).replace(" ", "") == chart.title.replace(" ", "")


def test_the_same_data_are_the_same_bytes() -> None:
    again = builders.series(*(builders.period(i, 40.0 + i) for i in range(4)))
    first = builders.series(*(builders.period(i, 40.0 + i) for i in range(4)))
    assert again.as_json() == first.as_json()


def test_a_usual_chart_is_small() -> None:
    assert {name: len(chart.as_json()) for name, chart in USUAL.items() if len(chart.as_json()) > 12_000} == {}


def test_a_long_title_is_wrapped() -> None:
    words = "How satisfied were you with the time that you had to wait until somebody answered the telephone"
    chart = notice("x", title=f"Customer satisfaction of {words}", words="Nothing.")
    assert len(chart.spec["title"]["text"]) > 1
    assert all(len(line) < 80 for line in chart.spec["title"]["text"])
