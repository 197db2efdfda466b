"""One chart of every form, on usual and on awkward data, and the schema that all of them are held to."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from feedback_core.charts import palette
from feedback_core.charts.bars import Bar, answer_bars
from feedback_core.charts.composition import Pair, composition_chart
from feedback_core.charts.control import ControlPoint, control_chart
from feedback_core.charts.document import document, notice
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.quadrants import Spot, quadrant_chart
from feedback_core.charts.series import Change, Fitted, Overlay, series_chart
from feedback_core.charts.types import Chart, Kind, Period, PeriodState, Quantity, Row, Span

NPS = Quantity("NPS", -100.0, 100.0, "points")
SHARE = Quantity("CSAT", 0.0, 1.0)
MINUTES = Quantity("Waiting time", unit="minutes")
KINDS = (Kind("usual", palette.ORDINARY), Kind("high", palette.GOOD, "triangle-up"))
WITHHELD, EMPTY, INCOMPLETE = PeriodState.WITHHELD, PeriodState.EMPTY, PeriodState.INCOMPLETE


def month(index: int) -> date:
    return date(2025 + index // 12, index % 12 + 1, 1)


def period(index: int, value: float | None, state: PeriodState = PeriodState.COMPLETE, *, half: float = 5.0) -> Period:
    if value is None:
        return Period(month(index), state)
    return Period(month(index), state, value, value - half, value + half, 40)


def series(*periods: Period, quantity: Quantity = NPS, overlay: Overlay | None = None) -> Chart:
    return series_chart(
        "series",
        title="NPS by month",
        sentence="NPS rose.",
        quantity=quantity,
        span=Span.MONTH,
        periods=periods,
        level=0.95,
        overlay=overlay,
    )


def control(*values: float | None, target: float | None = None, high: tuple[int, ...] = ()) -> Chart:
    periods = [
        period(i, value, PeriodState.COMPLETE if value is not None else WITHHELD) for i, value in enumerate(values)
    ]
    points = [
        ControlPoint(month(i), value, 40.0, 20.0, 60.0, 0, "high" if i in high else "usual")
        for i, value in enumerate(values)
        if value is not None
    ]
    return control_chart(
        "control", title="NPS", sentence="Common cause.", quantity=NPS, span=Span.MONTH, periods=periods, points=points,
        kinds=KINDS, notes=["dashed: limits"], target=target, changes=[Change(month(3), "known change")],
    )  # fmt: skip


def intervals(*rows: Row, quantity: Quantity = NPS, reference: float | None = None) -> Chart:
    return interval_chart(
        "breakdown", title="NPS by region", sentence="", quantity=quantity, rows=rows, kinds=KINDS, reference=reference,
        reference_name="overall" if reference is not None else "",
    )  # fmt: skip


def composition(*pairs: Pair) -> Chart:
    return composition_chart("composition", title="Who answered", sentence="", pairs=pairs, kinds=KINDS, notes=[])


def quadrants(*spots: Spot) -> Chart:
    return quadrant_chart(
        "quadrants", title="Drivers", sentence="", x=SHARE, y=Quantity("Performance", 0.0, 100.0), lines=(0.25, 70.0),
        corners=("low priority", "concentrate here", "possible overkill", "keep up"), spots=spots, kinds=KINDS,
        notes=[],
    )  # fmt: skip


def bars(*counts: int, kinds: tuple[Kind, ...] = KINDS) -> Chart:
    found = [Bar(str(i), n, kinds[i % len(kinds)].name) for i, n in enumerate(counts)]
    body = answer_bars(found, axis="Answer", kinds=kinds, width=400)
    return document("value", title="NPS", sentence="", notes=[], body=body)


USUAL: Mapping[str, Chart] = {
    "series": series(
        *(period(i, 40.0 + i) for i in range(4)),
        period(4, None, WITHHELD),
        period(5, 50.0),
        period(6, None, EMPTY),
        *(period(i, 30.0 + i) for i in range(7, 11)),
        period(11, 20.0, INCOMPLETE),
        overlay=Overlay(
            target=45.0,
            fitted=(Fitted(month(0), 40.0, month(5), 45.0),),
            changes=(Change(month(6), "change of level", month(5), month(7)),),
        ),
    ),
    "forecast": series(
        *(period(i, 40.0) for i in range(12)), overlay=Overlay(ahead=tuple(period(i, 40.0) for i in range(12, 15)))
    ),
    "control": control(*(40.0 + i % 5 for i in range(12)), None, 70.0, target=50.0, high=(13,)),
    "breakdown": intervals(
        Row("north", 40.0, 35.0, 45.0, 120, "usual", target=50.0), Row("south", None, note="withheld"),
        Row("not known", 10.0, n=9, kind="high", remark="rank 2"), reference=30.0,
    ),
    "composition": composition(
        Pair("region", "north", 0.7, 0.6, 0.55, 0.65, 70, "high"),
        Pair("age", "18 to 34", 0.3, 0.3, 0.2, 0.4, 30, "usual"),
    ),
    "quadrants": quadrants(
        Spot("wait", 0.5, 60.0, (0.4, 0.6), (55.0, 65.0), "usual"), Spot("ease", 0.2, 80.0, None, None, "high")
    ),
    "bars": bars(3, 9, 30, 12),
    "notice": notice("nothing", title="NPS", words="Nothing to show."),
}  # fmt: skip
"""A chart of every form."""

AWKWARD: Mapping[str, Chart] = {
    "no period": series(),
    "one period": series(period(0, 40.0)),
    "one period without an interval": series(Period(month(0), PeriodState.COMPLETE, 40.0, n=3)),
    "only incomplete": series(period(0, 40.0, INCOMPLETE)),
    "all withheld": series(period(0, None, WITHHELD), period(1, None, WITHHELD)),
    "all the same": series(*(period(i, 0.0, half=0.0) for i in range(5))),
    "a share of nobody": series(*(period(i, 0.0, half=0.0) for i in range(5)), quantity=SHARE),
    "beyond the scale": series(period(0, 99.0), period(1, -99.0)),
    "large numbers": series(period(0, 3.2e9), period(1, 1.0e10), quantity=MINUTES),
    "quotes and brackets": series_chart(
        "series", title='NPS of "a<b>" & \'c\'', sentence="</svg>", quantity=NPS,
        span=Span.DAY, periods=[period(0, 1.0)], level=0.9,
    ),
    "no point": control(),
    "one point": control(40.0),
    "no group": intervals(),
    "one group": intervals(Row("north", 40.0, 35.0, 45.0, 120, "usual")),
    "every group withheld": intervals(Row("north", None, note="withheld"), Row("south", None, note="withheld")),
    "groups of one name": intervals(Row("north", 1.0, kind="usual"), Row("north", 2.0, kind="usual")),
    "many groups": intervals(*(Row(f"branch {i}", float(i), i - 1.0, i + 1.0, 9, "usual") for i in range(200))),
    "no category": composition(),
    "no driver": quadrants(),
    "drivers on one spot": quadrants(*(Spot(f"driver {i}", 0.2, 50.0, None, None, "usual") for i in range(5))),
    "no answers": bars(0, 0),
    "one answer": bars(1, kinds=KINDS[:1]),
}  # fmt: skip
"""Charts of data that are hardly any."""


@cache
def _schema() -> jsonschema_rs.Draft7Validator:
    text = (files("altair.vegalite.v6.schema") / "vega-lite-schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft7Validator(json.loads(text, object_hook=_encoded))


def _encoded(part: dict[str, Any]) -> dict[str, Any]:
    """Names of definitions as an address may hold them: Vega-Lite's have brackets and bars."""
    return {**part, "$ref": quote(part["$ref"], safe="#/")} if isinstance(part.get("$ref"), str) else part


def faults_of(chart: Chart) -> list[str]:
    """Where a specification is none of Vega-Lite."""
    return [f"{'/'.join(map(str, e.instance_path))}: {e.message[:300]}" for e in _schema().iter_errors(chart.spec)]
