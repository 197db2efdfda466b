"""Laws of post-stratification, and what every scheme tells of its weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.weighting.calc import (
    BoundsImpossible,
    Design,
    MarginsUnusable,
    WeightsUnusable,
    post_stratify,
    rake,
    read_margins,
    weight_by_raking,
    weighted_mean,
    weighted_total,
)
from tests.unit.weighting.tables import Table, tables

HALVES = read_margins({"region": {"north": 500, "south": 500}})


@settings(deadline=None)
@given(tables(most_margins=1))
def test_every_cell_gets_the_frame_s_weight_and_keeps_the_proportions_inside(table: Table) -> None:
    codes, margin = table.codes[0], table.margins[0]

    weighting = post_stratify(codes, margin, counts=table.counts, base=table.base, total=1000)

    inside = np.bincount(codes, weights=table.counts * weighting.weights)
    assert inside == pytest.approx(1000 * np.array(margin.shares), rel=1e-9)
    factors = weighting.weights / table.base
    assert all(np.ptp(factors[codes == code]) <= 1e-9 * factors.max() for code in range(len(margin.categories)))
    assert weighting.after is not None
    assert weighting.after.mean_absolute == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(tables(most_margins=1), st.data())
def test_the_error_is_that_of_the_spread_inside_the_cells(table: Table, data: st.DataObject) -> None:
    codes = np.repeat(table.codes[0], table.counts + 1)
    scores = np.array(data.draw(st.lists(st.integers(0, 10), min_size=codes.size, max_size=codes.size)), dtype=float)
    weighting = post_stratify(codes, table.margins[0])
    means = np.bincount(codes, weights=scores) / np.bincount(codes)

    mean = weighted_mean(scores, Design(weighting.weights, calibration=weighting.calibration))

    spread = weighting.weights * (scores - means[codes]) / weighting.weights.sum()
    by_hand = (codes.size / (codes.size - 1) * ((spread - spread.mean()) ** 2).sum()) ** 0.5
    assert mean.standard_error == pytest.approx(by_hand, rel=1e-9, abs=1e-12)


def test_what_the_cells_fix_has_no_error() -> None:
    codes = np.array([0, 0, 0, 1, 1])
    weighting = post_stratify(codes, HALVES[0])
    design = Design(weighting.weights, calibration=weighting.calibration)

    assert weighted_total(codes == 0, design).value == pytest.approx(500)
    assert weighted_total(codes == 0, design).standard_error == 0


def test_a_small_cell_is_named() -> None:
    weighting = post_stratify(np.array([0, 1]), HALVES[0], counts=[40, 19])

    assert weighting.warnings == ("south: fewer than 20 respondents; merge with a similar cell.",)
    assert weighting.g_weights == pytest.approx((500 / 40, 500 / 19))


def test_few_who_speak_for_many_are_told() -> None:
    weighting = post_stratify(np.array([0, 1]), HALVES[0], counts=[980, 20])

    assert "25.0 times the average" in weighting.warnings[0]


def test_an_empty_cell_and_bad_weights_are_refused() -> None:
    with pytest.raises(MarginsUnusable, match="Nobody with region 'south'"):
        post_stratify(np.array([0, 0]), HALVES[0])
    with pytest.raises(WeightsUnusable):
        post_stratify(np.array([0, 1]), HALVES[0], base=[1.0, 0.0])


@settings(deadline=None)
@given(tables())
def test_raking_as_a_scheme_is_raking(table: Table) -> None:
    weighting = weight_by_raking(table.codes, table.margins, counts=table.counts, base=table.base)
    raking = rake(table.codes, table.margins, counts=table.counts, base=table.base)

    assert weighting.weights == pytest.approx(raking.weights, rel=1e-12)
    assert weighting.convergence == raking.convergence
    assert weighting.g_weights == pytest.approx((raking.factors.min(), raking.factors.max()))
    assert weighting.after is not None
    assert weighting.after.mean_absolute == pytest.approx(0, abs=1e-8)


def test_a_cap_is_held_scaled_to_the_frame_and_told() -> None:
    margins = read_margins({"region": {"north": 500, "south": 500}})

    weighting = weight_by_raking(np.array([[0, 1]]), margins, counts=[98, 2], cap=5)

    assert weighting.weights == pytest.approx([900 / 98, 50])
    assert weighting.trimmed == 2
    assert "miss the frame by 40.0 points" in weighting.warnings[0]
    with pytest.raises(BoundsImpossible):
        weight_by_raking(np.array([[0, 1]]), margins, cap=1)
