"""Ordinal regression of an answer on its drivers, from patterns of answers with counts, weights or a design."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, xlogy

from feedback_core.drivers.calc.cumulative import (
    CumulativeModel,
    Link,
    Maximum,
    category_probabilities,
    covariance_of,
    maximise,
    score_products,
    scores_of,
)
from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, Standardised, checked, standardised
from feedback_core.drivers.types import Coefficient
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc import Design, covariance_of_totals

# exp() of more overflows.
_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class OrdinalFit:
    """A fitted cumulative link model: P(answer <= j) = F(threshold_j - x'b); a positive b means higher answers.

    Attributes:
        link: ``logit`` (proportional odds) or ``probit``.
        categories: names of those that somebody chose, lowest first.
        thresholds: between neighbouring categories, named ``Low|Medium``; they have no odds ratio.
        coefficients: one per column of the drivers, in their order.
        log_likelihood: at the maximum; with weights the pseudo one, weights scaled to mean 1.
        null_log_likelihood: of thresholds alone.
        aic: Akaike's criterion; ``None`` with weights, where it has no meaning.
        n: respondents.
        n_effective: Kish effective n.
        covariance: of thresholds and coefficients, in this order.
    """

    link: Link
    categories: tuple[str, ...]
    thresholds: tuple[Coefficient, ...]
    coefficients: tuple[Coefficient, ...]
    log_likelihood: float
    null_log_likelihood: float
    aic: float | None
    n: int
    n_effective: float
    covariance: FloatArray


@dataclass(frozen=True, slots=True)
class Prepared:
    """Patterns as the likelihood needs them.

    Attributes:
        patterns: those that somebody gave.
        model: with standardised columns.
        scale: of the columns.
        categories: names of those that somebody chose.
    """

    patterns: AnswerPatterns
    model: CumulativeModel
    scale: Standardised
    categories: tuple[str, ...]


def fit_ordinal(
    patterns: AnswerPatterns,
    *,
    link: Link = "logit",
    categories: Sequence[str] | None = None,
    design: Design | None = None,
    level: float = 0.95,
) -> OrdinalFit:
    """Ordinal regression by maximum likelihood; with weights or a design by pseudo-likelihood and sandwich errors.

    Args:
        patterns: answers; categories that nobody chose take no part.
        link: ``logit`` for proportional odds, ``probit``.
        categories: names of the outcome 0, 1, …; the outcome's values themselves if left out.
        design: strata and clusters; every pattern is then one respondent, and the weights are the design's.
        level: of the intervals.

    Raises:
        NotEstimable: nobody answered, all chose the same category, a driver is constant, follows from others or
            separates the answers.

    Source: McCullagh (1980), J. Royal Statistical Society B 42:109; errors under weights: Binder (1983), Int.
    Statistical Review 51:279. Golden: s24.
    """
    prepared = prepare(patterns if design is None else _weighted(patterns, design), link, categories)
    found = maximise(prepared.model)
    back = _way_back(prepared)
    covariance = back @ sampling_covariance(prepared, found, design) @ back.T
    estimates, errors = back @ found.parameters, np.sqrt(np.diag(covariance))
    names = [*_threshold_names(prepared.categories), *prepared.patterns.labels]
    values = [
        _coefficient(name, float(estimate), float(error), level)
        for name, estimate, error in zip(names, estimates, errors, strict=True)
    ]
    split = prepared.model.thresholds
    weighted = prepared.patterns.weights is not None
    return OrdinalFit(
        link=link,
        categories=prepared.categories,
        thresholds=tuple(values[:split]),
        coefficients=tuple(_with_odds_ratio(value) if link == "logit" else value for value in values[split:]),
        log_likelihood=found.log_likelihood,
        null_log_likelihood=_null_log_likelihood(prepared.model),
        aic=None if weighted else 2 * (len(values) - found.log_likelihood),
        n=prepared.patterns.n,
        n_effective=prepared.patterns.n_effective,
        covariance=covariance,
    )


def fit_top_box(
    patterns: AnswerPatterns, *, top: float, link: Link = "logit", design: Design | None = None, level: float = 0.95
) -> OrdinalFit:
    """Binary regression of an outcome of at least ``top``: what remains where one slope does not fit all thresholds.

    Raises:
        NotEstimable: as `fit_ordinal`; all or none reach ``top``.
    """
    reached = (patterns.outcome >= top).astype(float)
    if np.unique(reached[patterns.counts > 0]).size == 1:
        who = "Everybody" if reached[patterns.counts > 0].all() else "Nobody"
        raise NotEstimable(f"{who} gave {top:g} or more, so nothing can explain who did; choose another boundary.")
    binary = replace(patterns, outcome=reached)
    return fit_ordinal(binary, link=link, categories=(f"below {top:g}", f"{top:g} or more"), design=design, level=level)


def predicted_probabilities(fit: OrdinalFit, columns: ArrayLike) -> FloatArray:
    """Probability of each category, shape (rows, categories), for values of the drivers' columns (rows, columns).

    Raises:
        ValueError: another number of columns than the fit has.
    """
    rows = np.atleast_2d(np.asarray(columns, dtype=float))
    if rows.shape[1] != len(fit.coefficients):
        raise ValueError(f"columns: {rows.shape[1]}, expected {len(fit.coefficients)}")
    thresholds = np.array([threshold.estimate for threshold in fit.thresholds])
    slopes = np.array([coefficient.estimate for coefficient in fit.coefficients])
    return category_probabilities(thresholds - (rows @ slopes)[:, None], fit.link)


def prepare(patterns: AnswerPatterns, link: Link, categories: Sequence[str] | None = None) -> Prepared:
    """Check the patterns and write them as the likelihood needs them.

    Raises:
        NotEstimable: as `fit_ordinal`, but for separation.
        ValueError: an unknown link, or an outcome that is no index into ``categories``.
    """
    if link not in {"logit", "probit"}:
        raise ValueError(f"unknown link {link!r}")
    given = checked(patterns)
    values, codes = np.unique(given.outcome, return_inverse=True)
    names = _category_names(values, categories)
    if values.size < 2:
        raise NotEstimable(f"Everybody answered {names[0]}, so there is nothing to explain.")
    mass = given.mass
    scale = standardised(given.columns, mass, given.labels)
    nothing = np.zeros((codes.size, 0))
    model = CumulativeModel(codes.astype(np.int64), scale.columns, nothing, mass, values.size, link)
    return Prepared(given, model, scale, names)


def sampling_covariance(prepared: Prepared, found: Maximum, design: Design | None = None) -> FloatArray:
    """Covariance of the parameters of the standardised model: of likelihood, or sandwich with weights or a design.

    Raises:
        NotEstimable: a driver separates the answers, or a stratum has a single cluster.
    """
    bread = covariance_of(found)
    patterns, model = prepared.patterns, prepared.model
    if design is not None:
        scaled = replace(design, weights=model.mass)
        return bread @ covariance_of_totals(scores_of(model, found.parameters), scaled) @ bread
    if patterns.weights is None:
        return bread
    if patterns.n < 2:
        raise NotEstimable("One respondent shows no spread, so there is no error to give.")
    meat = score_products(model, found.parameters, model.mass**2 / patterns.counts)
    return bread @ (patterns.n / (patterns.n - 1) * meat) @ bread


def _weighted(patterns: AnswerPatterns, design: Design) -> AnswerPatterns:
    if patterns.weights is not None or not (patterns.counts == 1).all():
        raise ValueError("with a design every pattern is one respondent, and the weights are the design's")
    return replace(patterns, weights=design.weights)


def _category_names(values: FloatArray, names: Sequence[str] | None) -> tuple[str, ...]:
    if names is None:
        return tuple(f"{value:g}" for value in values)
    codes = values.astype(np.int64)
    if (codes != values).any() or codes[0] < 0 or codes[-1] >= len(names):
        raise ValueError(f"outcome: a value is no index into the {len(names)} categories")
    return tuple(names[code] for code in codes)


def _threshold_names(categories: Sequence[str]) -> list[str]:
    return [f"{below}|{above}" for below, above in pairwise(categories)]


def _way_back(prepared: Prepared) -> FloatArray:
    """Matrix that turns parameters of standardised columns into those of the columns as given."""
    thresholds, scale = prepared.model.thresholds, prepared.scale
    back = np.eye(prepared.model.size)
    back[thresholds:, thresholds:] = np.diag(1 / scale.deviations)
    back[:thresholds, thresholds:] = scale.means / scale.deviations
    return back


def _null_log_likelihood(model: CumulativeModel) -> float:
    chosen = np.bincount(model.codes, weights=model.mass)
    return float(xlogy(chosen, chosen / chosen.sum()).sum())


def _coefficient(name: str, estimate: float, error: float, level: float) -> Coefficient:
    half = float(ndtri((1 + level) / 2)) * error
    statistic = estimate / error
    return Coefficient(
        name=name,
        estimate=estimate,
        standard_error=error,
        statistic=statistic,
        p_value=2 * float(ndtr(-abs(statistic))),
        interval=Interval(estimate - half, estimate + half, level, "wald"),
    )


def _with_odds_ratio(value: Coefficient) -> Coefficient:
    """With the odds ratio, unless the column's unit is so large that it overflows."""
    low, high = value.interval.low, value.interval.high
    if max(abs(low), abs(high)) > _LARGEST_EXPONENT:
        return value
    limits = np.exp([low, value.estimate, high]).tolist()
    interval = Interval(limits[0], limits[2], value.interval.level, value.interval.method)
    return replace(value, odds_ratio=limits[1], odds_ratio_interval=interval)
