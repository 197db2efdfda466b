"""Answers of sampled units, weighted by how each was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from feedback_core.kpis.calc.cell_counts import ScoredCells
from feedback_core.kpis.calc.weighted import WeightedAnswers
from feedback_core.kpis.types import Target
from feedback_core.weighting.calc.design import Design
from feedback_core.weighting.calc.samples import SampledRespondents, SampledStratum, weight_by_design
from feedback_core.weighting.calc.weighting import described
from feedback_core.weighting.schemes import WeightingScheme

UNIT: Final = "(unit)"
"""Among what is known of a cell, which sampled unit it is: no attribute can have this key."""


@dataclass(frozen=True, slots=True)
class SampledUnit:
    """A unit that answered: where it stands in its sample, and with which probability it was drawn."""

    stratum: int
    position: int
    probability: float
    cluster: int
    cluster_probability: float
    cluster_population: int
    cluster_drawn: int


def weight_sampled(
    target: Target,
    scheme: WeightingScheme,
    answers: ScoredCells,
    units: Mapping[str, SampledUnit],
    strata: Sequence[SampledStratum],
) -> WeightedAnswers:
    """Answers weighted by the design of the samples that they are of.

    Args:
        target: what the answers are about.
        scheme: `by_design`.
        answers: of units; each cell is one, and says which under `UNIT`.
        units: by what is said there.
        strata: of all samples, as units name them.

    Raises:
        NotEstimable: nobody who answered is of a sample.
    """
    named = [units[cell[UNIT]] for cell in answers.attributes]
    who = SampledRespondents(
        strata=tuple(strata),
        stratum=np.array([unit.stratum for unit in named], dtype=np.int64),
        probability=np.array([unit.probability for unit in named], dtype=float),
        position=np.array([unit.position for unit in named], dtype=np.int64),
        cluster=np.array([unit.cluster for unit in named], dtype=np.int64),
        cluster_probability=np.array([unit.cluster_probability for unit in named], dtype=float),
        cluster_population=np.array([unit.cluster_population for unit in named], dtype=float),
        cluster_drawn=np.array([unit.cluster_drawn for unit in named], dtype=float),
    )
    found = weight_by_design(who)
    cell, n = answers.cell, answers.n
    # Whoever answered several times speaks as loud as anybody else.
    times = np.bincount(cell, weights=n, minlength=len(named))
    rows = _rows_of(found.design, cell)
    weighting = described(
        "design", found.weights, base=1 / who.probability, counts=np.ones(len(named)), warnings=found.warnings
    )
    return WeightedAnswers(
        target=target,
        scheme=scheme,
        weighting=weighting,
        cells=answers.attributes,
        cell=cell,
        scores=answers.scores,
        design=replace(rows, weights=found.weights[cell] / times[cell], counts=n),
        left_out=0,
    )


def _rows_of(design: Design, cell: NDArray[np.int64]) -> Design:
    """The design of rows that are of respondents."""
    return replace(
        design,
        weights=design.weights[cell],
        strata=None if design.strata is None else design.strata[cell],
        clusters=None if design.clusters is None else design.clusters[cell],
        population=None if design.population is None else design.population[cell],
        cluster_population=None if design.cluster_population is None else design.cluster_population[cell],
        inclusion=None if design.inclusion is None else design.inclusion[cell],
    )
