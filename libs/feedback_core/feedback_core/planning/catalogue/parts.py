"""What the profiles of methods are made of."""

from datetime import date
from typing import Final

from feedback_core.planning.types.methods import CostModel, Grade, MethodFootprints, Strength, Suited, TypicalRate
from feedback_core.service.types import Footprint

AS_OF: Final = date(2026, 11, 1)
"""Day of what is assumed of prices and materials."""

PRICES: Final = (
    "Assumed to have something to begin with: nobody publishes prices that hold everywhere. "
    "Put your own in their place."
)
MATERIALS: Final = "Counted from what is usually printed and driven. Put your own figures in their place."

_HOUR: Final = 4000.0
_CODING_HOURS: Final = 0.025


def good(why: str) -> Suited:
    """Well suited."""
    return Suited(Grade.GOOD, why)


def fair(why: str) -> Suited:
    """Suited with care."""
    return Suited(Grade.FAIR, why)


def poor(why: str) -> Suited:
    """Not suited."""
    return Suited(Grade.POOR, why)


def rate(low: float, typical: float, high: float, of: str, source: str, year: int, note: str) -> TypicalRate:
    """A rate that a study found of many surveys."""
    return TypicalRate(low, typical, high, of, source, year, Strength.PUBLISHED, note)


def weak_rate(low: float, typical: float, high: float, of: str, source: str, year: int, note: str) -> TypicalRate:
    """A rate of one study, of other people, old, or by a seller."""
    return TypicalRate(low, typical, high, of, source, year, Strength.WEAK, note)


def assumed_rate(low: float, typical: float, high: float, of: str, note: str) -> TypicalRate:
    """A rate that nobody has published."""
    source = "No study is known that gives one; assumed to have something to begin with"
    return TypicalRate(low, typical, high, of, source, AS_OF.year, Strength.ASSUMED, note)


def prices(
    *,
    fixed: float = 0.0,
    contact: float = 0.0,
    complete: float = 0.0,
    incentive: float = 0.0,
    hours: float = 0.0,
    hours_contact: float = 0.0,
    hours_complete: float = 0.0,
) -> CostModel:
    """Assumed prices, in cents of a euro; hours are of staff."""
    return CostModel(
        currency="EUR",
        fixed=fixed,
        per_contact=contact,
        per_complete=complete,
        incentive=incentive,
        hours_fixed=hours,
        hours_per_contact=hours_contact,
        hours_per_complete=hours_complete,
        hourly_rate=_HOUR,
        coding_hours=_CODING_HOURS,
    )


def takes(
    *,
    sheets: float | None = 0.0,
    km: float | None = 0.0,
    kwh: float | None = None,
    sheets_complete: float | None = 0.0,
    km_complete: float | None = 0.0,
    kwh_complete: float | None = None,
) -> MethodFootprints:
    """Paper and travel of a contact and of an answer; energy is rarely known."""
    return MethodFootprints(
        Footprint("contact", sheets, km, kwh, MATERIALS, AS_OF),
        Footprint("complete", sheets_complete, km_complete, kwh_complete, MATERIALS, AS_OF),
    )
