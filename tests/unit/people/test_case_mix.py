"""Adjustment for case mix: as a program that nobody here wrote does it, and what must hold whatever the data."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.people.performance.calc.case_mix import MixAdjustment, adjust_for_mix, codes_of

# Unit, region, method, score, count: unit 2 has mostly cases of region 1, which everybody rates lower.
ROWS = np.array(
    [
        (0, 0, 0, 5, 9), (0, 0, 1, 4, 6), (0, 1, 0, 3, 4), (0, 1, 1, 2, 3), (0, 0, 0, 2, 2),
        (1, 0, 0, 4, 7), (1, 0, 1, 5, 3), (1, 1, 0, 2, 8), (1, 1, 1, 3, 5), (1, 2, 0, 4, 2),
        (2, 1, 0, 3, 12), (2, 1, 1, 4, 9), (2, 0, 0, 5, 2), (2, 1, 0, 1, 3), (2, 2, 1, 5, 4),
    ],
    dtype=float,
)  # fmt: skip


def adjusted(rows: NDArray[np.float64], *, level: float = 0.95) -> MixAdjustment:
    return adjust_for_mix(rows[:, 0], rows[:, 1:-2], rows[:, -2], rows[:, -1], level=level)


def test_it_is_what_least_squares_with_a_term_for_each_unit_gives() -> None:
    each = np.repeat(ROWS, ROWS[:, -1].astype(int), axis=0)
    units = np.column_stack([each[:, 0] == unit for unit in range(3)]).astype(float)
    mix = np.column_stack([each[:, 1] == 0, each[:, 1] == 2, each[:, 2] == 1]).astype(float)
    fitted = sm.OLS(each[:, 3], np.column_stack([units, mix])).fit()

    found = adjusted(ROWS)

    for place, unit in enumerate(found.units):
        at = np.zeros(6)
        at[place], at[3:] = 1.0, mix.mean(axis=0)
        theirs = fitted.t_test(at)
        assert unit.adjusted is not None
        assert unit.adjusted.interval is not None
        low, high = theirs.conf_int(alpha=0.05)[0]
        assert unit.adjusted.value == pytest.approx(float(theirs.effect[0]))
        assert unit.adjusted.standard_error == pytest.approx(float(theirs.sd[0, 0]))
        assert (unit.adjusted.interval.low, unit.adjusted.interval.high) == pytest.approx((low, high))
    assert found.residual_variance == pytest.approx(float(fitted.mse_resid))
    assert found.degrees_of_freedom == round(float(fitted.df_resid))


def test_expected_and_observed_add_up() -> None:
    found = adjusted(ROWS)
    everything = float(ROWS[:, -1] @ ROWS[:, -2] / ROWS[:, -1].sum())
    assert found.overall == pytest.approx(everything)
    for unit in found.units:
        assert unit.expected is not None
        assert unit.adjusted is not None
        assert unit.adjusted.value == pytest.approx(unit.observed - unit.expected + found.overall)
    counted = [unit.n * (unit.expected or 0.0) for unit in found.units]
    assert sum(counted) / sum(unit.n for unit in found.units) == pytest.approx(found.overall)


def test_hard_cases_are_not_held_against_who_has_them() -> None:
    """Both are alike with every kind of case; one has nine in ten of the hard ones."""
    hits = {0: 0.8, 1: 0.4}
    given_to = {0: (90, 10), 1: (10, 90)}
    rows = np.array(
        [
            (unit, kind, score, round(n * (hits[kind] if score else 1 - hits[kind])))
            for unit, cases in given_to.items()
            for kind, n in enumerate(cases)
            for score in (1.0, 0.0)
        ]
    )
    first, second = adjusted(rows).units
    assert first.observed - second.observed == pytest.approx(0.32)
    assert first.adjusted is not None
    assert second.adjusted is not None
    assert first.adjusted.value == pytest.approx(second.adjusted.value)
    assert first.adjusted.value == pytest.approx(0.6)


def test_without_common_kinds_of_cases_nobody_is_compared_with_the_others() -> None:
    """Two have cases of kinds 0 and 1; the third has only kind 2, which nobody else has beside another."""
    rows = np.array(
        [(0, 0, 5, 5), (0, 1, 3, 5), (1, 0, 4, 5), (1, 1, 2, 5), (0, 0, 2, 3), (2, 2, 1, 4), (2, 2, 2, 4)], dtype=float
    )
    found = adjusted(rows)
    assert found.compared == (0, 1)
    assert found.units[2].adjusted is None
    assert found.units[2].observed == 1.5
    alone = adjusted(rows[:5])
    assert [unit.adjusted and unit.adjusted.value for unit in found.units[:2]] == pytest.approx(
        [unit.adjusted and unit.adjusted.value for unit in alone.units]
    )


def test_the_same_mix_everywhere_changes_nothing() -> None:
    rows = np.array(
        [(unit, kind, score, 4) for unit in range(3) for kind in range(2) for score in (unit, kind + 2)], float
    )
    for unit in adjusted(rows).units:
        assert unit.adjusted is not None
        assert unit.adjusted.value == pytest.approx(unit.observed)


@given(st.floats(-50, 50), st.floats(0.1, 20), st.permutations(range(len(ROWS))))
def test_units_of_the_scale_and_order_of_rows_do_not_matter(shift: float, scale: float, order: list[int]) -> None:
    moved = ROWS[order].copy()
    moved[:, 3] = moved[:, 3] * scale + shift
    for one, other in zip(adjusted(ROWS).units, adjusted(moved).units, strict=True):
        assert one.adjusted is not None
        assert other.adjusted is not None
        assert other.adjusted.value == pytest.approx(one.adjusted.value * scale + shift, abs=1e-7)
        assert other.adjusted.standard_error == pytest.approx((one.adjusted.standard_error or 0) * scale)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([(0, 0, 5, 9), (0, 1, 4, 9)], "others"),
        ([(0, 0, 5, 1), (1, 0, 4, 1)], "no more answers"),
        ([(0, 0, 5, 3), (0, 1, 5, 3), (1, 0, 2, 3), (1, 1, 2, 3)], "alike"),
        ([(0, 0, 5, 3), (0, 1, 3, 3), (1, 0, 4, 3), (1, 1, 2, 3)], "alike"),
    ],
)
def test_it_refuses_what_the_data_cannot_bear(rows: list[tuple[int, int, int, int]], word: str) -> None:
    with pytest.raises(NotEstimable, match=word):
        adjusted(np.array(rows, dtype=float))


def test_what_is_not_known_is_a_category_of_its_own() -> None:
    assert codes_of(["south", None, "north", None]).tolist() == [1, 2, 0, 2]
