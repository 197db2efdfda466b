"""Difference of two independent shares, with test and effect size."""

from typing import Literal

from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.comparison import Comparison, is_beyond_sampling_error
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.proportion_differences import DifferenceMethod, Share, proportion_difference_interval
from feedback_core.kpis.calc.proportion_tests import cohens_h, fisher_exact_p, pearson_test

ProportionTest = Literal["auto", "pearson", "fisher_exact"]
LEAST_EXPECTED = 5.0


def compare_proportions(
    first: Share,
    second: Share,
    *,
    level: float = 0.95,
    method: DifferenceMethod = "newcombe",
    test: ProportionTest = "auto",
) -> Comparison:
    """First minus second, -1..1, for groups that share no respondents; the interval is cut at -1 and 1.

    ``auto`` tests by Pearson's chi-square (``statistic`` is its signed root, z), and by Fisher's exact test when an
    expected count is below 5. The effect size is Cohen's h.

    Raises:
        ValueError: ``pearson`` was asked for where none or all of both groups count.
    """
    raw = proportion_difference_interval(first, second, level=level, method=method)
    interval = Interval(max(raw.low, -1.0), min(raw.high, 1.0), raw.level, raw.method)
    name, statistic, p_value = _test(first, second, test)
    return Comparison(
        difference=first.value - second.value,
        interval=interval,
        test=name,
        statistic=statistic,
        p_value=p_value,
        df=None,
        effect_size=cohens_h(first, second),
        effect_size_name="cohens_h",
        n_first=first.n,
        n_second=second.n,
        beyond_sampling_error=is_beyond_sampling_error(p_value, interval),
        warnings=small_sample_warnings(min(first.n, second.n)),
    )


def _test(first: Share, second: Share, test: ProportionTest) -> tuple[str, float | None, float]:
    pearson = None if test == "fisher_exact" else pearson_test(first, second)
    if pearson and (test == "pearson" or pearson.smallest_expected >= LEAST_EXPECTED):
        return "pearson", pearson.z, pearson.p_value
    if test == "pearson":
        raise ValueError("Pearson's test does not exist where none or all of both groups count; take fisher_exact")
    return "fisher_exact", None, fisher_exact_p(first, second)
