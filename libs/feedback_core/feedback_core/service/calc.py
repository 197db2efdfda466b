"""What processes take for the same work, side by side: paper, travel, energy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.service.types import Footprint

RESOURCES: Final = ("paper_sheets", "travel_km", "energy_kwh")
_WORDS: Final = {"paper_sheets": "paper", "travel_km": "travel", "energy_kwh": "energy"}


@dataclass(frozen=True, slots=True)
class Use:
    """What one process takes for all of the work; ``None``: not measured."""

    process: str
    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None


@dataclass(frozen=True, slots=True)
class FootprintComparison:
    """Processes side by side.

    Attributes:
        uses: in the order asked for.
        least: resource to the process that takes least of it; ``None`` where one of them was not measured, or they
            take the same.
        sentence: what can be said, in plain words.
    """

    units: float
    uses: tuple[Use, ...]
    least: Mapping[str, str | None]
    sentence: str


def compare_footprints(footprints: Mapping[str, Footprint | None], units: float) -> FootprintComparison:
    """Each process for so many units; what was not measured stays unknown, and nothing is then called the least."""
    uses = tuple(_use(process, footprint, units) for process, footprint in footprints.items())
    least = {resource: _least(uses, resource) for resource in RESOURCES}
    return FootprintComparison(units, uses, least, _sentence(uses, least))


def _use(process: str, footprint: Footprint | None, units: float) -> Use:
    per_unit = [None if footprint is None else getattr(footprint, resource) for resource in RESOURCES]
    return Use(process, *(None if amount is None else amount * units for amount in per_unit))


def _least(uses: tuple[Use, ...], resource: str) -> str | None:
    amounts = {use.process: getattr(use, resource) for use in uses}
    if any(amount is None for amount in amounts.values()):
        return None
    lowest = min(amounts.values())
    found = [process for process, amount in amounts.items() if amount == lowest]
    return found[0] if len(found) == 1 else None


def _sentence(uses: tuple[Use, ...], least: Mapping[str, str | None]) -> str:
    said = [f"least {_WORDS[resource]}: {process}" for resource, process in least.items() if process is not None]
    unknown = [
        f"{_WORDS[resource]} of {use.process}"
        for resource in RESOURCES
        for use in uses
        if getattr(use, resource) is None
    ]
    parts = ["; ".join(said) if said else "none takes clearly least"]
    if unknown:
        parts.append(f"not measured: {', '.join(unknown)}")
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:]}."
