"""From a plan and the people of a frame, packed, to who is drawn by its design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from feedback_core.sampling.calc.clusters import Clusters, draw_clusters
from feedback_core.sampling.calc.drawn import Drawn
from feedback_core.sampling.calc.numbers import fraction_of, number_of
from feedback_core.sampling.calc.proportional import draw_proportional
from feedback_core.sampling.calc.simple import draw_strata, rotated_start
from feedback_core.sampling.calc.systematic import draw_systematic
from feedback_core.sampling.types.designs import Design, DesignKind
from feedback_core.sampling.types.populations import PackedPeople, Plan

CLUSTER: Final = b"cluster"
_START: Final = b"start"
_INNER: Final = b"inner"
_POINT: Final = b"point"
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sample that another is coordinated with.

    Attributes:
        starts: of its strata, by their values.
        numbers: permanent random numbers of its units, or clusters, by stratum, shape (m,).
        inner_start: of its clusters.
    """

    starts: Mapping[tuple[str | None, ...], int]
    numbers: Mapping[tuple[str | None, ...], NDArray[np.int64]]
    inner_start: int | None


@dataclass(frozen=True, slots=True)
class DrawnPeople:
    """Who was drawn.

    Attributes:
        ids: of the units.
        numbers: permanent random numbers of them, shape (n,).
        stratum: index in the strata of the plan, shape (n,).
        clusters: of each; ``None``: none were drawn.
        drawn: with the probabilities.
        starts: of each stratum.
        inner_start: of the clusters, where some units of each were drawn.
    """

    ids: tuple[UUID, ...]
    numbers: NDArray[np.int64]
    stratum: NDArray[np.int64]
    clusters: tuple[str, ...] | None
    drawn: Drawn
    starts: tuple[int, ...]
    inner_start: int | None


def draw_people(
    design: Design,
    plan: Plan,
    people: Sequence[PackedPeople],
    *,
    seed: int,
    frame_seed: int,
    earlier: Earlier | None = None,
) -> DrawnPeople:
    """The units that a design draws: the same from the same people, seeds and earlier sample.

    Args:
        design: without faults.
        plan: made from the same people.
        people: who could be drawn.
        seed: of the sample.
        frame_seed: of the frame, for the numbers of clusters.
        earlier: the sample that the design names for coordination.
    """
    numbers = np.frombuffer(b"".join(each.numbers for each in people), dtype=">i8").astype(np.int64)
    each_n = [each.n for each in people]
    place = {stratum.values: i for i, stratum in enumerate(plan.strata)}
    stratum = np.repeat(np.array([place[each.values] for each in people], dtype=np.int64), each_n)
    overlap = 1.0 if design.coordination is None else design.coordination.overlap
    starts = _starts(plan, number_of(seed, "", _START), earlier, overlap)
    clusters, inner = None, None
    match design.kind:
        case DesignKind.SIMPLE | DesignKind.STRATIFIED:
            drawn = draw_strata(numbers, stratum, np.array(plan.sizes), np.array(starts))
        case DesignKind.SYSTEMATIC:
            drawn = draw_systematic(np.arange(numbers.size), plan.sizes[0], fraction_of(seed, _POINT))
        case DesignKind.PROPORTIONAL:
            sizes = np.frombuffer(b"".join(each.sizes for each in people), dtype=">f8").astype(np.float64)
            point = fraction_of(seed, _POINT)
            drawn = draw_proportional(numbers, sizes, plan.sizes[0], point, begin=starts[0])
        case DesignKind.CLUSTER:
            names = [each.cluster or "" for each in people]
            inner = number_of(seed, "", _INNER)
            if earlier is not None and earlier.inner_start is not None:
                inner = earlier.inner_start
            assert plan.clusters is not None
            how = Clusters(
                numbers=np.array([number_of(frame_seed, name, CLUSTER) for name in names], dtype=np.int64),
                wanted=plan.clusters[0],
                take=design.take,
                by_size=design.clusters_by_size,
                start=starts[0],
                inner_start=inner,
                fraction=fraction_of(seed, _POINT),
            )
            drawn = draw_clusters(numbers, np.repeat(np.arange(len(people)), each_n), how)
            assert drawn.cluster is not None
            clusters = tuple(names[code] for code in drawn.cluster.tolist())
    ids = b"".join(each.ids for each in people)
    return DrawnPeople(
        ids=tuple(UUID(bytes=ids[i * _ID_BYTES : (i + 1) * _ID_BYTES]) for i in drawn.unit.tolist()),
        numbers=numbers[drawn.unit],
        stratum=stratum[drawn.unit],
        clusters=clusters,
        drawn=drawn,
        starts=starts,
        inner_start=inner,
    )


def _starts(plan: Plan, begin: int, earlier: Earlier | None, overlap: float) -> tuple[int, ...]:
    """Where each stratum begins: where the seed says, or where the earlier sample is left by as much as is asked."""
    if earlier is None:
        return (begin,) * len(plan.strata)
    return tuple(
        rotated_start(earlier.numbers[stratum.values], earlier.starts[stratum.values], overlap)
        if stratum.values in earlier.numbers
        else earlier.starts.get(stratum.values, begin)
        for stratum in plan.strata
    )
