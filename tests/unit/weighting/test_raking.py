"""Laws of raking, a second slow implementation, and refusals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from feedback_core.weighting.calc import (
    Margin,
    MarginsUnusable,
    RakingDidNotConverge,
    WeightsUnusable,
    rake,
    read_margins,
    weighted_shares,
)
from tests.unit.weighting.tables import Table, tables

# R survey 4.1-1, rake() on apiclus1 to school type and growth target (golden s08): schools per cell, weights.
SCHOOLS = {"E:No": 12, "E:Yes": 132, "H:No": 3, "H:Yes": 11, "M:No": 8, "M:Yes": 17}
SCHOOL_WEIGHTS = {"E:No": 39.8392362469351, "H:Yes": 50.3294011162406, "M:Yes": 36.7910248643798}
SCHOOL_FRAME = {"stype": {"E": 4421, "H": 755, "M": 1018}, "sch.wide": {"No": 1072, "Yes": 5122}}


@settings(deadline=None)
@given(tables())
def test_raked_weights_have_the_margins_of_the_frame(table: Table) -> None:
    raking = rake(table.codes, table.margins, counts=table.counts, base=table.base)

    assert raking.convergence.largest_error < raking.convergence.tolerance
    reached = weighted_shares(table.codes, table.margins, table.counts * raking.weights)
    for shares, margin in zip(reached, table.margins, strict=True):
        assert shares == pytest.approx(margin.shares, rel=1e-8)
    assert table.counts @ raking.weights == pytest.approx(table.counts @ table.base, rel=1e-12)
    assert raking.weights == pytest.approx(raking.factors * table.base, rel=1e-12)


@settings(deadline=None)
@given(tables())
def test_the_order_of_the_margins_does_not_matter(table: Table) -> None:
    backwards = rake(table.codes[::-1], table.margins[::-1], counts=table.counts, base=table.base)
    forwards = rake(table.codes, table.margins, counts=table.counts, base=table.base)

    assert backwards.weights == pytest.approx(forwards.weights, rel=1e-7)


@settings(deadline=None)
@given(tables(), st.floats(1e-6, 1e6))
def test_scaling_the_base_weights_scales_the_weights(table: Table, factor: float) -> None:
    plain = rake(table.codes, table.margins, counts=table.counts, base=table.base)
    scaled = rake(table.codes, table.margins, counts=table.counts, base=factor * table.base)

    assert scaled.weights == pytest.approx(factor * plain.weights, rel=1e-9)


@settings(deadline=None)
@given(tables())
def test_respondents_one_by_one_get_the_weight_of_their_cell(table: Table) -> None:
    in_cells = rake(table.codes, table.margins, counts=table.counts, base=table.base)
    one_by_one = rake(
        np.repeat(table.codes, table.counts, axis=1), table.margins, base=np.repeat(table.base, table.counts)
    )

    assert one_by_one.weights == pytest.approx(np.repeat(in_cells.weights, table.counts), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(tables(most_margins=2))
def test_a_slow_raking_in_fractions_agrees(table: Table) -> None:
    fast = rake(table.codes, table.margins, counts=table.counts, base=table.base)

    assert table.counts * fast.weights == pytest.approx(_raked_in_fractions(table), rel=1e-8)


def test_the_schools_of_california() -> None:
    margins = read_margins(SCHOOL_FRAME)
    names = [cell.split(":") for cell in SCHOOLS]
    codes = np.array([[list(frame).index(name[i]) for name in names] for i, frame in enumerate(SCHOOL_FRAME.values())])

    raking = rake(codes, margins, counts=list(SCHOOLS.values()), total=margins[0].total)

    weights = dict(zip(SCHOOLS, raking.weights.tolist(), strict=True))
    assert {cell: weights[cell] for cell in SCHOOL_WEIGHTS} == pytest.approx(SCHOOL_WEIGHTS, rel=1e-7)


def test_a_category_without_respondents_is_refused_before_looping() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}})

    with pytest.raises(MarginsUnusable) as refused:
        rake(np.array([[0, 0, 0]]), margins, max_iterations=0)

    assert [fault.pointer for fault in refused.value.faults] == ["/frame/margins/region/south"]


def test_margins_that_empty_combinations_keep_apart_are_refused_by_name() -> None:
    margins = read_margins({"region": {"north": 0.6, "south": 0.4}, "age": {"old": 0.5, "young": 0.5}})

    with pytest.raises(RakingDidNotConverge) as refused:
        rake(np.array([[0, 0, 1, 1], [0, 0, 1, 1]]), margins)

    assert {fault.code for fault in refused.value.faults} == {"margins_cannot_be_met_together"}
    assert all(fault.pointer.count("/") == 4 for fault in refused.value.faults)


def test_margins_met_only_by_giving_someone_no_weight_are_refused() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}, "age": {"old": 0.5, "young": 0.5}})

    with pytest.raises(RakingDidNotConverge) as refused:
        rake(np.array([[0, 1, 0], [0, 1, 1]]), margins)

    assert [fault.code for fault in refused.value.faults] == ["too_slow_to_converge"]


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_weights_that_are_not_positive_numbers_are_refused(bad: float) -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}})

    with pytest.raises(WeightsUnusable) as refused:
        rake(np.array([[0, 1]]), margins, base=[1.0, bad])
    with pytest.raises(WeightsUnusable):
        rake(np.array([[0, 1]]), margins, counts=[bad, 1.0])
    with pytest.raises(WeightsUnusable):
        rake(np.array([[0, 1]]), margins, total=bad)

    assert [fault.pointer for fault in refused.value.faults] == ["/base_weights/1"]


@settings(deadline=None)
@given(st.data())
def test_sparse_tables_are_raked_or_refused_but_never_nan(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    codes = np.array(data.draw(st.lists(st.lists(st.integers(0, 2), min_size=n, max_size=n), min_size=1, max_size=3)))
    margins = [Margin(f"m{i}", ("a", "b", "c"), (0.5, 0.3, 0.2)) for i in range(len(codes))]
    try:
        weights = rake(codes, margins).weights
    except MarginsUnusable as refused:
        event(refused.code)
        return
    assert np.isfinite(weights).all()
    assert (weights > 0).all()


def _raked_in_fractions(table: Table) -> list[float]:
    """Iterative proportional fitting by the book, in fractions kept to 24 digits."""
    mass = [Fraction(int(n)) * Fraction(weight) for n, weight in zip(table.counts, table.base.tolist(), strict=True)]
    whole = sum(mass)
    for _ in range(60):
        for row, margin in zip(table.codes.tolist(), table.margins, strict=True):
            parts = [Fraction(share) for share in margin.shares]
            for code, part in enumerate(parts):
                inside = [unit for unit, its in enumerate(row) if its == code]
                factor = part / sum(parts) * whole / sum(mass[unit] for unit in inside)
                for unit in inside:
                    mass[unit] = (mass[unit] * factor).limit_denominator(10**24)
    return [float(part) for part in mass]
