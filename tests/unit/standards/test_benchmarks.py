"""One's own figure beside that of others."""

from dataclasses import replace
from datetime import date

import pytest

from feedback_core.kpis.calc import compare_proportions
from feedback_core.kpis.calc.means import mean_estimate
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.standards.calc import compare_with_benchmark
from feedback_core.standards.types import BenchmarkDetails, Beside, Demand, StatedInterval

OTHERS = BenchmarkDetails("Offices", 0.6, "A survey", date(2025, 5, 1), "Public offices", "Same question", n=500)
OURS = proportion_estimate(280, 400)


def test_a_share_with_its_n_is_compared_as_two_shares_are() -> None:
    found = compare_with_benchmark("offices", OTHERS, OURS, direction=Demand.AT_LEAST, share=True)

    newcombe = compare_proportions(Share(280, 400), Share(300, 500)).interval
    assert found is not None
    assert found.interval is not None
    assert newcombe is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((newcombe.low, newcombe.high))
    assert (found.beside, found.basis) == (Beside.BETTER, "both_intervals")


def test_less_is_better_where_little_is_asked_for() -> None:
    found = compare_with_benchmark("offices", OTHERS, OURS, direction=Demand.AT_MOST, share=True)

    assert found is not None
    assert found.beside is Beside.WORSE


def test_their_uncertainty_can_hide_a_difference() -> None:
    unsure = replace(OTHERS, n=20)
    unknown = replace(OTHERS, n=None)

    few = compare_with_benchmark("offices", unsure, OURS, direction=Demand.AT_LEAST, share=True)
    alone = compare_with_benchmark("offices", unknown, OURS, direction=Demand.AT_LEAST, share=True)

    assert few is not None
    assert alone is not None
    assert few.beside is Beside.NO_DIFFERENCE_SHOWN
    assert (alone.beside, alone.basis, alone.interval) == (Beside.BETTER, "own_interval_only", None)
    assert "is not known" in alone.sentence


def test_a_stated_interval_of_another_level_is_brought_to_ours() -> None:
    ours = mean_estimate({3: 40, 4: 60, 5: 50})
    wide = replace(OTHERS, figure=4.0, n=None, interval=StatedInterval(3.804, 4.196, 0.95))
    narrow = replace(wide, interval=StatedInterval(3.8355, 4.1645, 0.9))

    first = compare_with_benchmark("offices", wide, ours, direction=Demand.AT_LEAST, share=False)
    second = compare_with_benchmark("offices", narrow, ours, direction=Demand.AT_LEAST, share=False)

    assert first is not None
    assert second is not None
    assert first.interval is not None
    assert second.interval is not None
    assert first.interval.low == pytest.approx(second.interval.low, abs=1e-4)
    assert first.interval.high == pytest.approx(second.interval.high, abs=1e-4)


def test_without_an_interval_of_ours_nothing_is_compared() -> None:
    alike = mean_estimate({4: 30})

    assert compare_with_benchmark("offices", OTHERS, alike, direction=Demand.AT_LEAST, share=False) is None
