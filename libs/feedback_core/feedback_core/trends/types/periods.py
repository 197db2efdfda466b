"""Vocabulary of a series: its periods and their distance."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

LARGEST_VALUE: Final = 1e100  # squares and their sums stay finite


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """One period of a series, as a KPI gives it.

    Attributes:
        start: first day of the period in the organisation's time zone.
        value: the figure, in its own units; ``None`` when nobody answered or it is suppressed.
        standard_error: sampling error of ``value``, same units; ``None`` when unknown.
        n: answers behind ``value``.
        complete: false while the period still runs (or began before collection did): its value is left out.
        count: answers with the property, where ``value`` is their share of ``n``; ``None`` for any other figure.
        exposure: days over which ``value`` events were counted; ``None`` for any figure but a count.

    Raises:
        ValueError: a value or standard error that is not finite, a negative standard error or n, a count outside 0..n,
            an exposure that is not above 0.
    """

    start: date
    value: float | None
    standard_error: float | None = None
    n: int = 0
    complete: bool = True
    count: int | None = None
    exposure: float | None = None

    def __post_init__(self) -> None:
        if self.value is not None and not abs(self.value) <= LARGEST_VALUE:
            raise ValueError(f"value must be finite and at most {LARGEST_VALUE:g} in size: {self.value}")
        if self.standard_error is not None and not 0.0 <= self.standard_error <= LARGEST_VALUE:
            raise ValueError(f"standard_error must be finite and not negative: {self.standard_error}")
        if self.n < 0:
            raise ValueError(f"n must not be negative: {self.n}")
        if self.count is not None and not 0 <= self.count <= self.n:
            raise ValueError(f"count must lie between 0 and n: {self.count} of {self.n}")
        if self.exposure is not None and not self.exposure > 0.0:
            raise ValueError(f"exposure must be above 0: {self.exposure}")


@dataclass(frozen=True, slots=True)
class Step:
    """Distance of neighbouring periods: a number of calendar months, or of days; or waves, whatever lies between them.

    Attributes:
        unit: ``month`` (months, quarters, years), ``day`` (days, weeks) or ``wave``.
        size: how many of them; 3 months are a quarter, 7 days a week; of waves, the mean days from one to the next.
    """

    unit: Literal["month", "day", "wave"]
    size: int

    @property
    def per_year(self) -> float:
        """Periods in a year; a year of days has 365.2425."""
        return (12.0 if self.unit == "month" else 365.2425) / self.size

    @property
    def noun(self) -> str:
        """Plural name of such periods, for a sentence: ``months``."""
        if self.unit == "wave":
            return "waves"
        names = {("month", 1): "months", ("month", 3): "quarters", ("month", 12): "years"}
        names |= {("day", 1): "days", ("day", 7): "weeks"}
        return names.get((self.unit, self.size), "periods")
