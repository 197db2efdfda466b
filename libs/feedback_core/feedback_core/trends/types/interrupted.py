"""Vocabulary of interrupted time series: what a known event changed in level and slope."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """Something known to have happened, whose effect is asked for.

    Attributes:
        at: first day on which it could have an effect.
        label: what the sentence calls it: ``the new booking page``.
        errors: how neighbouring errors are allowed for.
    """

    at: date
    label: str
    errors: ErrorModel = "gls_reml"


@dataclass(frozen=True, slots=True)
class InterruptionPeriod:
    """One period of the segmented regression: with the event, and as it would have been without it."""

    start: date
    value: float
    fitted: float
    counterfactual: float
    counterfactual_low: float
    counterfactual_high: float


@dataclass(frozen=True, slots=True)
class InterruptionFinding:
    """What a known event changed in level and slope.

    Attributes:
        event: as asked for.
        first_period: the first one after it.
        straddling: the period in which it happened, which is neither before nor after; ``None``: it began a period.
        n_before: periods with a value before it.
        n_after: and after it.
        harmonics: pairs of sine and cosine that stand for the season; 0 where none was found.
        level_change: at once.
        slope_change: per period.
        slope_before: per period.
        joint_p_value: of neither a change of level nor of slope, by F.
        effective: whether that is below 1 - level: only then the sentence claims an effect.
        improvement: whether the figure ends better than it would have; ``None`` without a claim, or a direction.
        at_end: last period: with the event less without it.
        mean: the same, on average after the event.
        counterfactual_at_end: the last period, had the course before the event gone on, with the interval of its line.
        phi: autocorrelation of neighbouring errors; ``None`` where the error model has none.
        serial_correlation: of the errors of least squares.
        periods: fitted and counterfactual course.
        sentence: the finding in plain words.
        assumes: what must be true for it to hold.
        warnings: what a reader must be told.
    """

    event: KnownEvent
    first_period: date
    straddling: date | None
    n_before: int
    n_after: int
    harmonics: int
    level_change: Coefficient
    slope_change: Coefficient
    slope_before: Coefficient
    joint_p_value: float
    effective: bool
    improvement: bool | None
    at_end: Estimate
    mean: Estimate
    counterfactual_at_end: Estimate
    phi: float | None
    serial_correlation: SerialCorrelation
    periods: tuple[InterruptionPeriod, ...]
    sentence: str
    assumes: tuple[str, ...]
    warnings: tuple[str, ...]
