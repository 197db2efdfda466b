"""Spread of the response propensities: its bias, its standard error, and what the draw of the invited adds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.fieldwork.calc.response_model import ResponseModel
from feedback_core.fieldwork.calc.response_patterns import ResponsePatterns
from feedback_core.kit.errors import NotEstimable

# A variance this small beside the squared mean is rounding.
_ROUNDING = 1e-24


@dataclass(frozen=True, slots=True)
class PropensitySpread:
    """Mean and variance of the propensities over the population.

    Attributes:
        mean: weighted.
        variance: weighted, over the population's size - 1; not adjusted.
        bias_factor: share of it left when what estimating the propensities adds is taken off, 0..1.
        standard_error: of 1 - 2 S; ``None`` where the propensities do not vary.
    """

    mean: float
    variance: float
    bias_factor: float
    standard_error: float | None


def propensity_spread(patterns: ResponsePatterns, model: ResponseModel) -> PropensitySpread:
    """Spread of the propensities of ``model``.

    Raises:
        NotEstimable: as `variance_of_total`.

    Source: Shlomo, Skinner & Schouten (2012), JSPI 142:201.
    """
    mass, propensity, gradients, sigma = patterns.mass, model.propensities, model.gradients, model.covariance
    population = float(mass.sum())
    mean = float(mass @ propensity) / population
    squares = float(mass @ (propensity - mean) ** 2)
    variance = squares / (population - 1)
    if variance <= _ROUNDING * mean**2:
        return PropensitySpread(mean, 0.0, 0.0, None)
    estimation = float((mass * ((gradients @ sigma) * gradients).sum(axis=1)).sum())
    sampling = variance_of_total(patterns, propensity) / population
    bias = (estimation - sampling) / population
    centred = gradients - mass @ gradients / population
    with_propensity = centred.T @ (mass * (propensity - mean)) / population
    scatter = centred.T @ (mass[:, None] * centred) / population @ sigma
    drawn = variance_of_total(patterns, (propensity - mean) ** 2) / population**2
    total = 4 * float(with_propensity @ sigma @ with_propensity) + 2 * float(np.trace(scatter @ scatter)) + drawn
    return PropensitySpread(
        mean, variance, max(0.0, 1 - bias / variance), float(np.sqrt(total / (squares / population)))
    )


def variance_of_total(patterns: ResponsePatterns, values: NDArray[np.float64]) -> float:
    """Design variance of the estimated population total of ``values``, shape (patterns,).

    Stratified simple random sampling where weights are equal inside the strata; otherwise as if drawn with
    replacement by size.

    Raises:
        NotEstimable: one invited of several in a stratum, or a stratum whose weights sum to fewer people than were
            invited.

    Source: Särndal, Swensson & Wretman (1992), ch. 3.
    """
    size = int(patterns.strata.max()) + 1
    drawn = np.bincount(patterns.strata, weights=patterns.invited, minlength=size)
    present = drawn > 0
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, patterns.strata, patterns.weights)
    np.maximum.at(high, patterns.strata, patterns.weights)
    if (low[present] != high[present]).any():
        n = patterns.n
        if n < 2:
            raise NotEstimable("One invited person shows no spread.")
        weighted = values * patterns.weights
        whole = float(patterns.invited @ weighted)
        return float(patterns.invited @ (n * weighted - whole) ** 2) / n / (n - 1)
    population = np.bincount(patterns.strata, weights=patterns.mass, minlength=size)[present]
    drawn = drawn[present]
    if (population < drawn * (1 - 1e-12)).any():
        raise NotEstimable(
            "The design weights of a stratum sum to fewer people than were invited; a weight says how many people of "
            "the population one invited stands for, so it is 1 or more."
        )
    if ((drawn < 2) & (population > drawn)).any():
        raise NotEstimable("A single person of a stratum was invited, so its spread is unknown; merge strata.")
    sums = np.bincount(patterns.strata, weights=patterns.invited * values, minlength=size)
    means = np.zeros(size)
    means[present] = sums[present] / drawn
    off = (values - means[patterns.strata]) ** 2
    spread = np.bincount(patterns.strata, weights=patterns.invited * off, minlength=size)[present]
    left_out = np.maximum(0.0, 1 - drawn / population)
    return float((population**2 * left_out * spread / np.maximum(drawn - 1, 1) / drawn).sum())
