"""Linear regression of an answer on its drivers, from patterns of answers."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from feedback_core.drivers.calc.correlations import standardised_outcome
from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, checked, standardised
from feedback_core.drivers.types import Coefficient
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval

INTERCEPT = "(Intercept)"
# Residual variance below this share of the outcome's is rounding.
_PERFECT = 1e-12


@dataclass(frozen=True, slots=True)
class LinearFit:
    """A least-squares fit.

    Attributes:
        intercept: named ``(Intercept)``.
        coefficients: one per column of the drivers, in their order.
        standardised: coefficients in standard deviations of outcome per standard deviation of driver.
        variance_inflation: per column: 1 / (1 - R² of the column on all others).
        r_squared: share of variance explained, 0..1.
        adjusted_r_squared: less what as many meaningless drivers would explain; may be negative.
        residual_deviation: standard deviation of the residuals, units of the outcome.
        degrees_of_freedom: respondents minus coefficients.
        n: respondents.
        n_effective: Kish effective n.
    """

    intercept: Coefficient
    coefficients: tuple[Coefficient, ...]
    standardised: tuple[float, ...]
    variance_inflation: tuple[float, ...]
    r_squared: float
    adjusted_r_squared: float
    residual_deviation: float
    degrees_of_freedom: int
    n: int
    n_effective: float


def fit_linear(patterns: AnswerPatterns, *, level: float = 0.95) -> LinearFit:
    """Ordinary least squares; with weights, weighted ones with sandwich errors.

    Raises:
        NotEstimable: nobody answered, no driver, fewer respondents than coefficients + 1, a constant outcome, a driver
            that is constant or follows from others (named), or an outcome that follows from its drivers without error.

    Source: Weisberg (2014), Applied Linear Regression, 4th ed.; errors under weights: Binder (1983), Int. Statistical
    Review 51:279. Golden: s25.
    """
    given = checked(patterns)
    n, p = given.n, len(given.labels)
    if p == 0:
        raise NotEstimable("There is no driver; name at least one.")
    df = n - p - 1
    if df < 1:
        raise NotEstimable(f"{p} drivers need at least {p + 2} respondents; there are {n}.")
    mass = given.mass
    outcome, scale = standardised_outcome(given), standardised(given.columns, mass, given.labels)
    inverse = np.linalg.inv((scale.columns * mass[:, None]).T @ scale.columns / mass.sum())
    slopes = inverse @ (scale.columns.T @ (mass * outcome)) / mass.sum()
    residuals = outcome - scale.columns @ slopes
    unexplained = float(mass @ residuals**2 / mass.sum())
    if unexplained < _PERFECT:
        raise NotEstimable("The outcome follows from its drivers without error; it is one of them in other words.")
    mean = float(mass @ given.outcome / mass.sum())
    spread = float(np.sqrt(mass @ (given.outcome - mean) ** 2 / mass.sum()))
    covariance = _standardised_covariance(given, scale.columns, inverse, residuals, df)
    # Back to the columns as given: slope b/sd, and the intercept where all columns are 0.
    back = np.diag(np.concatenate([[1.0], 1 / scale.deviations])) * spread
    back[0, 1:] = -scale.means / scale.deviations * spread
    estimates = back @ np.concatenate([[0.0], slopes])
    estimates[0] += mean
    errors = np.sqrt(np.diag(back @ covariance @ back.T))
    values = [
        _coefficient(name, float(estimate), float(error), df, level)
        for name, estimate, error in zip([INTERCEPT, *given.labels], estimates, errors, strict=True)
    ]
    return LinearFit(
        intercept=values[0],
        coefficients=tuple(values[1:]),
        standardised=tuple(slopes.tolist()),
        variance_inflation=tuple(np.diag(inverse).tolist()),
        r_squared=1 - unexplained,
        adjusted_r_squared=1 - unexplained * (n - 1) / df,
        residual_deviation=spread * float(np.sqrt(unexplained * n / df)),
        degrees_of_freedom=df,
        n=n,
        n_effective=given.n_effective,
    )


def _standardised_covariance(
    given: AnswerPatterns, columns: FloatArray, inverse: FloatArray, residuals: FloatArray, df: int
) -> FloatArray:
    """Covariance of mean and slopes of the standardised outcome on standardised columns, shape (p + 1, p + 1)."""
    n, mass = given.n, given.mass
    bread = np.zeros((inverse.shape[0] + 1, inverse.shape[0] + 1))
    bread[0, 0], bread[1:, 1:] = 1 / n, inverse / n
    if given.weights is None:
        plain: FloatArray = bread * float(mass @ residuals**2 / df)
        return plain
    design = np.column_stack([np.ones(residuals.size), columns])
    squared = mass**2 / given.counts * residuals**2
    sandwich: FloatArray = n / (n - 1) * bread @ ((design * squared[:, None]).T @ design) @ bread
    return sandwich


def _coefficient(name: str, estimate: float, error: float, df: int, level: float) -> Coefficient:
    half = float(stdtrit(df, (1 + level) / 2)) * error
    statistic = estimate / error
    p_value = 2 * float(stdtr(df, -abs(statistic)))
    return Coefficient(
        name, estimate, error, statistic, p_value, Interval(estimate - half, estimate + half, level, "t")
    )
