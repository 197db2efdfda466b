"""Vocabulary of forecasts: the next periods with a prediction band."""

from dataclasses import dataclass
from enum import StrEnum


class ForecastMethod(StrEnum):
    """Which model carries the series on; none of them carries on a slope."""

    LOCAL_LEVEL = "local_level"
    LOCAL_LEVEL_SEASONAL = "local_level_seasonal"


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One coming period.

    Attributes:
        step: 1 for the period after the last value.
        value: expected.
        low: lower limit of the prediction interval.
        high: upper limit.
    """

    step: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A band for the next periods, if nothing else changes.

    Attributes:
        method: the model.
        level: of the band.
        n: values it rests on.
        points: the coming periods, in order.
        clipped: a limit lay outside the scale and was cut to it.
        warnings: what a reader must be told, a sentence each.
    """

    method: ForecastMethod
    level: float
    n: int
    points: tuple[ForecastPoint, ...]
    clipped: bool
    warnings: tuple[str, ...]
