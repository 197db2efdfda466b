"""Parts of a file by their bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_api.ranges import Span, Unsatisfiable, asked_span

SIZES = st.integers(1, 10**12)


def span(asked: str | None, size: int = 100, if_range: str | None = None) -> Span | None:
    return asked_span(asked, size, if_range=if_range, etag='"one"')


@given(SIZES, st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_part_lies_in_the_file_and_in_what_was_asked_for(size: int, first: int, last: int) -> None:
    try:
        found = span(f"bytes={first}-{last}", size)
    except Unsatisfiable:
        assert first >= size
        return
    if found is None:
        assert last < first
        return
    assert first == found.first <= found.last == min(last, size - 1)
    assert found.length == found.last - found.first + 1


@given(SIZES, st.integers(1, 10**12))
def test_the_end_of_the_file_is_counted_from_behind(size: int, many: int) -> None:
    assert span(f"bytes=-{many}", size) == Span(max(0, size - many), size - 1)


@pytest.mark.parametrize(
    "asked", [None, "bytes=0-1,3-4", "items=0-1", "bytes=", "bytes=-", "0-1", "bytes=5-4", "bytes=٣-"]
)
def test_what_is_not_understood_is_left_out_of_account(asked: str | None) -> None:
    assert span(asked) is None


@pytest.mark.parametrize(("asked", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_bytes_that_are_not_there_cannot_be_given(asked: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        span(asked, size)


def test_a_part_of_another_file_is_not_given() -> None:
    assert span("bytes=5-9", if_range='"one"') == Span(5, 9)
    assert span("bytes=5-9", if_range='"two"') is None
    assert span("bytes=5-9", if_range='W/"one"') is None
