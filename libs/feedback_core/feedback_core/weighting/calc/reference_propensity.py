"""Weights of a volunteer sample by the odds of being in it rather than in a reference file of the population."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.balance import before_and_after
from feedback_core.weighting.calc.logistic import fit_propensities
from feedback_core.weighting.calc.people import People
from feedback_core.weighting.calc.response_propensity import AS_FIXED
from feedback_core.weighting.calc.trimming import Trimmed, trim_to_mean_ratio, trim_to_percentiles
from feedback_core.weighting.calc.weighting import Weighting, described


def weight_to_reference(
    sample: People,
    reference: People,
    *,
    balance_classes: bool = False,
    weight_trimming_mean_ratio: float | None = None,
    weight_trimming_percentile: float | tuple[float, float] | None = None,
) -> Weighting:
    """Design weight times (1 - p) / p, p the fitted probability that a person of the stacked files is of the sample.

    Weights sum to the weight of the reference file. This is not the weight of someone invited, which is d / p:
    `weight_by_response`.

    Args:
        sample: volunteers.
        reference: people of the population, or a weighted sample of it, with the same attributes and numbers.
        balance_classes: give sample and reference the same whole weight in the fit, which matters where the model is
            only nearly right.
        weight_trimming_mean_ratio: as for `trim_to_mean_ratio`.
        weight_trimming_percentile: as for `trim_to_percentiles`; not together with the ratio.

    Raises:
        NotEstimable: the two files have different attributes, or an attribute tells them apart perfectly.
        BoundsImpossible: as the two ways of trimming.

    Source: Valliant & Dever (2011), Sociological Methods & Research 40:105; Python balance 0.23. Golden: s12.
    """
    who, ones, zeros = stacked(sample, reference, balance_classes=balance_classes)
    odds = fit_propensities(who, ones, zeros).log_odds[: sample.weights.size]
    return weighted_by_odds(sample, reference, odds, trimming=(weight_trimming_mean_ratio, weight_trimming_percentile))


def stacked(
    sample: People, reference: People, *, balance_classes: bool
) -> tuple[People, NDArray[np.float64], NDArray[np.float64]]:
    """Both files as one, and the weight of each unit as one of the sample and as one of the reference.

    Raises:
        NotEstimable: the two files have different attributes, levels or numbers.
    """
    if (sample.attributes, sample.levels, sample.measures) != (
        reference.attributes,
        reference.levels,
        reference.measures,
    ):
        raise NotEstimable("Sample and reference must know the same attributes, categories and numbers of people.")
    heard, known = sample.counts * sample.weights, reference.counts * reference.weights
    share = float(heard.sum() / known.sum()) if balance_classes else 1.0
    everyone = People(
        sample.attributes,
        sample.levels,
        np.hstack([sample.codes, reference.codes]),
        sample.measures,
        np.hstack([sample.numbers, reference.numbers]),
        np.concatenate([sample.weights, reference.weights]),
        np.concatenate([sample.counts, reference.counts]),
    )
    ones = np.concatenate([heard, np.zeros(known.size)])
    return everyone, ones, np.concatenate([np.zeros(heard.size), share * known])


def weighted_by_odds(
    sample: People,
    reference: People,
    log_odds: NDArray[np.float64],
    *,
    trimming: tuple[float | None, float | tuple[float, float] | None],
    warnings: Sequence[str] = (),
) -> Weighting:
    """Design weights over the odds to be of the sample, trimmed (ratio to the mean, or percentiles) and scaled.

    Raises:
        BoundsImpossible: as the two ways of trimming.
    """
    ratio, percentile = trimming
    if ratio is not None and percentile is not None:
        raise ValueError("trim by the ratio to the mean or by percentiles, not both")
    raw = sample.weights * np.exp(log_odds.min() - log_odds)
    cut = _trimmed(raw, sample.counts, ratio, percentile)
    whole = float(reference.counts @ reference.weights)
    weights = cut.weights * (whole / float(sample.counts @ cut.weights))
    told = [AS_FIXED, *warnings]
    if cut.trimmed:
        told.append(f"The weights of {cut.trimmed} respondents were cut; the attributes are balanced less well for it.")
    return described(
        "reference_propensity",
        weights,
        base=sample.weights,
        counts=sample.counts,
        balance=before_and_after(sample, reference, weights),
        trimmed=cut.trimmed,
        warnings=told,
    )


def _trimmed(
    weights: NDArray[np.float64],
    counts: NDArray[np.float64],
    ratio: float | None,
    percentile: float | tuple[float, float] | None,
) -> Trimmed:
    if ratio is not None:
        return trim_to_mean_ratio(weights, ratio, counts=counts)
    if percentile is not None:
        return trim_to_percentiles(weights, percentile, counts=counts)
    return Trimmed(weights, 0, 0)
