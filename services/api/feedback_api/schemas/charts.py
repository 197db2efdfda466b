"""Shapes of charts."""

from typing import Annotated, Any, Self
from urllib.parse import quote

from pydantic import Field

from feedback_api.schemas.common import Output
from feedback_core.charts.types import Chart, ImageFormat

VegaLite = Annotated[
    dict[str, Any],
    Field(
        description="Vega-Lite 6 specification, with its data, title and description: give it to vega-embed",
        examples=[
            {
                "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
                "description": "NPS by month. Dec 2026: 42.1 (95% interval 38.0 to 46.2, n = 1,234).",
                "title": {"text": ["NPS by month"], "subtitle": []},
                "data": {"values": [{"start": "2026-12-01", "value": 42.1, "low": 38.0, "high": 46.2, "n": 1234}]},
                "layer": [],
            }
        ],
    ),
]


class ChartOut(Output):
    """A chart, and where to get it as a picture."""

    key: str = Field(description="Names it among the charts of its analysis", examples=["series"])
    title: str
    description: str = Field(description="What it shows, in plain words: the text instead of the picture")
    spec: VegaLite
    svg: str = Field(description="Path of the picture", examples=["/v1/analyses/0198c5a2-…/charts/series.svg"])
    png: str = Field(description="The same in pixels, two per pixel of the SVG")

    @classmethod
    def of(cls, chart: Chart, folder: str) -> Self:
        """From the domain; ``folder`` is where its pictures are."""
        path = f"{folder}{quote(chart.key)}."
        return cls(
            key=chart.key,
            title=chart.title,
            description=chart.description,
            spec=chart.spec,
            svg=path + ImageFormat.SVG,
            png=path + ImageFormat.PNG,
        )
