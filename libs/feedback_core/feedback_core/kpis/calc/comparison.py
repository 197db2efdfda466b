"""What two groups or periods differ by, and whether sampling error alone explains it."""

from dataclasses import dataclass

from feedback_core.kit.estimates import Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """First group minus second group, in the units of the figure compared.

    Attributes:
        difference: first minus second, unrounded.
        interval: of the difference; ``None`` where the data cannot bear one (said in ``warnings``).
        test: name of the test behind ``p_value``: ``z_unpooled``, ``hybrid_score``, ``pearson``, ``fisher_exact``,
            ``welch``.
        statistic: of the test; ``None`` where it has none, as Fisher's exact test.
        p_value: two-sided; never NaN, 0.0 when it underflows; ``None`` where the test cannot be made.
        df: degrees of freedom; ``None`` where the test has none.
        effect_size: the difference in standard units; ``None`` where both groups have no spread.
        effect_size_name: ``standardised_difference``, ``cohens_h`` or ``cohens_d``.
        n_first: answers in the first group.
        n_second: answers in the second group.
        beyond_sampling_error: the p-value is below 1 - level and the interval leaves out zero; ``None`` if undecidable.
        warnings: what a reader must be told, a sentence each.
    """

    difference: float
    interval: Interval | None
    test: str
    statistic: float | None
    p_value: float | None
    df: float | None
    effect_size: float | None
    effect_size_name: str
    n_first: int
    n_second: int
    beyond_sampling_error: bool | None
    warnings: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """One plain sentence for the reader."""
        sizes = f"n = {self.n_first} and {self.n_second}"
        if self.beyond_sampling_error is None:
            return f"Whether the difference is more than sampling error cannot be told at {sizes}."
        if self.beyond_sampling_error:
            return f"The difference is larger than sampling error explains at {sizes}."
        return f"The difference is within sampling error at {sizes}."


def is_beyond_sampling_error(p_value: float | None, interval: Interval | None) -> bool | None:
    """Whether test and interval agree that there is a difference; where they disagree, no difference is claimed.

    The two come from methods that are not exact inverses of each other (Newcombe's interval and Pearson's test), so
    near the limit one may find a difference and the other not.
    """
    if p_value is None or interval is None:
        return None
    leaves_out_zero = interval.low > 0.0 or interval.high < 0.0
    return leaves_out_zero and p_value < 1.0 - interval.level
