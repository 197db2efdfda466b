"""Columns of tables in PDFs: each holds its longest word, and together they are as wide as the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.reports.rendering.columns import columns_of

CELLS = st.text(st.sampled_from("abc 字-"), max_size=80)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=2, max_size=4)))
def test_no_word_is_wider_than_its_column(rows: list[list[str]]) -> None:
    labels, *others = rows

    columns = columns_of(labels, others, room=90.0)

    assert sum(columns.widths) * columns.scale <= max(90.0, sum(columns.widths) * 0.6) + 1e-6
    for place, width in enumerate(columns.widths):
        words = [word for row in others for word in row[place].replace("-", "- ").split()]
        plain = [word for word in words if "字" not in word]
        assert width >= min(max(map(len, plain), default=0), 28)


def test_what_is_left_goes_to_long_texts() -> None:
    short, long = columns_of(["State", "Why"], [["done", "word " * 40]], room=90.0).widths

    assert short < 10
    assert long > 80


def test_letters_are_smaller_where_words_would_not_fit_side_by_side() -> None:
    columns = columns_of(["Organisational"] * 8, [["x"] * 8], room=90.0)

    assert columns.scale == pytest.approx(90.0 / sum(columns.widths))
    assert columns.scale < 0.75
