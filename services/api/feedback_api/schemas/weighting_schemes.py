"""Shapes of weighting schemes."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Key, Line, Output
from feedback_core.weighting.schemes import Distance, FrameCell, SchemeKind, StoredScheme, WeightingScheme

Category = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[^\x00-\x1f]+$")]
Size = Annotated[float, Field(strict=True, gt=0, le=1e12, allow_inf_nan=False)]
Factor = Annotated[float, Field(strict=True, ge=-100, le=1_000, allow_inf_nan=False)]
Cap = Annotated[float, Field(strict=True, gt=1, le=1_000, allow_inf_nan=False)]
Margins = dict[Key, Annotated[dict[Category, Size], Field(max_length=1_000)]]


class FrameCellBody(Input):
    """So many people of the frame with these categories."""

    model_config = ConfigDict(from_attributes=True)

    categories: dict[Key, Category] = Field(min_length=1, max_length=20, examples=[{"region": "north", "age": "18_34"}])
    count: Size = Field(description="People of the frame, or their share; for propensity, people who were invited")


class SchemeFrameBody(Input):
    """The frame: by single attributes, or by all of them together."""

    margins: Margins | None = Field(
        default=None,
        max_length=20,
        description="Of raking and calibration: attribute to value to share, percentage or count",
        examples=[{"region": {"north": 0.6, "south": 0.4}}],
    )
    cells: list[FrameCellBody] | None = Field(
        default=None, max_length=5_000, description="Of cell and propensity: every combination of the attributes"
    )


class WeightingSchemeIn(Input):
    """How the answers to a survey are weighted to its frame."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Customers of 2026 by region",
                    "kind": "raking",
                    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
                    "cap": 5,
                }
            ]
        }
    )

    name: Line
    kind: SchemeKind = Field(
        description="cell (post-stratification), raking, calibration, or propensity (of responding, among all invited)"
    )
    frame: SchemeFrameBody
    distance: Distance | None = Field(default=None, description="Of calibration: what is kept small")
    bounds: tuple[Factor, Factor] | None = Field(
        default=None, description="Of calibration: least and greatest factor on the base weight"
    )
    cap: Cap | None = Field(default=None, description="Of raking: largest weight over the mean one")

    def scheme(self, key: str) -> WeightingScheme:
        """The same, for the domain."""
        cells = self.frame.cells
        return WeightingScheme(
            key=key,
            kind=self.kind,
            name=self.name,
            margins=self.frame.margins,
            cells=None if cells is None else tuple(FrameCell(cell.categories, cell.count) for cell in cells),
            distance=self.distance,
            bounds=self.bounds,
            cap=self.cap,
        )


class WeightingSchemeOut(Output):
    """A version of a weighting scheme."""

    key: str = Field(examples=["customers_2026"])
    version: int = Field(description="Its ETag; every weighted figure names the version that it was made with")
    name: str
    kind: SchemeKind
    frame: SchemeFrameBody
    distance: Distance | None
    bounds: tuple[float, float] | None
    cap: float | None
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredScheme) -> Self:
        """From the domain."""
        scheme = stored.scheme
        cells = None if scheme.cells is None else [FrameCellBody.model_validate(cell) for cell in scheme.cells]
        margins = None if scheme.margins is None else {key: dict(found) for key, found in scheme.margins.items()}
        return cls(
            key=scheme.key,
            version=scheme.version,
            name=scheme.name,
            kind=scheme.kind,
            frame=SchemeFrameBody(margins=margins, cells=cells),
            distance=scheme.distance,
            bounds=scheme.bounds,
            cap=scheme.cap,
            defined_by=stored.defined_by,
            defined_at=stored.defined_at,
        )


class WeightingSchemesOut(Output):
    """The weighting schemes of a survey, or the versions of one."""

    items: list[WeightingSchemeOut]
