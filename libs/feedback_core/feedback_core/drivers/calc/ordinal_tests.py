"""Tests of an ordinal model: does a driver matter, and does one slope fit all thresholds?"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import chdtrc

from feedback_core.drivers.calc.cumulative import CumulativeModel, Link, Maximum, maximise
from feedback_core.drivers.calc.ordinal import Prepared, prepare, sampling_covariance
from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, IntArray
from feedback_core.drivers.types import DriverTest
from feedback_core.kit.errors import NotEstimable


def driver_tests(patterns: AnswerPatterns, *, link: Link = "logit") -> tuple[DriverTest, ...]:
    """For each driver, the test that all its slopes are 0 beside the other drivers.

    Likelihood ratio; with weights, where a pseudo-likelihood has no such test, Wald with sandwich errors.

    Raises:
        NotEstimable: as `fit_ordinal`.

    Source: McCullagh (1980), J. Royal Statistical Society B 42:109. Golden: s24.
    """
    prepared = prepare(patterns, link)
    full = maximise(prepared.model)
    if prepared.patterns.weights is not None:
        covariance = sampling_covariance(prepared, full)
        return tuple(
            _wald(name, full, covariance, prepared.model.thresholds + columns)
            for name, columns in _columns_of(prepared.patterns)
        )
    return tuple(_without(prepared.model, full, name, columns) for name, columns in _columns_of(prepared.patterns))


def proportional_odds_tests(
    patterns: AnswerPatterns, *, link: Link = "logit", drivers: Sequence[str] | None = None
) -> tuple[DriverTest, ...]:
    """For each driver, the test that its slopes are the same at every threshold, all other drivers keeping one slope.

    The log-likelihood told is that of the model with a slope per threshold. Likelihood ratio; with weights Wald.

    Args:
        patterns: answers.
        link: of the model.
        drivers: names of those to test; all if left out.

    Raises:
        NotEstimable: as `fit_ordinal`; or fewer than three categories, where there is only one slope to begin with.

    Source: Peterson & Harrell (1990), Applied Statistics 39:205. Golden: s24.
    """
    prepared = prepare(patterns, link)
    if prepared.model.categories < 3:
        raise NotEstimable("The outcome has two categories, so there is one threshold and nothing to compare.")
    full = maximise(prepared.model)
    return tuple(
        _with_slope_per_threshold(prepared, full, name, columns)
        for name, columns in _columns_of(prepared.patterns)
        if drivers is None or name in drivers
    )


def _columns_of(patterns: AnswerPatterns) -> list[tuple[str, IntArray]]:
    """Each driver and which of the columns are its own."""
    sizes = [driver.columns.shape[1] for driver in patterns.drivers]
    return [
        (driver.name, np.arange(end - size, end))
        for driver, size, end in zip(patterns.drivers, sizes, np.cumsum(sizes), strict=True)
    ]


def _without(model: CumulativeModel, full: Maximum, name: str, columns: IntArray) -> DriverTest:
    reduced = replace(model, columns=np.delete(model.columns, columns, axis=1))
    start = np.delete(full.parameters, model.thresholds + columns)
    left = maximise(reduced, start)
    return _likelihood_ratio(name, larger=full, smaller=left, told=left)


def _with_slope_per_threshold(prepared: Prepared, full: Maximum, name: str, columns: IntArray) -> DriverTest:
    model = replace(prepared.model, nominal=prepared.model.columns[:, columns])
    added = model.size - full.parameters.size
    found = maximise(model, np.concatenate([full.parameters, np.zeros(added)]))
    if prepared.patterns.weights is None:
        return _likelihood_ratio(name, larger=found, smaller=full, told=found)
    covariance = sampling_covariance(replace(prepared, model=model), found)
    return _wald(name, found, covariance, np.arange(full.parameters.size, model.size))


def _likelihood_ratio(name: str, *, larger: Maximum, smaller: Maximum, told: Maximum) -> DriverTest:
    statistic = max(0.0, 2 * (larger.log_likelihood - smaller.log_likelihood))
    df = larger.parameters.size - smaller.parameters.size
    return DriverTest(name, "likelihood_ratio", statistic, df, float(chdtrc(df, statistic)), told.log_likelihood)


def _wald(name: str, found: Maximum, covariance: FloatArray, tested: IntArray) -> DriverTest:
    values = found.parameters[tested]
    statistic = float(values @ np.linalg.pinv(covariance[np.ix_(tested, tested)], hermitian=True) @ values)
    return DriverTest(name, "wald", statistic, tested.size, float(chdtrc(tested.size, statistic)), None)
