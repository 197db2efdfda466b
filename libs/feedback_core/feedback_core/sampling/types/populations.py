"""Vocabulary of populations: who of a frame could be drawn by a design, counted and packed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.sampling.types.frames import Coverage

ELIGIBLE: Final = "eligible"
_STANDINGS: Final = (ELIGIBLE, "opted_out", "resting", "unreachable", "unsized", "unplaced")


@dataclass(frozen=True, slots=True)
class CountedStratum:
    """A stratum: the values of the attributes by which it is stratified, in their order; people by how they stand."""

    values: tuple[str | None, ...]
    standings: Mapping[str, int]

    @property
    def eligible(self) -> int:
        """Who of it could be drawn."""
        return self.standings.get(ELIGIBLE, 0)


@dataclass(frozen=True, slots=True)
class PackedPeople:
    """Who of a stratum, and of a cluster, could be drawn.

    Attributes:
        ids: 16 bytes each, in the order of the list, if there is one.
        numbers: permanent random numbers, 8 bytes each, the highest first.
        sizes: 8 bytes each, as floats; empty where nothing is drawn by size.
    """

    values: tuple[str | None, ...]
    cluster: str | None
    n: int
    ids: bytes
    numbers: bytes
    sizes: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """How many are drawn of whom.

    Attributes:
        strata: with somebody who could be drawn; one, without values, of a sample without strata.
        sizes: units to be drawn of each stratum; of clusters: not known before they are.
        wanted: units asked for of each.
        clusters: to be drawn, and in all; ``None``: none are.
        coverage: of all strata, those with nobody included.
    """

    strata: tuple[CountedStratum, ...]
    sizes: tuple[int, ...]
    wanted: tuple[int, ...]
    clusters: tuple[int, int] | None
    coverage: Coverage


def coverage_in(strata: Sequence[CountedStratum]) -> Coverage:
    """Who of all strata could be drawn, and why others could not."""
    counts = {standing: sum(stratum.standings.get(standing, 0) for stratum in strata) for standing in _STANDINGS}
    return Coverage(people=sum(counts.values()), **counts)
