"""Links into results: what they lead to, where they lead in a newer run, and when a figure is overtaken."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.recommendations.evidence.calc import corresponding, is_overtaken, linked, value_fault

FIGURE = {"value": 2.9, "interval": {"low": 2.4, "high": 3.4, "level": 0.95, "method": "t"}, "n": 30}
OLD: dict[str, Any] = {
    "features": [
        {"feature_key": "wait", "question": "wait", "item": None, "figure": FIGURE},
        {"feature_key": "staff", "question": "staff", "item": None, "figure": {**FIGURE, "value": 4.5}},
    ],
    "sentence": "Two features measured.",
    "odd/name": {"~": 1},
}


def test_a_figure_has_its_interval_and_n_whether_it_is_linked_whole_or_by_its_value() -> None:
    for pointer in ("/features/0/figure", "/features/0/figure/value"):
        found = linked(OLD, pointer)

        assert found is not None
        assert (found.value, found.low, found.high, found.level, found.n) == (2.9, 2.4, 3.4, 0.95, 30)


def test_a_finding_in_words_has_no_number() -> None:
    found = linked(OLD, "/sentence")

    assert found is not None
    assert (found.value, found.said) == (None, "Two features measured.")


def test_what_is_no_figure_leads_nowhere() -> None:
    for pointer in ("/features/2/figure", "/features/x", "/features", "nonsense", "/features/0/item"):
        assert linked(OLD, pointer) is None


def test_escapes_of_pointers_are_read() -> None:
    found = linked(OLD, "/odd~1name/~0")

    assert found is not None
    assert found.value == 1


def test_the_same_figure_is_found_wherever_it_stands_in_a_newer_run() -> None:
    new = {**OLD, "features": OLD["features"][::-1]}

    assert corresponding(OLD, "/features/0/figure", new) == "/features/1/figure"
    assert corresponding(OLD, "/features/0/figure", {"features": []}) is None
    assert corresponding(OLD, "/odd~1name/~0", new) == "/odd~1name/~0"


def test_a_figure_is_overtaken_only_beyond_sampling_error() -> None:
    near = linked({"value": 3.3, "interval": {"low": 2.8, "high": 3.8, "level": 0.95}}, "")
    far = linked({"value": 3.9, "interval": {"low": 3.4, "high": 4.4, "level": 0.95}}, "")

    assert near is not None
    assert far is not None
    assert not is_overtaken(2.9, 2.4, 3.4, near)
    assert is_overtaken(2.9, 2.4, 3.4, far)
    assert not is_overtaken(2.9, None, None, far)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 100))
def test_a_figure_is_never_overtaken_by_itself(value: float, half: float) -> None:
    same = linked({"value": value, "interval": {"low": value - half, "high": value + half, "level": 0.95}}, "")

    assert same is not None
    assert not is_overtaken(value, value - half, value + half, same)


def test_a_quotation_may_be_rounded_but_not_wrong() -> None:
    found = linked({"value": 0.41666, "n": 12}, "")

    assert found is not None
    assert value_fault("/evidence/0", 0.417, found) is None
    assert value_fault("/evidence/0", None, found) is None
    wrong = value_fault("/evidence/0", 0.43, found)
    assert wrong is not None
    assert (wrong.pointer, wrong.code) == ("/evidence/0/value", "evidence_differs")
