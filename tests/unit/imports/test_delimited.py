"""CSV: lines, quotes, encodings, and everything that can be wrong with them."""

import pytest

from feedback_core.kit.tabular.types import ColumnsMissing, FileUnreadable
from feedback_core.responses.imports.reading import BrokenRow
from tests.unit.imports.builders import mapping, rows, to

TWO = mapping(to("question:nps", column="a"), to("question:why", column="b"))


def codes(content: bytes | str, **options: object) -> dict[int, str]:
    """What is wrong, by line."""
    found = rows(content, mapping(to("question:nps", column="a"), to("question:why", column="b"), **options))
    return {line: cells.code for line, cells in found if isinstance(cells, BrokenRow)}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    assert rows(end.join(["a,b", "1,x", "", "2,y"]), TWO) == [(2, ["1", "x"]), (4, ["2", "y"])]


def test_a_quoted_field_may_hold_delimiters_quotes_and_lines_and_the_row_begins_where_it_begins() -> None:
    content = 'a,b\n1,"x, ""y""\nz"\n2,w\n'

    assert rows(content, TWO) == [(2, ["1", 'x, "y"\nz']), (4, ["2", "w"])]


def test_delimiter_and_quote_are_as_the_mapping_says() -> None:
    assert rows("a;b\n1;'x;y'\n", mapping(to("question:nps", column="a"), delimiter=";", quote="'")) == [
        (2, ["1", "x;y"])
    ]


def test_lines_without_any_value_are_no_rows() -> None:
    assert rows("\na,b\n,\n\n1,\n", TWO) == [(5, ["1", ""])]


def test_a_ragged_row_is_wrong_and_the_next_is_read() -> None:
    assert codes("a,b\n1\n1,2,3\n1,x\n") == {2: "ragged_row", 3: "ragged_row"}


def test_a_quote_that_is_never_closed_takes_its_row_and_names_where_it_began() -> None:
    assert codes('a,b\n1,x\n2,"y\n3,z\n') == {3: "malformed_row"}
    assert codes('a,b\n1,"x"y\n2,z\n') == {2: "malformed_row"}


def test_a_field_without_end_is_wrong_and_reading_goes_on_behind_it() -> None:
    content = 'a,b\n1,"' + "x\n" * 70_000 + '"\n2,y\n'
    found = rows(content, TWO)

    assert isinstance(found[0][1], BrokenRow)
    assert found[0][1].code == "malformed_row"
    assert "lines 2 to" in found[0][1].detail
    assert any(isinstance(cells, list) and cells == ["2", "y"] for _, cells in found) or len(found) < 70_000


def test_a_line_without_end_refuses_the_file() -> None:
    with pytest.raises(FileUnreadable, match="Line 2 is longer"):
        rows("a,b\n1," + "x" * (2**20 + 1), TWO)


def test_a_nul_character_is_wrong_in_its_row() -> None:
    assert codes("a,b\n1,x\0y\n2,z\n") == {2: "nul_character"}


def test_bytes_that_are_not_utf_8_are_wrong_in_their_row() -> None:
    assert codes("a,b\n1,é\n".encode() + b"2,\xe9\n3,x\n") == {3: "broken_encoding"}


def test_a_file_that_is_plainly_of_another_encoding_is_refused_as_a_whole() -> None:
    content = "a,b\n" + "1,é\n" * 20

    with pytest.raises(FileUnreadable, match="not UTF-8"):
        rows(content.encode("windows-1252"), TWO)
    with pytest.raises(FileUnreadable, match="UTF-16"):
        rows(content.encode("utf-16"), TWO)
    assert len(rows(content.encode(), TWO)) == 20


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8"),
        ("windows-1252", "windows-1252"),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
    ],
)
def test_text_is_read_in_the_encoding_of_the_mapping(encoding: str, codec: str) -> None:
    wanted = mapping(to("question:nps", column="a"), encoding=encoding)

    assert rows("a,b\n1,é\n".encode(codec), wanted) == [(2, ["1", "é"])]


def test_utf_16_that_breaks_off_refuses_the_file() -> None:
    with pytest.raises(FileUnreadable):
        rows("a,b\n1,é\n".encode("utf-16")[:-1], mapping(to("question:nps", column="a"), encoding="utf-16"))


def test_columns_are_found_by_their_names_in_the_header_whatever_the_spaces_around_them() -> None:
    assert rows(" b , a\nx,1\n", TWO) == [(2, ["x", "1"])]


def test_columns_that_are_not_in_the_header_are_named() -> None:
    with pytest.raises(ColumnsMissing, match=r'no column "b"\. Its header has: "a", "c"'):
        rows("a,c\n1,x\n", TWO)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(FileUnreadable, match='"b" more than once'):
        rows("a,b,b\n1,x,y\n", TWO)


def test_without_a_header_columns_are_counted_from_one() -> None:
    wanted = mapping(to("question:nps", column=2), header=False)

    assert rows("x,9\ny,8\n", wanted) == [(1, ["x", "9"]), (2, ["y", "8"])]
    with pytest.raises(ColumnsMissing, match=r'"3".*first row has 2'):
        rows("x,9\n", mapping(to("question:nps", column=3), header=False))


@pytest.mark.parametrize("content", ["", "\n\n", ",,\n"])
def test_a_file_without_rows_is_refused(content: str) -> None:
    with pytest.raises(FileUnreadable, match="no rows"):
        rows(content, TWO)


def test_a_header_that_cannot_be_read_refuses_the_file() -> None:
    with pytest.raises(FileUnreadable, match="line 1, cannot be read"):
        rows(b"a,\xff\n1,x\n", TWO)
