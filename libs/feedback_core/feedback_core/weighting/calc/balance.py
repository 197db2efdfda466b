"""How far respondents and frame are apart in each attribute, in standard deviations of the frame."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.people import People
from feedback_core.weighting.calc.raking import weighted_shares
from feedback_core.weighting.types import Margin


@dataclass(frozen=True, slots=True)
class LevelDifference:
    """One category of an attribute, or a number.

    Attributes:
        attribute: its key.
        level: the category; empty for a number.
        mean: share of the category among respondents, or their mean.
        frame_mean: that of the frame.
        frame_sd: standard deviation in the frame.
        difference: (mean - frame mean) / SD of the frame, signed.
    """

    attribute: str
    level: str
    mean: float
    frame_mean: float
    frame_sd: float
    difference: float


@dataclass(frozen=True, slots=True)
class Balance:
    """Standardised differences of every level, and their mean.

    Attributes:
        levels: in the order of the attributes.
        mean_absolute: mean over attributes of the mean absolute difference of their levels, so that an attribute with
            many categories does not count more.
    """

    levels: tuple[LevelDifference, ...]
    mean_absolute: float

    def of(self, attribute: str) -> dict[str, float]:
        """Signed difference by level of one attribute."""
        return {one.level: one.difference for one in self.levels if one.attribute == attribute}


def covariate_balance(
    sample: People, frame: People, *, weights: ArrayLike | None = None, without_first_level: Collection[str] = ()
) -> Balance:
    """Standardised differences between ``sample`` and a file of the frame, attribute by attribute.

    Attributes that were weighted to differ by nothing: judge weights on others as well.

    Args:
        sample: respondents.
        frame: the frame or a reference sample, with the same attributes and levels.
        weights: of each unit of the sample; its own when absent.
        without_first_level: attributes of which the first level is left out, as a regression's reference level is.

    Raises:
        NotEstimable: a level or number that does not vary in the frame.

    Source: Austin (2009), Statistics in Medicine 28:3083; Python balance 0.23. Golden: s11, s12, s35.
    """
    if (sample.attributes, sample.levels, sample.measures) != (frame.attributes, frame.levels, frame.measures):
        raise ValueError("sample and frame must have the same attributes, levels and numbers in the same order")
    own = sample.weights if weights is None else np.asarray(weights, dtype=float)
    heard, known = _Moments(sample, sample.counts * own), _Moments(frame, frame.counts * frame.weights)
    effective = float(frame.counts @ frame.weights) ** 2 / float(frame.counts @ frame.weights**2)
    found: list[LevelDifference] = []
    for index, (attribute, names) in enumerate(zip(sample.attributes, sample.levels, strict=True)):
        skipped = 1 if attribute in without_first_level else 0
        shares, targets = heard.shares[index][skipped:], known.shares[index][skipped:]
        spreads = np.sqrt(targets * (1 - targets) * _unbiased(effective))
        found += _differences(attribute, names[skipped:], shares, targets, spreads)
    for index, measure in enumerate(sample.measures):
        spread = (known.variances[index] * _unbiased(effective)) ** 0.5
        found += _differences(measure, ("",), heard.means[[index]], known.means[[index]], np.array([spread]))
    return Balance(tuple(found), _mean_absolute(found))


def before_and_after(
    sample: People, frame: People, weights: NDArray[np.float64]
) -> tuple[Balance, Balance] | tuple[None, None]:
    """`covariate_balance` under the sample's own weights and under ``weights``; none where the frame does not vary."""
    try:
        return covariate_balance(sample, frame), covariate_balance(sample, frame, weights=weights)
    except NotEstimable:
        return None, None


def margin_balance(codes: NDArray[np.int64], margins: Sequence[Margin], mass: NDArray[np.float64]) -> Balance:
    """The same against margins of the frame; ``mass`` is the weight of each unit summed over its respondents.

    Raises:
        NotEstimable: a margin that gives one category the whole frame, or no margin at all.
    """
    found: list[LevelDifference] = []
    for margin, shares in zip(margins, weighted_shares(codes, margins, mass), strict=True):
        targets = np.asarray(margin.shares)
        spreads = np.sqrt(np.maximum(targets * (1 - targets), 0.0))
        found += _differences(margin.attribute, margin.categories, shares, targets, spreads)
    return Balance(tuple(found), _mean_absolute(found))


class _Moments:
    """Shares of every level, and mean and variance (divided by the whole weight) of every number."""

    def __init__(self, people: People, mass: NDArray[np.float64]) -> None:
        whole = mass.sum()
        self.shares = [
            np.bincount(row, weights=mass, minlength=len(names)) / whole
            for row, names in zip(people.codes, people.levels, strict=True)
        ]
        self.means = people.numbers @ mass / whole
        self.variances = (people.numbers - self.means[:, None]) ** 2 @ mass / whole


def _unbiased(effective: float) -> float:
    """What makes a variance that is divided by the whole weight unbiased; n / (n - 1) under equal weights."""
    if effective <= 1:
        raise NotEstimable("The frame has a single person, so nothing varies in it.")
    return effective / (effective - 1)


def _differences(
    attribute: str,
    levels: Sequence[str],
    means: NDArray[np.float64],
    targets: NDArray[np.float64],
    spreads: NDArray[np.float64],
) -> list[LevelDifference]:
    if not (spreads > 0).all():
        still = levels[int(np.flatnonzero(~(spreads > 0))[0])]
        what = f"{attribute} {still!r}" if still else attribute
        raise NotEstimable(f"The frame does not vary in {what}, so a difference cannot be standardised; leave it out.")
    return [
        LevelDifference(attribute, level, float(mean), float(target), float(spread), float((mean - target) / spread))
        for level, mean, target, spread in zip(levels, means, targets, spreads, strict=True)
    ]


def _mean_absolute(differences: Sequence[LevelDifference]) -> float:
    by_attribute: dict[str, list[float]] = {}
    for one in differences:
        by_attribute.setdefault(one.attribute, []).append(abs(one.difference))
    if not by_attribute:
        raise NotEstimable("There is no attribute to average differences over.")
    return float(np.mean([np.mean(levels) for levels in by_attribute.values()]))
