"""Weighting schemes: how the answers to a survey are weighted to its frame, as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from feedback_core.kit.errors import Fault


class SchemeKind(StrEnum):
    """How the weights are found."""

    CELL = "cell"
    RAKING = "raking"
    CALIBRATION = "calibration"
    PROPENSITY = "propensity"
    DESIGN = "design"


DESIGN_KEY: Final = "design"
"""Names weighting by the samples of a survey, without a scheme that is kept."""


class Distance(StrEnum):
    """What calibration keeps small between base and final weights."""

    LINEAR = "linear"
    RAKING = "raking"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class FrameCell:
    """So many people of the frame with these categories.

    Attributes:
        categories: attribute to category, of every attribute of the scheme.
        count: people, or their share, above 0.
    """

    categories: Mapping[str, str]
    count: float


@dataclass(frozen=True, slots=True)
class WeightingScheme:
    """A version of a scheme.

    Attributes:
        key: its name in ``weighting=``.
        kind: how the weights are found.
        margins: of raking and calibration: attribute to category to share, percentage or count.
        cells: of cell weighting: the frame by all its attributes together; of propensity: everybody invited.
        distance: of calibration.
        bounds: of calibration by the linear or logit distance: least and greatest factor on the base weight.
        cap: of raking: largest weight over the mean; ``None``: none.
        version: counts the versions that this key has had, from 1.
    """

    key: str
    kind: SchemeKind
    name: str
    margins: Mapping[str, Mapping[str, float]] | None = None
    cells: tuple[FrameCell, ...] | None = None
    distance: Distance | None = None
    bounds: tuple[float, float] | None = None
    cap: float | None = None
    version: int = 1

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that it weights by."""
        if self.margins is not None:
            return tuple(self.margins)
        return tuple(self.cells[0].categories) if self.cells else ()

    def categories(self) -> dict[str, list[str]]:
        """The categories of each attribute, in the order given."""
        if self.margins is not None:
            return {attribute: list(figures) for attribute, figures in self.margins.items()}
        found: dict[str, dict[str, None]] = {attribute: {} for attribute in self.attributes}
        for cell in self.cells or ():
            for attribute in self.attributes:
                found[attribute][cell.categories[attribute]] = None
        return {attribute: list(named) for attribute, named in found.items()}


@dataclass(frozen=True, slots=True)
class StoredScheme:
    """A version of a scheme, and who wrote it when."""

    scheme: WeightingScheme
    defined_by: str
    defined_at: datetime


def by_design() -> WeightingScheme:
    """Weighting by the inclusion probabilities of the samples of a survey."""
    return WeightingScheme(DESIGN_KEY, SchemeKind.DESIGN, "The samples of the survey, by their design")


_BY_MARGINS = frozenset({SchemeKind.RAKING, SchemeKind.CALIBRATION})
_FACTORS_NEED = "The least factor lies below 1 and the greatest above 1."


def faults_of(scheme: WeightingScheme, declared: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Everything that is wrong with a scheme, in itself and against the attributes that the survey declares."""
    if scheme.kind is SchemeKind.DESIGN:
        detail = "The samples of a survey weight it without a scheme: ask for weighting=design."
        return [Fault("/kind", "not_applicable", detail)]
    faults = [*_fields(scheme), *_cells(scheme)]
    return faults or list(_names(scheme, declared))


def _fields(scheme: WeightingScheme) -> Iterator[Fault]:
    by_margins = scheme.kind in _BY_MARGINS
    needed, other = ("margins", "cells") if by_margins else ("cells", "margins")
    if not getattr(scheme, needed):
        yield Fault(f"/frame/{needed}", "required", f"A {scheme.kind} scheme needs the {needed} of the frame.")
    if getattr(scheme, other) is not None:
        yield Fault(f"/frame/{other}", "not_applicable", f"A {scheme.kind} scheme has no {other}; leave them out.")
    if scheme.cap is not None and scheme.kind is not SchemeKind.RAKING:
        yield Fault("/cap", "not_applicable", "Only raking is capped; calibration has bounds.")
    calibrates = scheme.kind is SchemeKind.CALIBRATION
    if calibrates and scheme.distance is None:
        yield Fault("/distance", "required", "Say which distance calibration keeps small: linear, raking or logit.")
    for name in ("distance", "bounds"):
        if getattr(scheme, name) is not None and not calibrates:
            yield Fault(f"/{name}", "not_applicable", f"Only calibration has {name}; leave it out.")
    if calibrates and scheme.distance is Distance.LOGIT and scheme.bounds is None:
        yield Fault("/bounds", "required", "The logit distance needs the least and the greatest factor.")
    if calibrates and scheme.distance is Distance.RAKING and scheme.bounds is not None:
        yield Fault("/bounds", "not_applicable", "The raking distance has no bounds; use logit.")
    if scheme.bounds is not None and not scheme.bounds[0] < 1 < scheme.bounds[1]:
        yield Fault("/bounds", "out_of_order", _FACTORS_NEED)


def _cells(scheme: WeightingScheme) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for place, cell in enumerate(scheme.cells or ()):
        if set(cell.categories) != set(scheme.attributes):
            detail = f"Every cell names the same attributes: {', '.join(scheme.attributes)}."
            yield Fault(f"/frame/cells/{place}/categories", "attributes_differ", detail)
            continue
        named = tuple(cell.categories[attribute] for attribute in scheme.attributes)
        if named in seen:
            yield Fault(f"/frame/cells/{place}", "named_twice", f"The cell {', '.join(named)} is named twice.")
        seen.add(named)


def _names(scheme: WeightingScheme, declared: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    place = "/frame/margins" if scheme.margins is not None else "/frame/cells"
    for attribute, categories in scheme.categories().items():
        if attribute not in declared:
            known = ", ".join(declared) or "none"
            yield Fault(place, "unknown_attribute", f"{attribute} is no attribute of the survey; it declares: {known}.")
            continue
        for category in categories:
            if category not in declared[attribute]:
                known = ", ".join(declared[attribute])
                yield Fault(place, "unknown_value", f"{attribute} has no value {category}; it has: {known}.")
