"""Questions left out: rates, gradients, drop-off, segments, scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedback_core.bias.calc import (
    ItemCounts,
    item_nonresponse,
    missing_by_score,
    missing_by_segment,
    still_answering,
)
from feedback_core.kit.errors import NotEstimable


def test_rates_leave_out_those_to_whom_the_question_does_not_apply() -> None:
    found = item_nonresponse([ItemCounts("late", 2, 100, 12, not_applicable=40), ItemCounts("early", 1, 100, 5)])

    assert [(item.item, item.rate.value, item.rate.n) for item in found.items] == [
        ("early", 0.05, 100),
        ("late", 0.2, 60),
    ]
    assert found.mean_rate == pytest.approx(0.125)
    assert (found.tau_b, found.p_value) == (None, None)
    assert "at least 5" in found.not_estimable
    assert found.items[1].rate.interval is not None
    assert found.items[1].rate.interval.method == "wilson"


def test_rates_that_rise_with_the_position() -> None:
    rising = [ItemCounts(f"q{place}", place, 200, 2 * place) for place in range(1, 7)]

    found = item_nonresponse(rising)

    assert found.tau_b == pytest.approx(1.0)
    assert found.p_value == pytest.approx(2 / 720)
    assert found.not_estimable == ""
    flat = item_nonresponse([ItemCounts(f"q{place}", place, 200, 3) for place in range(1, 7)])
    assert flat.tau_b is None
    assert "no gradient" in flat.not_estimable


def test_drop_off_is_who_is_left_at_each_position() -> None:
    found = still_answering({0: 10, 1: 20, 3: 70}, 3)

    assert [share.value for share in found] == pytest.approx([0.9, 0.7, 0.7])
    assert {share.n for share in found} == {100}


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 500), min_size=1).filter(lambda d: sum(d.values()) > 0))
def test_nobody_comes_back(last: dict[int, int]) -> None:
    shares = [share.value for share in still_answering(last, 8)]

    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)


def test_segments_by_pearson() -> None:
    missing, asked = {"north": 10, "south": 30, "west": 12}, {"north": 100, "south": 120, "west": 90}

    found = missing_by_segment(missing, asked)

    expected = stats.chisquare(
        [10, 90, 30, 90, 12, 78],
        [n * share for n in (100, 120, 90) for share in (52 / 310, 258 / 310)],
        ddof=3,
    )
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.degrees_of_freedom == 2
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.cramers_v == pytest.approx((found.statistic / 310) ** 0.5)
    assert found.rates["south"].value == 0.25
    assert found.warnings == ()
    assert "below 5" in missing_by_segment({"a": 1, "b": 2}, {"a": 20, "b": 20}).warnings[0]


def test_omissions_that_go_with_another_score() -> None:
    found = missing_by_score({2.0: 30, 4.0: 30}, {7.0: 100, 9.0: 100})

    assert found.difference == pytest.approx(-5)
    assert found.beyond_sampling_error


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(NotEstimable, match="no question"):
        item_nonresponse([])
    with pytest.raises(NotEstimable, match="q: nobody was to answer"):
        item_nonresponse([ItemCounts("q", 1, 10, 0, not_applicable=10)])
    with pytest.raises(NotEstimable, match="9 left out of 8"):
        item_nonresponse([ItemCounts("q", 1, 10, 9, not_applicable=2)])
    with pytest.raises(NotEstimable, match="Nobody started"):
        still_answering({1: 0}, 3)
    with pytest.raises(NotEstimable, match="outside"):
        still_answering({4: 1}, 3)
    with pytest.raises(NotEstimable, match="two segments"):
        missing_by_segment({"a": 1}, {"a": 5})
    with pytest.raises(NotEstimable, match="Nobody left the question out"):
        missing_by_segment({}, {"a": 5, "b": 5})
    with pytest.raises(NotEstimable, match="Everybody left the question out"):
        missing_by_segment({"a": 5, "b": 5}, {"a": 5, "b": 5})
    with pytest.raises(NotEstimable, match="Nobody left"):
        missing_by_score({}, {7.0: 5})
    with pytest.raises(NotEstimable, match="Nobody answered"):
        missing_by_score({7.0: 5}, {})
