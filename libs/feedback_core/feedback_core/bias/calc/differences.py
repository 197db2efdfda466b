"""Standardised differences: how far respondents and frame are apart, whatever the number of respondents."""

from collections.abc import Sequence

import numpy as np

from feedback_core.kit.errors import NotEstimable

# Conventions, not tests: Austin (2009), Statistics in Medicine 28:3083; Stuart et al. (2013).
LOOK = 0.1
ACT = 0.25


def standardised_difference(mean: float, frame_mean: float, frame_sd: float) -> float:
    """Absolute difference of means in standard deviations of the frame.

    Raises:
        NotEstimable: the frame does not vary, or a figure is not finite.
    """
    if not (np.isfinite([mean, frame_mean, frame_sd]).all() and frame_sd > 0):
        raise NotEstimable("The frame does not vary in this attribute, so a difference cannot be standardised.")
    return abs(mean - frame_mean) / frame_sd


def share_differences(
    shares: Sequence[float], frame_shares: Sequence[float], *, frame_size: float | None = None
) -> tuple[float, ...]:
    """Standardised difference of each category's share; the frame's SD is sqrt(p (1 - p)).

    Args:
        shares: of the respondents.
        frame_shares: of the frame, each strictly between 0 and 1.
        frame_size: people in the frame, to divide by n - 1 in the SD as for a file; the plain SD when absent.

    Raises:
        NotEstimable: a frame share of 0 or 1.

    Source: Austin (2009); Python balance 0.23. Golden: s11.
    """
    correction = 1.0 if frame_size is None else (frame_size / (frame_size - 1)) ** 0.5
    return tuple(
        standardised_difference(share, frame, correction * max(0.0, frame * (1 - frame)) ** 0.5)
        for share, frame in zip(shares, frame_shares, strict=True)
    )


def mean_difference(by_attribute: Sequence[Sequence[float]]) -> float:
    """Mean over attributes of the mean over each attribute's categories, so that many categories do not count more.

    Raises:
        NotEstimable: no attribute, or one without categories.
    """
    if not by_attribute or not all(by_attribute):
        raise NotEstimable("There is no attribute to average differences over.")
    return float(np.mean([np.mean(list(levels)) for levels in by_attribute]))
