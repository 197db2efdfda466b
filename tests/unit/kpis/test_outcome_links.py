"""The trend of a share and the odds ratio, against programs that nobody here wrote."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import Table, Table2x2

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.outcome_links import odds_ratio, trend_in_shares
from feedback_core.kpis.calc.proportion_differences import Share

GROUPS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=2, max_size=6)


def shares(groups: list[tuple[int, int]]) -> list[Share]:
    return [Share(events, events + others) for events, others in groups]


@given(GROUPS)
def test_the_trend_is_that_of_the_linear_by_linear_association(groups: list[tuple[int, int]]) -> None:
    counted, n = sum(events for events, _ in groups), sum(sum(group) for group in groups)
    assume(0 < counted < n)
    found = trend_in_shares(shares(groups))

    table = Table(np.array(groups), shift_zeros=False)
    theirs = table.test_ordinal_association(np.arange(len(groups)), np.array([1, 0]))
    # Theirs is of the permutation distribution, which has n - 1 where the binomial has n.
    assert found.z == pytest.approx(theirs.zscore * np.sqrt(n / (n - 1)), abs=1e-9)
    assert found.rises is (None if found.z == 0 else found.z > 0)


def test_r_gives_the_same_for_the_smokers_of_its_manual() -> None:
    # prop.trend.test(c(83, 90, 129, 70), c(86, 93, 136, 82)): X-squared = 8.2249, p-value = 0.004132
    found = trend_in_shares([Share(83, 86), Share(90, 93), Share(129, 136), Share(70, 82)])

    assert found.z**2 == pytest.approx(8.2249, abs=5e-5)
    assert found.p_value == pytest.approx(0.004132, abs=5e-7)


@given(*[st.integers(1, 500)] * 4)
def test_the_odds_ratio_and_its_limits_are_statsmodels(a: int, b: int, c: int, d: int) -> None:
    found = odds_ratio(Share(a, a + b), Share(c, c + d), level=0.9)

    theirs = Table2x2(np.array([[a, b], [c, d]]))
    assert found.value == pytest.approx(theirs.oddsratio)
    assert (found.interval.low, found.interval.high) == pytest.approx(theirs.oddsratio_confint(0.1))


def test_an_empty_cell_has_a_rough_ratio_and_says_so() -> None:
    found = odds_ratio(Share(10, 10), Share(5, 10))

    assert found.value == pytest.approx((10.5 * 5.5) / (0.5 * 5.5))
    assert "half a respondent" in found.warnings[0]


@pytest.mark.parametrize("groups", [[(3, 4)], [(0, 5), (0, 9)], [(5, 0), (9, 0)]])
def test_what_cannot_differ_is_not_tested(groups: list[tuple[int, int]]) -> None:
    with pytest.raises(NotEstimable):
        trend_in_shares(shares(groups))
