"""Covariance of weighted totals of units that were drawn with unequal probabilities, without replacement."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.design import Design


def unequal_covariance(
    values: NDArray[np.float64], stratum: NDArray[np.int64], cluster: NDArray[np.int64] | None, design: Design
) -> NDArray[np.float64]:
    """Covariance matrix (p, p) of the totals of weighted ``values``, shape (n, p).

    V = sum over strata of 1/(1 - sum a²) times sum of (1 - pi)(y - B)², with a = (1 - pi)/sum(1 - pi) and B the mean of
    the weighted values y under a. With equal probabilities it is that of a simple random sample; whoever was certain
    adds nothing. For designs of high entropy, as systematic ones in random order are, it needs no joint probabilities.

    Args:
        values: weighted scores of each row.
        stratum: code of each row's stratum from 0.
        cluster: code of the unit that each row is of, if a unit has several; each their own when absent.
        design: says with which probability each was observed, and what becomes of strata with a single unit.

    Raises:
        NotEstimable: a stratum with a single unit that was not certain (unless ``lonely_psu`` says what to do), or
            probabilities that are none.

    Source: Hájek (1964), Annals of Mathematical Statistics 35:1491; Deville (1999), Survey Methodology 25:193; compared
    by Matei & Tillé (2005), Journal of Official Statistics 21:543.
    """
    assert design.inclusion is not None
    inclusion = design.inclusion
    if not ((inclusion > 0) & (inclusion <= 1)).all():
        raise NotEstimable("A probability of being observed lies outside 0 to 1.")
    counts = np.ones(stratum.size) if design.counts is None else design.counts.astype(float)
    each = values * counts[:, None]
    if cluster is not None:
        _, first = np.unique(cluster, return_index=True)
        each = np.column_stack([np.bincount(cluster, weights=column) for column in each.T]).astype(np.float64)
        stratum, inclusion = stratum[first], inclusion[first]
    elif design.counts is not None and (design.counts > 1).any():
        raise NotEstimable("Rows that stand for several units cannot have a probability each.")
    left = 1 - inclusion
    strata = int(stratum.max()) + 1
    mass = np.bincount(stratum, weights=left, minlength=strata)
    some = np.where(mass > 0, mass, 1.0)
    sums = [np.bincount(stratum, weights=left * column, minlength=strata) for column in each.T]
    centre: NDArray[np.float64] = np.column_stack(sums) / some[:, None]
    concentration = np.bincount(stratum, weights=left**2, minlength=strata) / some**2
    uncertain = np.bincount(stratum, weights=left > 0, minlength=strata)
    alone = uncertain == 1
    if alone.any() and design.lonely_psu == "fail":
        raise NotEstimable(
            "A stratum has a single cluster or respondent, so its spread is unknown; merge it with a similar stratum."
        )
    if alone.any() and design.lonely_psu == "adjust":
        centre[alone] = (left @ each) / left.sum()
    factor = np.where(alone, float(design.lonely_psu == "adjust"), 1 / np.maximum(1 - concentration, 1e-12))
    deviations = (each - centre[stratum]) * np.sqrt(factor[stratum] * left)[:, None]
    covariance: NDArray[np.float64] = np.asarray(deviations.T @ deviations, dtype=np.float64)
    if alone.any() and design.lonely_psu == "average":
        if alone.all():
            raise NotEstimable("Every stratum has a single cluster or respondent, so no spread can be averaged.")
        covariance = covariance * (alone.size / np.count_nonzero(~alone))
    return covariance
