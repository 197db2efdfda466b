"""Figures as CSV, for scripts and spreadsheets."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from feedback_core.charts.types import Chart

TEXT_CSV = "text/csv; charset=utf-8; header=present"
CSV_RESPONSE: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}

# A spreadsheet would run a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer(Generic[Body]):
    """What a question is answered with, in whatever form it is wanted.

    Attributes:
        body: as JSON, the chart's specification included.
        chart: as a picture.
        rows: as CSV, a line each.
        common: columns that all lines share.
    """

    body: Body
    chart: Chart
    rows: Sequence[BaseModel]
    common: Mapping[str, object] = field(default_factory=dict)

    def shown(self, request: Request) -> Body | Response:
        """As JSON, or as CSV to who prefers that."""
        return csv_response(self.rows, self.common) if wants_csv(request) else self.body


def wants_csv(request: Request) -> bool:
    """Whether the caller prefers CSV to JSON."""
    ranges = [part.strip() for part in request.headers.get("accept", "").split(",")]
    quality = {part.split(";")[0].strip(): _quality(part) for part in ranges}
    json = max(quality.get("application/json", 0.0), quality.get("*/*", 0.0), quality.get("application/*", 0.0))
    return quality.get("text/csv", 0.0) > json or ("text/csv" in quality and quality["text/csv"] >= json > 0)


def csv_response(rows: Sequence[BaseModel], common: Mapping[str, object]) -> Response:
    """One line per row: the common columns first, nested fields as ``interval_low``; a chart is no column."""
    flat = [{**common, **_flatten(row.model_dump(mode="json", exclude={"chart"}))} for row in rows]
    columns = list(dict.fromkeys(name for line in flat for name in line)) or list(common)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_cell(line.get(name)) for name in columns] for line in flat])
    return Response(text.getvalue(), media_type=TEXT_CSV)


def _flatten(fields: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{name}_"))
        elif isinstance(value, list):
            flat[prefix + name] = " ".join(str(part) for part in value)
        else:
            flat[prefix + name] = value
    return flat


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
