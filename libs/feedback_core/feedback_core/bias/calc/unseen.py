"""What people who were not heard could do to a mean: bounds, and the value that would tip a decision."""

from feedback_core.bias.types import UnseenBounds
from feedback_core.kit.errors import NotEstimable


def mean_with_unseen(seen_share: float, seen_mean: float, unseen_mean: float) -> float:
    """The population's mean, were the unseen part's mean this one.

    Raises:
        NotEstimable: ``seen_share`` is not above 0 and up to 1.

    Source: Cochran (1977), Sampling Techniques, section 13.2.
    """
    _refuse_share(seen_share)
    return seen_share * seen_mean + (1 - seen_share) * unseen_mean


def unseen_bounds(seen_share: float, seen_mean: float, scale: tuple[float, float]) -> UnseenBounds:
    """Worst cases: the unseen (nonrespondents, people missing from the frame) all at one end of the scale.

    Args:
        seen_share: response rate or coverage rate, 0..1.
        seen_mean: mean score of those seen.
        scale: lowest and highest possible score; -100 and 100 for NPS.

    Raises:
        NotEstimable: ``seen_share`` is not above 0 and up to 1, or the mean is outside the scale.

    Source: as `mean_with_unseen`.
    """
    if not scale[0] <= seen_mean <= scale[1]:
        raise NotEstimable(f"A mean of {seen_mean:g} lies outside the scale of {scale[0]:g} to {scale[1]:g}.")
    low, high = (mean_with_unseen(seen_share, seen_mean, end) for end in scale)
    return UnseenBounds(low, high, max(high - seen_mean, seen_mean - low))


def tipping_mean(seen_share: float, seen_mean: float, threshold: float) -> float:
    """Mean of the unseen at which the population's mean is ``threshold``; it may lie outside the scale: then none tips.

    Raises:
        NotEstimable: everybody was seen, or ``seen_share`` is not above 0.

    Source: as `mean_with_unseen`.
    """
    _refuse_share(seen_share)
    if seen_share == 1:
        raise NotEstimable("Everybody was seen, so there is nobody whose answers could tip the figure.")
    return (threshold - seen_share * seen_mean) / (1 - seen_share)


def _refuse_share(seen_share: float) -> None:
    if not 0 < seen_share <= 1:
        raise NotEstimable(f"The share that was seen must be above 0 and up to 1; {seen_share} is not.")
