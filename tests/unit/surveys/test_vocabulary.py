"""Texts by language, levels of confidentiality, keys of cells, and the table of codes."""

import json
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.pointers import step
from feedback_core.surveys.cells import cell_of
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Confidentiality, text_in

ATTRIBUTES = st.dictionaries(st.sampled_from(["region", "age", "site"]), st.sampled_from(["a", "b", "1"]))
METHODS = st.none() | st.sampled_from(["paper", "online"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Warum?"),
        ("DE", "Warum?"),
        ("de-AT", "Warum?"),
        ("fr-CA", "Pourquoi, là?"),
        ("fr", "Why?"),
        ("pl", "Why?"),
    ],
)
def test_a_text_is_read_in_the_nearest_language(language: str, words: str) -> None:
    text = {"en": "Why?", "de": "Warum?", "fr-CA": "Pourquoi, là?"}

    assert text_in(text, language, fallback="en-GB") == words


def test_a_plain_text_is_the_same_in_every_language() -> None:
    assert text_in("Why?", "de", fallback="en") == "Why?"


def test_a_text_in_neither_language_is_read_in_the_one_it_has() -> None:
    assert text_in({"it": "Perché?"}, "de", fallback="en") == "Perché?"
    assert text_in({}, "de", fallback="en") == ""


def test_confidentiality_is_ordered_from_strict_to_open() -> None:
    levels = [Confidentiality.ANONYMOUS, Confidentiality.PSEUDONYMOUS, Confidentiality.IDENTIFIED]

    for strict, open_ in pairwise(levels):
        assert strict.is_at_least_as_strict_as(open_)
        assert strict.is_at_least_as_strict_as(strict)
        assert not open_.is_at_least_as_strict_as(strict)
        assert strict.stricter(open_) is open_.stricter(strict) is strict


def test_a_cell_names_its_attributes_and_method_in_order() -> None:
    assert cell_of({"site": "x", "age": "30"}, "paper").json == '{"age":"30","method":"paper","site":"x"}'


def test_the_id_of_a_cell_never_changes() -> None:
    assert cell_of({"region": "north"}, "online_questionnaire").id == UUID("604b7e5f-66c2-8fb4-829a-16378f5668b4")
    assert cell_of({}, None).json == "{}"


@given(ATTRIBUTES, METHODS, ATTRIBUTES, METHODS)
def test_cells_are_the_same_exactly_if_attributes_and_method_are(
    one: dict[str, str], one_method: str | None, other: dict[str, str], other_method: str | None
) -> None:
    same = one == other and one_method == other_method
    backwards = dict(reversed(other.items()))

    assert (cell_of(one, one_method) == cell_of(backwards, other_method)) is same
    assert (cell_of(one, one_method).id == cell_of(backwards, other_method).id) is same


@given(ATTRIBUTES, METHODS)
def test_a_cell_has_a_valid_id_and_json(attributes: dict[str, str], method: str | None) -> None:
    cell = cell_of(attributes, method)

    assert (cell.id.version, cell.id.variant) == (8, "specified in RFC 4122")
    assert json.loads(cell.json) == attributes | ({} if method is None else {"method": method})


@pytest.mark.parametrize("key", ["method", "status"])
def test_an_attribute_cannot_pass_for_the_method_of_a_cell(key: str) -> None:
    with pytest.raises(ValueError, match="reserved"):
        cell_of({key: "paper"}, None)


def test_codes_are_snake_case_and_have_a_meaning() -> None:
    assert all(code.value == code.name.lower() for code in FaultCode)
    assert all(code.meaning.endswith(".") for code in FaultCode)


def test_a_pointer_can_hold_any_key() -> None:
    assert step("a/b~c") == "/a~1b~0c"
    assert step("é\ud800") == "/é?"
