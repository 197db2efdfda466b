"""Partial R-indicators: on which variables, and in which of their categories, response depends."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.fieldwork.calc.propensity_spread import PropensitySpread, propensity_spread, variance_of_total
from feedback_core.fieldwork.calc.response_model import ResponseModel, response_model
from feedback_core.fieldwork.calc.response_patterns import ResponsePatterns
from feedback_core.fieldwork.types.response import CategoryPartial, PartialIndicator
from feedback_core.kit.grouping import grouped

# A conditional variance this small beside the squared propensity is rounding.
_ROUNDING = 1e-24


def partial_indicators(
    patterns: ResponsePatterns, model: ResponseModel, spread: PropensitySpread
) -> tuple[PartialIndicator, ...]:
    """Unconditional and conditional partial indicators of every variable of the model.

    With one variable there are no others to hold fixed, and the conditional indicator is the unconditional one.

    Raises:
        NotEstimable: as `propensity_spread`.

    Source: Schouten, Shlomo & Skinner (2011), J. Official Statistics 27:231; RISQ 2.1. Golden: s15.
    """
    return tuple(_partial(patterns, model, spread, index) for index in range(len(patterns.variables)))


def _partial(
    patterns: ResponsePatterns, model: ResponseModel, spread: PropensitySpread, index: int
) -> PartialIndicator:
    between, between_errors = _unconditional(patterns, model, spread, index)
    within, within_errors = _conditional(patterns, model, index)
    alone = patterns.only(patterns.variables[index])
    error = propensity_spread(alone, response_model(alone)).standard_error
    unconditional, conditional = float(np.sqrt((between**2).sum())), float(np.sqrt((within**2).sum()))
    adjustment = spread.bias_factor**0.5
    return PartialIndicator(
        variable=patterns.variables[index],
        unconditional=unconditional * adjustment,
        unconditional_unadjusted=unconditional,
        conditional=conditional * adjustment,
        conditional_unadjusted=conditional,
        standard_error=None if error is None else error / 2,
        categories=tuple(
            CategoryPartial(category, float(between[code]), float(between_errors[code]), float(within[code]), left)
            for code, (category, left) in enumerate(zip(patterns.categories[index], within_errors, strict=True))
        ),
    )


def _unconditional(
    patterns: ResponsePatterns, model: ResponseModel, spread: PropensitySpread, index: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Signed indicator of each category, and what sampling adds to it."""
    codes, mass, size = patterns.codes[index], patterns.mass, len(patterns.categories[index])
    population = float(mass.sum())
    people = np.bincount(codes, weights=mass, minlength=size)
    rates = np.bincount(codes, weights=mass * model.propensities, minlength=size) / people
    signed = (rates - spread.mean) * np.sqrt(people / population)
    inside = np.array([variance_of_total(patterns, model.propensities * (codes == code)) for code in range(size)])
    outside = np.array([variance_of_total(patterns, model.propensities * (codes != code)) for code in range(size)])
    variance = people / population * (inside * (1 / people - 1 / population) ** 2 + outside / population**2)
    return signed, np.sqrt(variance)


def _conditional(
    patterns: ResponsePatterns, model: ResponseModel, index: int
) -> tuple[NDArray[np.float64], list[float | None]]:
    """Indicator of each category within the cells of the other variables, and its standard error."""
    codes, mass, size = patterns.codes[index], patterns.mass, len(patterns.categories[index])
    others = [row for row in range(len(patterns.variables)) if row != index]
    cell = grouped(patterns.codes[others], [len(patterns.categories[row]) for row in others])[1]
    off = model.propensities - _cell_means(model.propensities, mass, cell)
    gradients_off = model.gradients - np.column_stack([_cell_means(column, mass, cell) for column in model.gradients.T])
    population = float(mass.sum())
    indicators = np.zeros(size)
    errors: list[float | None] = []
    for code in range(size):
        inside = mass * (codes == code)
        squares = float(inside @ off**2)
        indicators[code] = (squares / population) ** 0.5
        if squares <= _ROUNDING * float(inside @ model.propensities**2):
            errors.append(None)
            continue
        along = off @ (inside[:, None] * gradients_off)
        scatter = gradients_off.T @ (inside[:, None] * gradients_off) @ model.covariance
        drawn = variance_of_total(patterns, off**2 * (codes == code))
        total = 4 * float(along @ model.covariance @ along) + 2 * float(np.trace(scatter @ scatter)) + drawn
        errors.append((total / (4 * population * squares)) ** 0.5)
    return indicators, errors


def _cell_means(values: NDArray[np.float64], mass: NDArray[np.float64], cell: NDArray[np.int64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = (np.bincount(cell, weights=mass * values) / np.bincount(cell, weights=mass))[cell]
    return means
