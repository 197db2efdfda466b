"""From a raw cell to an answer: recoded, read by the type of its question, and held against it."""

import pytest

from feedback_core.responses.imports.values import loose
from tests.unit.imports.builders import answer, mapped, mapping, to


@pytest.mark.parametrize(("cell", "value"), [("9", 9), (" 9 ", 9), ("9.0", 9), ("+9", 9), ("0", 0)])
def test_a_whole_number_on_the_scale_is_an_answer(cell: str, value: int) -> None:
    assert answer(cell, "question:nps") == value


@pytest.mark.parametrize("cell", ["11", "-1", "9.5", "nine", "9 of 10", "1e1", "٩", "0x9"])
def test_anything_else_is_no_answer_to_a_scale(cell: str) -> None:
    assert answer(cell, "question:nps") in {"off_scale", "wrong_type"}


@pytest.mark.parametrize("cell", ["", " ", "\t", "n/a", " N/A "])
def test_a_blank_says_nothing(cell: str) -> None:
    assert answer(cell, "question:nps", blank=["n/a"]) is None


def test_a_recoded_value_is_what_it_stands_for_and_null_is_no_answer() -> None:
    values = {"Strongly agree": 2, "Agree": 1, "0": None}

    assert answer("Agree", "question:wait", values=values) == 1
    assert answer("0", "question:wait", values=values) is None
    assert answer("-2", "question:wait", values=values) == -2


def test_case_spaces_and_invisible_characters_make_no_difference_unless_they_are_to() -> None:
    values = {"Strongly agree": 2}

    assert answer("  STRONGLY \t agree\u200e ", "question:wait", values=values) == 2
    assert answer("STRONGLY AGREE", "question:wait", values=values, match="exact") == "wrong_type"
    assert answer(" Strongly agree ", "question:wait", values=values, match="exact") == 2
    assert loose("Straße\u200f  \uff21b") == "strasse ab"


def test_a_choice_is_found_by_its_key_whatever_its_case_but_by_the_exact_one_first() -> None:
    assert answer("b", "question:place") == "B"
    assert answer("B", "question:place") == "B"
    assert answer("C", "question:place") == "unknown_choice"


@pytest.mark.parametrize(
    ("cell", "value"), [("12", 12), ("1.5", 1.5), (".5", 0.5), ("-2e3", -2000.0), ("1,5", "unreadable_number")]
)
def test_a_number_has_a_point_before_its_decimals(cell: str, value: object) -> None:
    assert answer(cell, "question:minutes") == value


@pytest.mark.parametrize("cell", ["nan", "inf", "1e999", "9" * 400, "1e16"])
def test_a_number_that_cannot_be_kept_is_refused(cell: str) -> None:
    assert answer(cell, "question:minutes") in {"unreadable_number", "out_of_range"}


@pytest.mark.parametrize(("cell", "value"), [("Yes", True), ("0", False), ("FALSE", False), ("ja", "wrong_type")])
def test_yes_and_no_are_read_in_english_and_as_digits(cell: str, value: object) -> None:
    assert answer(cell, "question:again") == value


def test_a_date_is_read_by_the_format_of_its_column() -> None:
    assert answer("3/9/2021", "question:day", date_format="%d/%m/%Y") == "2021-09-03"
    assert answer("2021-09-03", "question:day") == "2021-09-03"
    assert answer("2021-09-31", "question:day") == "unreadable_time"


def test_text_is_kept_as_it_was_said() -> None:
    assert answer('  He said: "fine",\nand left. ', "question:why") == '  He said: "fine",\nand left. '
    assert answer("-", "question:why", blank=["-"]) is None


def test_choices_in_one_cell_are_parted_by_the_separator_and_named_once() -> None:
    assert answer("web; app;web;", "question:used", separator=";") == ["web", "app"]
    assert answer("1|2", "question:order", separator="|", values={"1": "y", "2": "x"}) == ["y", "x"]


def test_a_cell_with_one_choice_that_is_unknown_is_left_out_as_a_whole() -> None:
    assert answer("web;fax", "question:used", separator=";") == "unknown_choice"


def test_choices_may_stand_in_several_columns() -> None:
    flags = mapping(
        to("question:used", column="w", values={"1": "web", "0": None}),
        to("question:used", column="a", values={"1": "app", "0": None}),
    )

    responses, _ = mapped("w,a\n1,1\n0,1\n0,0\n", flags)

    assert [said.answers for said in responses[:2]] == [{"used": ["web", "app"]}, {"used": ["app"]}]
    assert responses[2].answers == {}


def test_a_row_of_a_matrix_has_a_column_of_its_own() -> None:
    matrix = mapping(to("question:staff", column="d", item="desk"), to("question:staff", column="p", item="phone"))

    responses, findings = mapped("d,p\n5,4\n,3\n9,1\n", matrix)

    assert [said.answers for said in responses] == [
        {"staff": {"desk": 5, "phone": 4}},
        {"staff": {"phone": 3}},
        {"staff": {"phone": 1}},
    ]
    assert [(finding.column, finding.code, finding.value) for finding in findings[4]] == [("d", "off_scale", "9")]
