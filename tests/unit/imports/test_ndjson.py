"""NDJSON: one object per line."""

import json

import pytest

from feedback_core.kit.tabular.types import ColumnsMissing, FileUnreadable
from feedback_core.responses.imports.reading import BrokenRow
from tests.unit.imports.builders import mapped, mapping, rows, to

NPS = mapping(to("question:nps"), format="ndjson")


def test_values_of_any_json_type_are_read() -> None:
    lines = [{"nps": 9}, {"nps": 9.0}, {"nps": "9"}, {"nps": None}, {"other": 1}, {"nps": True}, {"nps": {"a": 1}}]

    responses, findings = mapped("\n".join(map(json.dumps, lines)), NPS)

    assert [said.answers.get("nps") for said in responses] == [9, 9, 9, None, None, None, None]
    assert {line: found[0].code for line, found in findings.items()} == {6: "wrong_type", 7: "wrong_type"}


def test_a_column_may_be_a_path_but_a_key_with_dots_goes_first() -> None:
    nested = mapping(to("question:nps", column="answer.nps"), format="ndjson")

    responses, _ = mapped('{"answer": {"nps": 9}}\n{"answer.nps": 8, "answer": {"nps": 1}}\n{"answer": 7}\n', nested)

    assert [said.answers for said in responses] == [{"nps": 9}, {"nps": 8}, {}]


def test_a_list_is_several_choices() -> None:
    responses, findings = mapped(
        '{"used": ["web", "app"]}\n{"used": []}\n{"used": "web"}\n{"used": ["fax"]}\n',
        mapping(to("question:used"), format="ndjson"),
    )

    assert [said.answers.get("used") for said in responses] == [["web", "app"], None, ["web"], None]
    assert list(findings) == [4]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "malformed_row"),
        ('{"nps": 9, "nps": 8}', "malformed_row"),
        ('{"nps": NaN}', "malformed_row"),
        ("[" * 100_000, "malformed_row"),
        ('{"nps": ' + "9" * 5_000 + "}", "malformed_row"),
        ("[9]", "not_an_object"),
        ("9", "not_an_object"),
        ('{"nps": "\0"}', "nul_character"),
    ],
)
def test_a_bad_line_is_wrong_and_the_next_is_read(line: str, code: str) -> None:
    found = rows(f'{{"nps": 1}}\n{line}\n\n{{"nps": 2}}', NPS)

    assert [line_number for line_number, _ in found] == [1, 2, 4]
    assert isinstance(found[1][1], BrokenRow)
    assert found[1][1].code == code


def test_a_broken_line_is_wrong_in_its_row() -> None:
    found = rows('{"nps": 1, "why": "é"}\n'.encode() + b'{"nps": 1, "why": "\xe9"}\n', NPS)

    assert [cells.code for _, cells in found if isinstance(cells, BrokenRow)] == ["broken_encoding"]


def test_a_file_that_has_none_of_the_columns_is_refused() -> None:
    with pytest.raises(ColumnsMissing):
        rows('{"NPS": 9}\n' * 200, NPS)


def test_a_file_without_lines_is_refused() -> None:
    with pytest.raises(FileUnreadable, match="no rows"):
        rows(" \n\n", NPS)


def test_half_a_surrogate_pair_is_no_text() -> None:
    responses, findings = mapped('{"why": "\\ud800"}\n', mapping(to("question:why"), format="ndjson"))

    assert responses[0].answers == {}
    assert findings[1][0].code == "lone_surrogate"
