"""Interrupted time series: what a known event changed in level and slope, against the course before it carried on."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import gammaincc, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.calc.arrays import FloatArray
from feedback_core.trends.calc.autoregressive_errors import fit_gls
from feedback_core.trends.calc.segmented_regression import (
    LEVEL_CHANGE,
    SegmentedDesign,
    fit_newey_west,
    fit_ols,
    least_squares,
    usable_values,
)
from feedback_core.trends.types import (
    ErrorModel,
    InterruptedSeries,
    InterventionEffect,
    SegmentedFit,
    SerialCorrelation,
)

SETTLED_SIDE: Final = 24  # values after the event from which autocorrelation can be judged there


def interrupted_series(
    values: Sequence[float] | FloatArray,
    design: SegmentedDesign,
    *,
    errors: ErrorModel = "gls_reml",
    level: float = 0.95,
) -> InterruptedSeries:
    """Level and slope before and after a known event, what it changed, and what weakens the claim.

    The default allows for autocorrelation by an AR(1): with few values after the event, Newey-West errors are a
    fraction of the true ones. Nothing here excludes another event at the same time: a comparison series would.

    Args:
        values: shape (n,); logs, where changes are thought of in per cent (see ``percent_change``).
        design: from ``segmented_design``.
        errors: how neighbouring errors are allowed for; ``newey_west`` with its own lags and the small-sample factor.
        level: of the intervals.

    Raises:
        NotEstimable: values that are all the same, or lie on the lines without any error.
        ValueError: another number of values than positions, or a level outside 0..1.

    Source: Wagner (2002), J. Clinical Pharmacy and Therapeutics 27:299; Bernal, Cummins & Gasparrini (2017), Int. J.
    Epidemiology 46:348. Golden: s23.
    """
    if not 0.0 < level < 1.0:
        raise ValueError("level must lie between 0 and 1")
    if errors == "ols":
        fit = fit_ols(values, design, level=level)
    elif errors == "newey_west":
        fit = fit_newey_west(values, design, level=level)
    else:
        fit = fit_gls(values, design, method="reml" if errors == "gls_reml" else "ml", level=level)
    order = max(1, min(12, (fit.degrees_of_freedom - 1) // 2))
    serial = serial_correlation(values, design, order=order)
    return InterruptedSeries(
        fit=fit,
        effect=intervention_effect(fit, design, level=level),
        serial_correlation=serial,
        warnings=_warnings(fit, serial, design, level),
    )


def serial_correlation(
    values: Sequence[float] | FloatArray, design: SegmentedDesign, *, order: int = 1
) -> SerialCorrelation:
    """Durbin-Watson and Breusch-Godfrey on the least-squares residuals, in the order of the values.

    Args:
        values: shape (n,).
        design: from ``segmented_design``.
        order: lags of Breusch-Godfrey, at least 1.

    Raises:
        NotEstimable: values that are all the same or without error, or too few values for ``order`` lags.
        ValueError: an order below 1.

    Source: Durbin & Watson (1950), Biometrika 37:409; Breusch (1978) and Godfrey (1978), Econometrica 46:1293. Golden:
    s23.
    """
    if order < 1:
        raise ValueError("the order must be at least 1")
    residuals = least_squares(design.columns, usable_values(values, design)).residuals
    n, k = design.columns.shape
    if n <= k + order:
        raise NotEstimable(
            f"A Breusch-Godfrey test of order {order} needs more than {k + order} values; there are {n}."
        )
    squares = float((residuals**2).sum())
    lagged = np.column_stack([np.concatenate((np.zeros(lag), residuals[:-lag])) for lag in range(1, order + 1)])
    scale = np.linalg.norm(lagged, axis=0)
    joint = np.column_stack([design.columns / np.linalg.norm(design.columns, axis=0), lagged / scale])
    fitted = joint @ np.linalg.lstsq(joint, residuals, rcond=None)[0]
    statistic = n * float((fitted**2).sum()) / squares
    centred = residuals - residuals.mean()
    return SerialCorrelation(
        durbin_watson=float((np.diff(residuals) ** 2).sum()) / squares,
        lag_one=float((centred[1:] * centred[:-1]).sum() / (centred**2).sum()),
        order=order,
        breusch_godfrey=statistic,
        p_value=float(gammaincc(order / 2, statistic / 2)),
    )


def intervention_effect(fit: SegmentedFit, design: SegmentedDesign, *, level: float = 0.95) -> InterventionEffect:
    """Differences from the counterfactual: the course before the event, season included, carried on.

    Args:
        fit: of this design.
        design: from ``segmented_design``.
        level: of the intervals, by t on the residual degrees of freedom.

    Golden: s23.
    """
    without = design.without_event()
    added = design.columns - without
    coefficients = np.array([term.value for term in fit.coefficients])
    covariance = np.array(fit.covariance)
    counterfactual = without @ coefficients
    errors = np.sqrt(np.einsum("ij,jk,ik->i", without, covariance, without))
    half = float(stdtrit(fit.degrees_of_freedom, 0.5 + level / 2)) * errors
    jump = np.array([float(name == LEVEL_CHANGE) for name in design.names])
    return InterventionEffect(
        immediate=_combined(jump, coefficients, covariance, fit, level),
        at_end=_combined(added[-1], coefficients, covariance, fit, level),
        mean=_combined(added[design.first_after :].mean(axis=0), coefficients, covariance, fit, level),
        fitted=tuple((design.columns @ coefficients).tolist()),
        counterfactual=tuple(counterfactual.tolist()),
        counterfactual_low=tuple((counterfactual - half).tolist()),
        counterfactual_high=tuple((counterfactual + half).tolist()),
    )


def percent_change(effect: Estimate) -> Estimate:
    """An effect on the log of a figure as per cent of the figure; it has no standard error of its own.

    Raises:
        NotEstimable: an effect too large to be the log of a ratio.
    """
    if effect.value > 100 or (effect.interval is not None and effect.interval.high > 100):
        raise NotEstimable("The effect is too large to be a difference of logs.")
    interval = effect.interval
    return Estimate(
        value=100 * math.expm1(effect.value),
        interval=None
        if interval is None
        else Interval(100 * math.expm1(interval.low), 100 * math.expm1(interval.high), interval.level, interval.method),
        standard_error=None,
        n=effect.n,
        n_effective=effect.n_effective,
        warnings=effect.warnings,
    )


def _combined(
    weights: FloatArray, coefficients: FloatArray, covariance: FloatArray, fit: SegmentedFit, level: float
) -> Estimate:
    value = float(weights @ coefficients)
    error = math.sqrt(float(weights @ covariance @ weights))
    half = float(stdtrit(fit.degrees_of_freedom, 0.5 + level / 2)) * error
    return Estimate(value, Interval(value - half, value + half, level, fit.error_model), error, fit.n, float(fit.n))


def _warnings(fit: SegmentedFit, serial: SerialCorrelation, design: SegmentedDesign, level: float) -> tuple[str, ...]:
    notes: list[str] = []
    if fit.error_model == "ols" and serial.p_value < 1 - level:
        notes.append("Neighbouring errors are alike, so these standard errors are too small; use gls_reml.")
    if fit.error_model == "newey_west" and design.positions.size - design.first_after < SETTLED_SIDE:
        notes.append("With few values after the event, Newey-West errors are too small; use gls_reml.")
    if fit.phi is not None and fit.phi > 0.8:
        notes.append(f"The errors wander (autocorrelation {fit.phi:.2f}); a change may be one of their own.")
    notes.append("Another event at the same time, or a season not fitted, would look the same.")
    return tuple(notes)
