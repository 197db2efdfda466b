"""Covariance of weighted totals: the spread between clusters inside strata, and inside sampled clusters."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.design import Design, LonelyPsu, check_rows, codes_of, fraction_drawn
from feedback_core.weighting.calc.unequal import unequal_covariance


def covariance_of_totals(scores: NDArray[np.float64], design: Design) -> NDArray[np.float64]:
    """Covariance matrix (p, p) of the weighted totals of ``scores``, shape (n, p), over the design's domain.

    V = sum over strata of (1 - f) m/(m - 1) times the squared deviations of the m cluster totals from their mean, f the
    fraction of clusters drawn. Where respondents were drawn inside clusters, f times the same inside each is added.

    Raises:
        NotEstimable: a stratum with a single cluster (unless ``lonely_psu`` says what to do), or a design that
            contradicts itself.

    Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 4.3 and 5.5. Golden: s04, s05.
    """
    check_rows(design)
    inside = scores if design.domain is None else np.where(design.domain[:, None], scores, 0.0)
    left = inside if design.calibration is None else design.calibration.residuals(inside)
    each = design.weights[:, None] * left
    stratum, cluster = codes_of(design)
    if design.inclusion is not None:
        return unequal_covariance(each, stratum, cluster, design) + _inside_unequal(each, cluster, design)
    if cluster is None:
        size = np.bincount(stratum, weights=design.counts).astype(float)
        drawn = fraction_drawn(design.population, stratum, size)
        return _between(each, stratum, design.counts, 1 - drawn, design.lonely_psu)
    stratum_of = np.empty(int(cluster.max()) + 1, dtype=np.int64)
    stratum_of[cluster] = stratum
    drawn = fraction_drawn(design.population, stratum, np.bincount(stratum_of).astype(float))
    sums = _sums(each, cluster, design.counts)
    covariance = _between(sums, stratum_of, None, 1 - drawn, design.lonely_psu)
    if design.cluster_population is None or design.population is None:
        return covariance
    of_cluster = np.bincount(cluster, weights=design.counts).astype(float)
    left_out = 1 - fraction_drawn(design.cluster_population, cluster, of_cluster)
    return covariance + _between(each, cluster, design.counts, drawn[stratum_of] * left_out, design.lonely_psu)


def _inside_unequal(
    each: NDArray[np.float64], cluster: NDArray[np.int64] | None, design: Design
) -> NDArray[np.float64] | float:
    """What respondents drawn inside clusters add, where the clusters were drawn with a probability each."""
    if cluster is None or design.cluster_population is None or design.inclusion is None:
        return 0.0
    size = np.bincount(cluster, weights=design.counts).astype(float)
    left_out = 1 - fraction_drawn(design.cluster_population, cluster, size)
    drawn = np.empty(size.size)
    drawn[cluster] = design.inclusion
    return _between(each, cluster, design.counts, drawn * left_out, design.lonely_psu)


def _between(
    values: NDArray[np.float64],
    group: NDArray[np.int64],
    number: NDArray[np.int64] | None,
    factor: NDArray[np.float64],
    lonely_psu: LonelyPsu,
) -> NDArray[np.float64]:
    """Sum over groups of factor times m/(m - 1) times the squared deviations of the m units from their group's mean."""
    size = np.bincount(group, weights=number)
    alone = (size == 1) & (factor > 0)
    if alone.any() and lonely_psu == "fail":
        raise NotEstimable(
            "A stratum has a single cluster or respondent, so its spread is unknown; merge it with a similar stratum."
        )
    centre = _sums(values, group, number) / size[:, None]
    if alone.any() and lonely_psu == "adjust":
        centre[alone] = (size[:, None] * centre).sum(axis=0) / size.sum()
    spread = np.where(size > 1, size / np.maximum(size - 1, 1), float(lonely_psu == "adjust"))
    scale = np.sqrt(factor * spread)[group]
    deviations = values - centre[group]
    deviations *= (scale if number is None else scale * np.sqrt(number))[:, None]
    covariance: NDArray[np.float64] = deviations.T @ deviations
    if alone.any() and lonely_psu == "average":
        if alone.all():
            raise NotEstimable("Every stratum has a single cluster or respondent, so no spread can be averaged.")
        covariance *= alone.size / np.count_nonzero(~alone)
    return covariance


def _sums(
    values: NDArray[np.float64], group: NDArray[np.int64], number: NDArray[np.int64] | None
) -> NDArray[np.float64]:
    """Sum of each column of ``values`` (units, p) over the units of each group, shape (groups, p)."""
    counted = values if number is None else values * number[:, None]
    return np.column_stack([np.bincount(group, weights=column) for column in counted.T])
