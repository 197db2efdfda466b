"""Importance of drivers, how sure it is, and where they stand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from feedback_core.kit.estimates import Interval

ImportanceMethod = Literal["johnson", "lmg", "first", "last", "betasq", "pratt", "genizi", "car"]
"""How the share of variance that is explained is divided among the drivers."""

MOST_DRIVERS_OF_LMG: Final = 15
"""LMG looks at every subset of the drivers: 32,768 of 15."""


@dataclass(frozen=True, slots=True)
class RelativeImportance:
    """What each driver contributes to the explained share of variance.

    Attributes:
        method: how it was divided.
        drivers: their names.
        raw: contribution of each, 0..1; they sum to ``r_squared`` for lmg, johnson, genizi, pratt and car. Pratt's may
            be negative.
        rescaled: raw over the sum of raw; ``None`` where nothing is explained.
        r_squared: share of variance explained by all together, 0..1.
    """

    method: ImportanceMethod
    drivers: tuple[str, ...]
    raw: tuple[float, ...]
    rescaled: tuple[float, ...] | None
    r_squared: float


@dataclass(frozen=True, slots=True)
class DriverRank:
    """Importance of one driver with its uncertainty.

    Attributes:
        driver: its name.
        raw: contribution to the explained share of variance, 0..1.
        raw_interval: of ``raw``.
        share: of all contributions, 0..1.
        share_interval: of ``share``.
        rank: 1 + number of drivers whose interval lies wholly above this one's; overlapping ones share a rank.
        rank_low: best rank in the middle ``level`` of the resamples.
        rank_high: worst rank in the same.
    """

    driver: str
    raw: float
    raw_interval: Interval
    share: float
    share_interval: Interval
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class BootstrappedImportance:
    """Importance of all drivers, the most important first.

    Attributes:
        method: how the explained share was divided.
        ranks: by share, largest first.
        resamples: how many could be estimated.
        failed: how many could not, since a driver was constant or followed from others in them.
    """

    method: ImportanceMethod
    ranks: tuple[DriverRank, ...]
    resamples: int
    failed: int


class Quadrant(StrEnum):
    """Where a feature stands in importance and performance."""

    CONCENTRATE_HERE = "concentrate_here"
    KEEP_UP = "keep_up"
    LOW_PRIORITY = "low_priority"
    POSSIBLE_OVERKILL = "possible_overkill"
