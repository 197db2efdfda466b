"""Where a cursor stands: ids and numbers that it was made with, and nothing that somebody made up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest

from feedback_core.kit.cursors import (
    InvalidCursor,
    encode_cursor,
    id_in_cursor,
    key_in_cursor,
    numbers_in_cursor,
    page_of,
)

QUERY: Mapping[str, object] = {"list": "things"}
KEY = re.compile(r"[a-z]+")
ID = UUID("01990000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Row:
    id: UUID
    place: tuple[int, int]


ROWS = [Row(UUID(int=number), (number, number + 1)) for number in range(3)]


def test_it_stands_where_it_was_made() -> None:
    assert id_in_cursor(None, QUERY) is None
    assert id_in_cursor(encode_cursor([str(ID)], QUERY), QUERY) == ID
    assert key_in_cursor(None, QUERY, KEY) is None
    assert key_in_cursor(encode_cursor(["wait"], QUERY), QUERY, KEY) == "wait"
    assert numbers_in_cursor(encode_cursor(["0"], QUERY), QUERY) == (0,)
    assert numbers_in_cursor(encode_cursor(["7", str(2**63 - 1)], QUERY), QUERY, parts=2, below=2**63) == (7, 2**63 - 1)


@pytest.mark.parametrize("position", ["7", "", "not an id"])
def test_what_is_no_id_is_refused(position: str) -> None:
    with pytest.raises(InvalidCursor):
        id_in_cursor(encode_cursor([position], QUERY), QUERY)


@pytest.mark.parametrize("position", ["", "A", "wait\n", "wait\x00"])
def test_what_is_no_key_is_refused(position: str) -> None:
    with pytest.raises(InvalidCursor):
        key_in_cursor(encode_cursor([position], QUERY), QUERY, KEY)


@pytest.mark.parametrize("position", ["-1", "", "1.5", "\u0661", str(2**31), "9" * 5_000])
def test_what_is_no_number_that_a_column_holds_is_refused(position: str) -> None:
    with pytest.raises(InvalidCursor):
        numbers_in_cursor(encode_cursor([position], QUERY), QUERY)


def test_that_of_another_query_is_refused() -> None:
    other = encode_cursor([str(ID)], {"list": "others"})
    with pytest.raises(InvalidCursor):
        id_in_cursor(other, QUERY)
    with pytest.raises(InvalidCursor):
        numbers_in_cursor(encode_cursor(["1", "2"], QUERY), QUERY)


def test_a_page_ends_where_its_cursor_stands_and_the_last_has_none() -> None:
    page, following = page_of(ROWS, 2, QUERY)
    assert (page, id_in_cursor(following, QUERY)) == (ROWS[:2], ROWS[1].id)

    page, following = page_of(ROWS, 2, QUERY, at=lambda row: row.place)
    assert following is not None
    assert numbers_in_cursor(following, QUERY, parts=2) == ROWS[1].place

    assert page_of(ROWS, 3, QUERY) == (ROWS, None)
    assert page_of([], 3, QUERY) == ([], None)
