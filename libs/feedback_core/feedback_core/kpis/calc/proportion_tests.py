"""Tests that two independent shares are equal."""

import math
from dataclasses import dataclass

from feedback_core.kpis.calc.proportion_differences import Share

# Tables as likely as the observed one count as such within this relative error: R, fisher.test.
EQUALLY_LIKELY = 1.0 + 1e-7


@dataclass(frozen=True, slots=True)
class PearsonTest:
    """Pearson's chi-square of a 2 x 2 table, without continuity correction.

    Attributes:
        chi_square: the statistic, on one degree of freedom.
        z: its signed root, which is the z of the test with pooled variance.
        p_value: two-sided.
        smallest_expected: least expected count of the table; below 5 the test is not to be trusted.
    """

    chi_square: float
    z: float
    p_value: float
    smallest_expected: float


def pearson_test(first: Share, second: Share) -> PearsonTest | None:
    """Pearson's chi-square, the square of the pooled z; ``None`` when none or all of both groups count. Golden: s03."""
    successes = first.successes + second.successes
    failures = first.failures + second.failures
    if 0 in {successes, failures}:
        return None
    n = first.n + second.n
    cross = first.successes * second.failures - second.successes * first.failures
    z = cross / math.sqrt(first.n * second.n) * math.sqrt(n) / math.sqrt(successes * failures)
    return PearsonTest(
        chi_square=z * z,
        z=z,
        p_value=math.erfc(abs(z) / math.sqrt(2.0)),
        smallest_expected=min(first.n, second.n) * min(successes, failures) / n,
    )


def fisher_exact_p(first: Share, second: Share) -> float:
    """Two-sided p of Fisher's exact test: total probability of the tables no likelier than the one observed.

    The probabilities are built by their ratios outward from the likeliest table and summed over all that do not
    underflow, so the work grows with their standard deviation, not with n. Golden: s03.
    """
    likelihoods = _relative_likelihoods(first, second)
    limit = likelihoods.get(first.successes, 0.0) * EQUALLY_LIKELY
    as_unlikely = math.fsum(value for value in likelihoods.values() if value <= limit)
    return min(as_unlikely / math.fsum(likelihoods.values()), 1.0)


def cohens_h(first: Share, second: Share) -> float:
    """Difference of shares on the arcsine scale, -pi..pi: 0.2 is small, 0.5 medium, 0.8 large.

    Source: Cohen (1988), Statistical Power Analysis, ch. 6.
    """
    return 2.0 * math.asin(math.sqrt(first.value)) - 2.0 * math.asin(math.sqrt(second.value))


def _relative_likelihoods(first: Share, second: Share) -> dict[int, float]:
    """Likelihood of each count of successes in the first group, margins fixed, relative to the likeliest."""
    successes = first.successes + second.successes
    lowest = max(0, successes - second.n)
    highest = min(first.n, successes)
    mode = min((first.n + 1) * (successes + 1) // (first.n + second.n + 2), highest)

    def ratio(k: int) -> float:
        """Likelihood of k + 1 over that of k."""
        return (first.n - k) * (successes - k) / ((k + 1) * (second.n - successes + k + 1))

    likelihoods = {mode: 1.0}
    likelihood = 1.0
    for k in range(mode, highest):
        likelihood *= ratio(k)
        if likelihood == 0.0:
            break
        likelihoods[k + 1] = likelihood
    likelihood = 1.0
    for k in range(mode - 1, lowest - 1, -1):
        likelihood /= ratio(k)
        if likelihood == 0.0:
            break
        likelihoods[k] = likelihood
    return likelihoods
