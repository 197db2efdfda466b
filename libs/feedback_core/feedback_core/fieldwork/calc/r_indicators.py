"""R-indicators: how evenly the invited responded, and how large a bias uneven response can cause at most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.fieldwork.calc.partial_r_indicators import partial_indicators
from feedback_core.fieldwork.calc.propensity_spread import PropensitySpread, propensity_spread
from feedback_core.fieldwork.calc.response_model import coefficient_names, response_model
from feedback_core.fieldwork.calc.response_patterns import ResponsePatterns
from feedback_core.fieldwork.types.response import PartialIndicator
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.quantiles import normal_quantile

# Below this many invited, the adjustment for bias is as large as what it adjusts.
FEW_INVITED = 300
# Peduzzi et al. (1996), J. Clinical Epidemiology 49:1373.
EVENTS_PER_COEFFICIENT = 10


@dataclass(frozen=True, slots=True)
class RIndicator:
    """Representativity of response with respect to the model's variables.

    Attributes:
        r: 1 - 2 S, S being the standard deviation of the propensities adjusted for what estimating them adds; 1 where
            all have the same propensity. The interval is normal, cut at 0 and 1.
        r_unadjusted: the same without the adjustment.
        bias_factor: share of the propensities' variance that is left after the adjustment, 0..1.
        coefficient_of_variation: S over the response rate; bounds the bias of every mean of respondents, in standard
            deviations of what is measured.
        cv_standard_error: its standard error; ``None`` where the propensities do not vary.
        cv_unadjusted: the same without the adjustment.
        response_rate: weighted by the design weights, 0..1.
        propensity_sd: standard deviation of the propensities, not adjusted.
        coefficients: of the response logit: (variable, category, coefficient), the intercept as ("", "", …).
        partials: by variable: which of them response depends on.
    """

    r: Estimate
    r_unadjusted: float
    bias_factor: float
    coefficient_of_variation: float
    cv_standard_error: float | None
    cv_unadjusted: float
    response_rate: float
    propensity_sd: float
    coefficients: tuple[tuple[str, str, float], ...]
    partials: tuple[PartialIndicator, ...]

    @property
    def partial_coefficients_of_variation(self) -> tuple[PartialIndicator, ...]:
        """The partial indicators over the response rate, to compare surveys with different rates."""
        return tuple(partial.scaled(1 / self.response_rate) for partial in self.partials)

    def largest_bias(self, standard_deviation: float) -> float:
        """Largest bias of the mean of something with this standard deviation, if it went with response entirely.

        A worst case with respect to these variables, no estimate: nonresponse within their cells adds to it.
        """
        return self.coefficient_of_variation * standard_deviation


def r_indicator(patterns: ResponsePatterns, *, level: float = 0.95) -> RIndicator:
    """R-indicator of the invited, with partial indicators by variable and category.

    With all design weights 1 the invited are taken as the population, so standard errors hold no sampling of them.

    Raises:
        NotEstimable: as `response_model`; or a stratum of which one was invited of several.

    Source: Schouten, Cobben & Bethlehem (2009), Survey Methodology 35:101; Shlomo, Skinner & Schouten (2012), J.
    Statistical Planning and Inference 142:201; formulas as in the program RISQ 2.1. Golden: s15, s35.
    """
    model = response_model(patterns)
    spread = propensity_spread(patterns, model)
    rate = spread.mean
    adjusted = float(np.sqrt(spread.variance * spread.bias_factor))
    error = spread.standard_error
    coefficient = adjusted / rate
    names = [("", ""), *coefficient_names(patterns)]
    return RIndicator(
        r=Estimate(
            value=1 - 2 * adjusted,
            interval=_interval(1 - 2 * adjusted, error, level),
            standard_error=error,
            n=patterns.n,
            n_effective=float(patterns.n),
            warnings=_warnings(patterns, spread, model.coefficients),
        ),
        r_unadjusted=1 - 2 * float(np.sqrt(spread.variance)),
        bias_factor=spread.bias_factor,
        coefficient_of_variation=coefficient,
        cv_standard_error=(
            None if error is None else float(np.sqrt((error / (2 * rate)) ** 2 + coefficient**4 / patterns.n))
        ),
        cv_unadjusted=float(np.sqrt(spread.variance)) / rate,
        response_rate=rate,
        propensity_sd=float(np.sqrt(spread.variance)),
        coefficients=tuple((*name, float(value)) for name, value in zip(names, model.coefficients, strict=True)),
        partials=partial_indicators(patterns, model, spread),
    )


def _interval(value: float, error: float | None, level: float) -> Interval | None:
    if error is None:
        return None
    half = normal_quantile(level) * error
    return Interval(max(0.0, value - half), min(1.0, value + half), level, "normal")


def _warnings(
    patterns: ResponsePatterns, spread: PropensitySpread, coefficients: NDArray[np.float64]
) -> tuple[str, ...]:
    told = []
    if patterns.n < FEW_INVITED:
        told.append(f"Only {patterns.n} were invited; below {FEW_INVITED} the adjustment for bias dominates.")
    fewest = min(patterns.n_responded, patterns.n - patterns.n_responded)
    if fewest < EVENTS_PER_COEFFICIENT * coefficients.size:
        told.append(
            f"{fewest:,} responses or non-responses for {coefficients.size} coefficients; fewer than "
            f"{EVENTS_PER_COEFFICIENT} for each make the propensities unsteady."
        )
    if spread.standard_error is None:
        told.append("The propensities do not vary with these variables, so there is no standard error.")
    elif spread.bias_factor == 0:
        told.append(
            "The propensities vary no more than chance alone explains; that R is 1 is the most favourable reading."
        )
    return tuple(told)
