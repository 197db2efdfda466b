"""Templates: what they take apart and put together."""

import pytest

from feedback_core.responses.imports.templates import MalformedTemplate, columns_of, parse_template
from feedback_core.responses.imports.types import ColumnMapping, Target


def composed(template: str, *cells: str) -> str:
    parsed = parse_template(template)
    return parsed.composer(range(len(parsed.columns)))(cells)


def test_columns_are_put_between_the_words_around_them() -> None:
    assert parse_template("{Year} {Campaign}!").columns == ("Year", "Campaign")
    assert composed("{Year} {Campaign}!", "2021", " Pilot ") == "2021 Pilot!"


def test_it_is_blank_if_one_of_its_columns_is() -> None:
    assert composed("2017-05-{Day}", " ") == ""
    assert composed("{a}{b}", "x", "") == ""


def test_a_brace_is_written_twice() -> None:
    assert composed("{{{a}}}", "x") == "{x}"


@pytest.mark.parametrize("template", ["{", "}", "{}", "{a", "a}", "{a}{", "{{a}"])
def test_braces_that_do_not_pair_are_refused(template: str) -> None:
    with pytest.raises(MalformedTemplate):
        parse_template(template)


def test_without_a_header_columns_are_numbers() -> None:
    numbered = ColumnMapping(Target.SUBMITTED_AT, template="{1}-{12}")

    assert columns_of(numbered, named=False) == (1, 12)
    for template in ("{Year}", "{0}", "{-1}", "{1.5}"):
        with pytest.raises(MalformedTemplate):
            columns_of(ColumnMapping(Target.SUBMITTED_AT, template=template), named=False)
