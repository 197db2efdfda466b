"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.collectors.page.numbers import number_in, number_out

LANGUAGES = ("en", "de", "fr", "ar", "ja", "pt-BR")


@pytest.mark.parametrize(
    ("written", "language", "number"),
    [
        ("12", "en", 12),
        (" 12 ", "en", 12),
        ("12.5", "en", 12.5),
        ("12,5", "de", 12.5),
        ("12.5", "de", 12.5),
        ("12,5", "en", 12.5),
        ("1,000", "en", 1000),
        ("1,000.5", "en", 1000.5),
        ("1.000", "de", 1000),
        ("1.000,5", "de", 1000.5),
        ("1 000,5", "fr", 1000.5),
        ("1'000.5", "en", 1000.5),
        ("-3", "en", -3),
        ("\u22123", "en", -3),
        ("\u0661\u0662\u066b\u0665", "ar", 12.5),
        ("\uff11\uff12", "ja", 12),
        ("+4", "en", 4),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(written: str, language: str, number: float) -> None:
    assert number_in(written, language) == number
    assert type(number_in(written, language)) is type(number)


@pytest.mark.parametrize("written", ["", "ten", "1e5", "nan", "inf", "1,2,3", "1.2.3", "--1", "0x10", "9" * 41, "1 2x"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert number_in(written, "en") is None


@given(
    st.one_of(
        st.integers(-(10**15), 10**15),
        st.decimals(-(10**9), 10**9, places=3, allow_nan=False, allow_infinity=False).map(float),
    ),
    st.sampled_from(LANGUAGES),
)
def test_a_number_that_is_written_is_read_as_the_same(value: float, language: str) -> None:
    # Three decimals behind the other language's sign would read as a group.
    assert number_in(number_out(value, language), language) == value


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_anything_can_be_written(written: str, language: str) -> None:
    found = number_in(written, language)
    assert found is None or isinstance(found, int | float)
