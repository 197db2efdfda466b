"""Series for trend tests: months from 2023-01 on, noise from a fixed seed, and a walk over every float of a result."""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum

import numpy as np

from feedback_core.trends.calc import Wording, analyse_trend
from feedback_core.trends.types import PeriodValue, TrendResult


def month(index: int) -> date:
    return date(2023 + index // 12, index % 12 + 1, 1)


def monthly(values: Sequence[float | None], *, error: float | None = None, n: int = 40) -> list[PeriodValue]:
    return [
        PeriodValue(month(i), value, None if value is None else error, n if value is not None else 0)
        for i, value in enumerate(values)
    ]


def noise(n: int, *, seed: int = 1, sd: float = 1.0, rho: float = 0.0) -> np.ndarray:
    draws = np.random.default_rng(seed).normal(0.0, sd, n + 50)
    for i in range(1, n + 50):
        draws[i] += rho * draws[i - 1]
    return draws[50:]


def analyse(series: Sequence[PeriodValue], *, period: int | None = None, target: float | None = None) -> TrendResult:
    return analyse_trend(
        series,
        period=period,
        direction="higher_is_better",
        target=target,
        rng=np.random.default_rng(7),
        wording=Wording("Waiting time", "points"),
    )


def floats(thing: object) -> Iterator[float]:
    """Every number in a tree of dataclasses and tuples."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from floats(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for item in thing:
            yield from floats(item)
    elif isinstance(thing, float) and not isinstance(thing, Enum):
        yield thing


def all_finite(thing: object) -> bool:
    return all(math.isfinite(value) for value in floats(thing))
