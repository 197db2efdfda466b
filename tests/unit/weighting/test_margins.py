"""Frame margins: what is accepted, and how each contradiction is refused."""

import math

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from feedback_core.weighting.calc import MarginsUnusable, encode, read_margins


@pytest.mark.parametrize(
    ("figures", "total"),
    [
        ({"north": 0.6, "south": 0.4}, None),
        ({"north": 60, "south": 40}, None),
        ({"north": 3600, "south": 2400}, 6000),
        ({"north": 0.599, "south": 0.399}, None),
    ],
)
def test_shares_percentages_and_counts_mean_the_same(figures: dict[str, float], total: float | None) -> None:
    (margin,) = read_margins({"region": figures})

    assert margin.shares == pytest.approx((0.6, 0.4), abs=1e-3)
    assert math.fsum(margin.shares) == pytest.approx(1, rel=1e-15)
    assert margin.total == total


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ({}, "/frame/margins", "no_margins"),
        ({"region": {"north": 1.0}}, "/frame/margins/region", "too_few_categories"),
        ({"region": {"north": 1.0, "south": 0.0}}, "/frame/margins/region/south", "not_a_positive_number"),
        ({"region": {"north": 1.4, "south": -0.4}}, "/frame/margins/region/south", "not_a_positive_number"),
        ({"region": {"north": math.nan, "south": 1.0}}, "/frame/margins/region/north", "not_a_positive_number"),
        ({"region": {"north": math.inf, "south": 1.0}}, "/frame/margins/region/north", "not_a_positive_number"),
        ({"region": {"north": 1e308, "south": 1e308}}, "/frame/margins/region", "too_large"),
        ({"region": {"north": 1.0, "south": 1e-12}}, "/frame/margins/region/south", "share_too_small"),
        ({"region": {"north": 0.6, "south": 0.3}}, "/frame/margins/region", "shares_do_not_sum"),
        ({"a/b": {"x~y": 0, "z": 1}}, "/frame/margins/a~1b/x~0y", "not_a_positive_number"),
        ({"region": {"n": 600, "s": 400}, "age": {"o": 600, "y": 300}}, "/frame/margins/age", "totals_contradict"),
    ],
)
def test_contradictions_are_refused_by_name(raw: dict[str, dict[str, float]], pointer: str, code: str) -> None:
    with pytest.raises(MarginsUnusable) as refused:
        read_margins(raw)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(MarginsUnusable) as refused:
        read_margins({"region": {"north": 0, "south": -1}, "age": {"old": 0.5, "young": 0.2}})

    assert [fault.pointer for fault in refused.value.faults] == [
        "/frame/margins/region/north",
        "/frame/margins/region/south",
        "/frame/margins/age",
    ]


def test_a_category_without_respondents_and_one_outside_the_frame_are_refused() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.3, "east": 0.2}})

    with pytest.raises(MarginsUnusable) as refused:
        encode(margins, [["north", "south", "west"]])

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/frame/margins/region/east", "category_without_respondents"),
        ("/frame/margins/region", "category_not_in_frame"),
    ]


def test_codes_follow_the_order_of_the_margin() -> None:
    margins = read_margins({"region": {"south": 0.4, "north": 0.6}, "age": {"old": 0.5, "young": 0.5}})

    assert encode(margins, [["north", "south"], ["old", "young"]]).tolist() == [[1, 0], [0, 1]]


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.dictionaries(st.text(max_size=3), st.floats(), max_size=4), max_size=3))
def test_margins_are_either_usable_or_refused(raw: dict[str, dict[str, float]]) -> None:
    try:
        margins = read_margins(raw)
    except MarginsUnusable as refused:
        event(refused.code)
        return
    for margin in margins:
        assert math.fsum(margin.shares) == pytest.approx(1)
        assert all(share > 0 and math.isfinite(share) for share in margin.shares)
