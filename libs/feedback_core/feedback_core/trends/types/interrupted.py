"""Vocabulary of interrupted time series: what a known event changed in level and slope."""

from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.estimates import Estimate, Interval

ErrorModel = Literal["ols", "newey_west", "gls_reml", "gls_ml"]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One term of a segmented regression.

    Attributes:
        name: ``intercept``, ``slope``, ``level_change``, ``slope_change``, ``sin1``, ``cos1``, ...
        value: in units of the series (a slope: per step of the positions).
        standard_error: under the error model.
        interval: by t on the residual degrees of freedom.
        p_value: two-sided, by t.
    """

    name: str
    value: float
    standard_error: float
    interval: Interval
    p_value: float


@dataclass(frozen=True, slots=True)
class SegmentedFit:
    """A segmented regression.

    Attributes:
        error_model: how errors of neighbouring periods were allowed for.
        coefficients: in the order of the design.
        covariance: of the coefficients, rows in their order.
        residuals: of the values, in their order.
        n: values.
        degrees_of_freedom: values less coefficients.
        sigma: standard deviation of the errors; in ``gls_ml`` the maximum-likelihood one.
        phi: autocorrelation of neighbouring errors; ``None`` for ``ols`` and ``newey_west``.
        r_squared: share of the variation explained; ``None`` with autoregressive errors.
        lags: of ``newey_west``; else ``None``.
        log_likelihood: of ``gls_ml``; else ``None``.
        aic: of ``gls_ml``; else ``None``.
    """

    error_model: ErrorModel
    coefficients: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...]
    residuals: tuple[float, ...]
    n: int
    degrees_of_freedom: int
    sigma: float
    phi: float | None
    r_squared: float | None
    lags: int | None
    log_likelihood: float | None
    aic: float | None

    def coefficient(self, name: str) -> Coefficient:
        """The term of that name.

        Raises:
            KeyError: there is none.
        """
        for term in self.coefficients:
            if term.name == name:
                return term
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class InterventionEffect:
    """What the event changed against the course before it, carried on.

    Attributes:
        immediate: change of level.
        at_end: difference from the counterfactual at the last value.
        mean: mean difference from it over the values after the event.
        fitted: with the event, one per value.
        counterfactual: without it, one per value; before the event the same as ``fitted``.
        counterfactual_low: lower confidence limit of its line (not of single values).
        counterfactual_high: upper limit.
    """

    immediate: Estimate
    at_end: Estimate
    mean: Estimate
    fitted: tuple[float, ...]
    counterfactual: tuple[float, ...]
    counterfactual_low: tuple[float, ...]
    counterfactual_high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SerialCorrelation:
    """Are the errors of a regression alike at neighbouring places?

    Attributes:
        durbin_watson: about 2 where they are not, towards 0 where they are.
        lag_one: autocorrelation of the residuals at lag 1.
        order: lags of the Breusch-Godfrey test.
        breusch_godfrey: its statistic, chi-square on ``order`` degrees of freedom.
        p_value: of it.
    """

    durbin_watson: float
    lag_one: float
    order: int
    breusch_godfrey: float
    p_value: float


@dataclass(frozen=True, slots=True)
class InterruptedSeries:
    """A segmented regression with what it says of the event.

    Attributes:
        fit: the regression.
        effect: of the event.
        serial_correlation: of the errors of the least-squares fit.
        warnings: what a reader must be told, a sentence each.
    """

    fit: SegmentedFit
    effect: InterventionEffect
    serial_correlation: SerialCorrelation
    warnings: tuple[str, ...]
