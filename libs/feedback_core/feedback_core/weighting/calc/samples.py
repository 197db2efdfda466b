"""Weights of those who answered out of samples: the inverse of how likely it was that each was drawn and answered."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.design import Design

Selection = Literal["random", "systematic", "proportional", "clusters"]

# A stratum that speaks by so few is told of.
_FEW = 2


@dataclass(frozen=True, slots=True)
class SampledStratum:
    """A stratum of a sample.

    Attributes:
        selection: how its units were drawn.
        weight: sum of 1/probability over the units drawn.
    """

    selection: Selection
    weight: float


@dataclass(frozen=True, slots=True)
class SampledRespondents:
    """Who answered out of samples; a row each.

    Attributes:
        strata: of all samples.
        stratum: index of each one's stratum, shape (n,).
        probability: with which each was drawn, shape (n,).
        position: of each in the sample's order, shape (n,).
        cluster: code of each one's cluster, the same in one cluster of one sample only, shape (n,).
        cluster_probability: with which that cluster was drawn; 1 where none were, shape (n,).
        cluster_population: units of that cluster; 1 where none were drawn, shape (n,).
        cluster_drawn: units drawn of it; 1 where none were drawn, shape (n,).
    """

    strata: tuple[SampledStratum, ...]
    stratum: NDArray[np.int64]
    probability: NDArray[np.float64]
    position: NDArray[np.int64]
    cluster: NDArray[np.int64]
    cluster_probability: NDArray[np.float64]
    cluster_population: NDArray[np.float64]
    cluster_drawn: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DesignWeights:
    """Weights by design, and what errors need to know of it; a row per respondent."""

    weights: NDArray[np.float64]
    design: Design
    warnings: tuple[str, ...]


def weight_by_design(who: SampledRespondents) -> DesignWeights:
    """Weights 1/probability, raised in each stratum (of clusters: in each cluster) for those drawn who did not answer.

    So whoever answers speaks for those of the same stratum who do not: strata are the weighting classes, in which
    answering is taken to be random. Errors are those of the sample that answered: by strata, clusters and units inside
    them, without replacement; of systematic samples by pairs of neighbours in the list, which is safe where the list is
    in an order that tells much.

    Raises:
        NotEstimable: nobody answered out of a sample.

    Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 3.3, 4.3, 15.6 (response homogeneity
    groups); Wolter (2007), Introduction to Variance Estimation, 8.2 (systematic samples).
    """
    n = who.stratum.size
    if not n:
        raise NotEstimable("Nobody who answered names a unit of the samples of this survey.")
    selection = np.array([stratum.selection for stratum in who.strata])[who.stratum]
    in_clusters = selection == "clusters"
    base = 1 / who.probability
    heard = np.bincount(who.stratum, weights=base, minlength=len(who.strata))
    drawn = np.array([stratum.weight for stratum in who.strata])
    in_cluster = np.bincount(who.cluster)[who.cluster]
    raised = np.where(in_clusters, who.cluster_drawn / in_cluster, (drawn / np.maximum(heard, 1e-300))[who.stratum])
    # More may have answered than are left of the sample: of those who were erased nothing is known.
    weights = base * np.maximum(raised, 1.0)
    own = who.cluster.max() + 1 + np.arange(n)
    design = Design(
        weights,
        strata=_variance_strata(who, selection),
        clusters=np.where(in_clusters, who.cluster, own),
        inclusion=np.where(in_clusters, who.cluster_probability, np.minimum(1 / weights, 1.0)),
        cluster_population=who.cluster_population,
        lonely_psu="adjust",
    )
    return DesignWeights(weights, design, tuple(_warnings(who)))


def _variance_strata(who: SampledRespondents, selection: NDArray[np.str_]) -> NDArray[np.int64]:
    """Strata by which errors are judged: of systematic samples pairs of neighbours, or at the end three."""
    strata = who.stratum * (who.stratum.size + 1)
    for code in np.unique(who.stratum[selection == "systematic"]).tolist():
        rows = np.flatnonzero(who.stratum == code)
        order = rows[np.argsort(who.position[rows], kind="stable")]
        strata[order] += np.minimum(np.arange(rows.size) // 2, max(rows.size // 2 - 1, 0))
    return strata


def _warnings(who: SampledRespondents) -> list[str]:
    heard = np.bincount(who.stratum, minlength=len(who.strata))
    silent, few = int(np.count_nonzero(heard == 0)), int(np.count_nonzero((heard > 0) & (heard < _FEW)))
    told = []
    if silent:
        told.append(f"Of {silent} strata nobody answered: the figure says nothing of them.")
    if few:
        told.append(f"Of {few} strata a single one answered: how much their answers vary is taken from all.")
    return told
