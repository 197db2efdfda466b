"""Do the respondents have the frame's distribution over one attribute? Pearson's test, and its design-based version."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, xlogy

from feedback_core.bias.types import GoodnessOfFit
from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import Design, covariance_of_totals

# Cochran (1954), Biometrics 10:417: below this the chi-square approximation is doubtful.
SMALLEST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class DesignBasedFit:
    """Rao-Scott goodness of fit of a weighted, stratified or clustered sample.

    Attributes:
        statistic: sum of (observed - expected)² / expected over the weighted table.
        scale: second-order correction: ``statistic / scale`` is compared with a chi-square.
        degrees_of_freedom: of that chi-square (not a whole number).
        p_value: of the corrected statistic.
        generalised_deffs: eigenvalues of the covariance of the cells' terms, largest first.
    """

    statistic: float
    scale: float
    degrees_of_freedom: float
    p_value: float
    generalised_deffs: tuple[float, ...]


def goodness_of_fit(observed: Sequence[int], shares: Sequence[float]) -> GoodnessOfFit:
    """Pearson's test of ``observed`` counts per category against the frame's ``shares``.

    Raises:
        NotEstimable: nobody answered, fewer than two categories, or a share that is not above 0.

    Source: Pearson (1900); Cohen (1988) for w. Golden: s14.
    """
    counts = np.asarray(observed, dtype=float)
    frame = _shares(shares, counts.size)
    n = float(counts.sum())
    if n <= 0:
        raise NotEstimable("Nobody answered, so there is nothing to hold against the frame.")
    expected = n * frame
    statistic = float(((counts - expected) ** 2 / expected).sum())
    gaps = counts / n - frame
    df = counts.size - 1
    return GoodnessOfFit(
        n=round(n),
        observed=tuple(int(count) for count in counts),
        expected=tuple(expected.tolist()),
        statistic=statistic,
        degrees_of_freedom=df,
        p_value=float(chdtrc(df, statistic)),
        standardised_residuals=tuple(((counts - expected) / np.sqrt(expected * (1 - frame))).tolist()),
        likelihood_ratio=max(0.0, 2 * float(xlogy(counts, counts / expected).sum())),
        gaps=tuple((100 * gaps).tolist()),
        cohen_w=(statistic / n) ** 0.5,
        dissimilarity=float(np.abs(gaps).sum()) / 2,
        warnings=_small_expectations(expected),
    )


def design_based_fit(codes: NDArray[np.int64], shares: Sequence[float], design: Design) -> DesignBasedFit:
    """Rao-Scott test of the weighted sample against the frame's ``shares``.

    Args:
        codes: category of each respondent, an index into ``shares``, shape (n,).
        shares: of the frame, each above 0; scaled to sum to 1.
        design: weights, strata, clusters and population of the respondents.

    Raises:
        NotEstimable: a share that is not above 0, a single cluster in a stratum, or no spread at all.

    Source: Rao & Scott (1981), JASA 76:221, with Satterthwaite's correction, as ``svygofchisq`` of R's survey.
    Golden: s14.
    """
    frame = _shares(shares, len(shares))
    dummies = (codes[:, None] == np.arange(frame.size)).astype(float)
    totals = design.mass() @ dummies
    expected = frame * totals.sum()
    statistic = float(((totals - expected) ** 2 / expected).sum())
    # Delta method for (O - E) / sqrt(E), in which E moves with the estimated population size as well.
    slope = -frame * (totals + expected) / (2 * expected**1.5)
    gradient = np.diag(expected**-0.5) + slope[:, None]
    spread = np.linalg.eigvalsh(gradient @ covariance_of_totals(dummies, design) @ gradient.T)[::-1]
    whole = float(spread.sum())
    if not whole > 0:
        raise NotEstimable("The sample shows no spread over these categories, so the fit cannot be tested.")
    scale = float((spread**2).sum()) / whole
    df = whole / scale
    return DesignBasedFit(statistic, scale, df, float(chdtrc(df, statistic / scale)), tuple(spread.tolist()))


def _shares(given: ArrayLike, categories: int) -> NDArray[np.float64]:
    shares = np.asarray(given, dtype=float)
    if shares.shape != (categories,):
        raise ValueError(f"shares: shape {shares.shape}, expected ({categories},)")
    if categories < 2:
        raise NotEstimable("With fewer than two categories there is no distribution to compare.")
    if not (np.isfinite(shares).all() and (shares > 0).all()):
        raise NotEstimable("Every category of the frame needs a share above 0.")
    scaled: NDArray[np.float64] = shares / shares.sum()
    return scaled


def _small_expectations(expected: NDArray[np.float64]) -> tuple[str, ...]:
    small = int(np.count_nonzero(expected < SMALLEST_EXPECTED))
    if not small:
        return ()
    which = "One category is" if small == 1 else f"{small} categories are"
    return (f"{which} expected to have fewer than 5 respondents, so the chi-square test is only approximate.",)
