"""Difference of two shares against R packages Epi and PropCIs, R's own tests, and Newcombe's printed table."""

from collections.abc import Iterator
from typing import Any

import pytest

from feedback_core.kpis.calc import (
    DifferenceMethod,
    Share,
    compare_proportions,
    fisher_exact_p,
    pearson_test,
    proportion_difference_interval,
)
from tests.reference.goldens import golden_rows, load_golden

NAMES: dict[str, DifferenceMethod] = {
    "newcombe_hybrid": "newcombe",
    "agresti_caffo": "agresti_caffo",
    "wald": "wald",
    "score_diffscoreci": "score",
}
TOLERANCE = {"score_diffscoreci": 2e-6}


def figure(expected: float | list[float], abs_: float = 1e-9) -> Any:
    return pytest.approx(expected, abs=abs_, rel=0)


def pairs() -> Iterator[tuple[Share, Share, dict[str, Any]]]:
    golden = load_golden("s03_proportion_diff_ci")
    assert golden["tolerance"]["default_abs"] == 1e-9
    rows = golden_rows("s03_proportion_diff_ci")
    assert len(rows) == 9
    for row, expected in zip(rows, golden["expected"], strict=True):
        yield Share(int(row["x1"]), int(row["n1"])), Share(int(row["x2"]), int(row["n2"])), expected


@pytest.mark.parametrize("name", NAMES)
def test_limits_equal_the_program(name: str) -> None:
    for first, second, expected in pairs():
        interval = proportion_difference_interval(first, second, method=NAMES[name])
        assert [interval.low, interval.high] == figure(expected[name], TOLERANCE.get(name, 1e-9))


def test_pearson_equals_r_and_is_refused_where_r_gives_nan() -> None:
    for first, second, expected in pairs():
        test = pearson_test(first, second)
        if expected["pearson_chi2"] is None:
            assert test is None
        else:
            assert test is not None
            assert test.chi_square == figure(expected["pearson_chi2"])
            assert test.p_value == figure(expected["pearson_p"])


def test_fisher_equals_r() -> None:
    for first, second, expected in pairs():
        assert fisher_exact_p(first, second) == figure(expected["fisher_p"])


def test_a_comparison_takes_newcombe_with_pearson_or_for_sparse_tables_fisher() -> None:
    tests = []
    for first, second, expected in pairs():
        comparison = compare_proportions(first, second)
        assert comparison.interval is not None
        assert comparison.difference == figure(expected["diff"])
        assert [comparison.interval.low, comparison.interval.high] == figure(expected["newcombe_hybrid"])
        assert comparison.p_value == figure(expected["pearson_p" if comparison.test == "pearson" else "fisher_p"])
        tests.append(comparison.test)
    assert tests == ["pearson", *["fisher_exact"] * 5, "fisher_exact", "pearson", "pearson"]


def test_newcombes_printed_table_is_reproduced() -> None:
    for x1, n1, x2, n2, low, high in load_golden("s03_proportion_diff_ci")["published"]["newcombe_hybrid"]:
        interval = proportion_difference_interval(Share(x1, n1), Share(x2, n2))
        assert [interval.low, interval.high] == figure([low, high], 5e-5)
