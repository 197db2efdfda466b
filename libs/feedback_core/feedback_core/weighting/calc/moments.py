"""Several means with their covariance, the variance of a variable, and the design effect of a mean or total."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.design import Design
from feedback_core.weighting.calc.linearisation import (
    ROUNDING,
    Linearised,
    finite_scores,
    summarised,
    weighted_mean,
    weighted_total,
)
from feedback_core.weighting.calc.sampling_variance import covariance_of_totals


@dataclass(frozen=True, slots=True)
class LinearisedMeans:
    """Weighted means of several variables of the same respondents.

    Attributes:
        figures: one per variable.
        covariance: of the means, shape (p, p).
    """

    figures: tuple[Linearised, ...]
    covariance: NDArray[np.float64]


def weighted_means(scores: NDArray[np.float64], design: Design) -> LinearisedMeans:
    """Weighted means of the columns of ``scores``, shape (n, p), with the covariance of the means.

    Raises:
        NotEstimable: as `weighted_mean`.

    Source: as `weighted_mean`. Golden: s05.
    """
    each = np.column_stack([finite_scores(column, design) for column in scores.T])
    mass = design.mass()
    whole = float(mass.sum())
    means = mass @ each / whole
    covariance = covariance_of_totals((each - means) / whole, design)
    sizes = mass @ (np.abs(each) + np.abs(means)) / whole
    errors = np.sqrt(np.diag(covariance))
    shown = np.where(errors > ROUNDING * sizes, errors, 0.0)
    figures = (summarised(float(mean), float(error), design) for mean, error in zip(means, shown, strict=True))
    return LinearisedMeans(tuple(figures), covariance)


def weighted_variance(scores: ArrayLike, design: Design) -> Linearised:
    """Variance of ``scores`` in the population, n/(n - 1) times the weighted mean of squared deviations from the mean.

    Its standard error is that of this mean, the deviations taken as given, as in ``svyvar`` of R's survey.

    Raises:
        NotEstimable: as `weighted_mean`, or a single respondent.

    Golden: s04.
    """
    each = finite_scores(scores, design)
    mean = weighted_mean(each, design)
    if mean.n < 2:
        raise NotEstimable("One respondent shows no spread; a variance takes at least two.")
    gaps = each - mean.value
    gaps[np.abs(gaps) <= ROUNDING * np.abs(each).max()] = 0.0
    return weighted_mean(gaps**2 * (mean.n / (mean.n - 1)), design)


def mean_design_effect(scores: ArrayLike, design: Design, *, replace: bool = False) -> float:
    """Variance of the weighted mean over that of a simple random sample of as many respondents.

    The comparison is with a sample without replacement from as many people as the weights sum to, or, with ``replace``,
    with replacement: then the weights' scale does not matter.

    Raises:
        NotEstimable: as `weighted_variance`; scores without spread; or weights that sum to no more than n.

    Source: Kish (1965), Survey Sampling, 8.2; ``deff`` of R's survey. Golden: s04, s05.
    """
    error = weighted_mean(scores, design).standard_error
    return error**2 / _simple_variance(scores, design, replace=replace)


def total_design_effect(scores: ArrayLike, design: Design, *, replace: bool = False) -> float:
    """Variance of the weighted total over that of as many times the mean of a simple random sample.

    Raises and source: as `mean_design_effect`.
    """
    error = weighted_total(scores, design).standard_error
    people = float(design.mass().sum())
    return error**2 / (_simple_variance(scores, design, replace=replace) * people**2)


def _simple_variance(scores: ArrayLike, design: Design, *, replace: bool) -> float:
    """Variance of the mean of a simple random sample of the domain's n."""
    spread = weighted_variance(scores, design)
    if spread.value == 0:
        raise NotEstimable("The answers show no spread, so there is no error to compare with.")
    if replace:
        return spread.value / spread.n
    people = float(design.mass().sum())
    if people <= spread.n * (1 + ROUNDING):
        raise NotEstimable(
            "The weights sum to no more than the respondents, so a sample without replacement would have no error; "
            "scale them to the population, or compare with a sample with replacement."
        )
    return spread.value / spread.n * (1 - spread.n / people)
