"""Coefficients of regressions, and tests about drivers."""

from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.estimates import Interval


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of a regression.

    Attributes:
        name: of the column, or of the threshold.
        estimate: per unit of the column, the other columns held fixed.
        standard_error: of the estimate.
        statistic: estimate / standard error: z of an ordinal, t of a linear model.
        p_value: two-sided.
        interval: Wald interval of the estimate.
        odds_ratio: exp(estimate) of a logit model: by how much one unit more multiplies the odds of a higher answer.
        odds_ratio_interval: exp of the interval.
    """

    name: str
    estimate: float
    standard_error: float
    statistic: float
    p_value: float
    interval: Interval
    odds_ratio: float | None = None
    odds_ratio_interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class DriverTest:
    """A test about all columns of one driver.

    Attributes:
        driver: its name.
        method: ``likelihood_ratio``, or ``wald`` where answers are weighted.
        statistic: compared with a chi-square.
        degrees_of_freedom: of that.
        p_value: of a statistic at least this large, were the hypothesis true.
        log_likelihood: of the other model of a likelihood ratio; ``None`` for Wald.
    """

    driver: str
    method: Literal["likelihood_ratio", "wald"]
    statistic: float
    degrees_of_freedom: int
    p_value: float
    log_likelihood: float | None
