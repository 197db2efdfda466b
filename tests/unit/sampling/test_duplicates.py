"""Who stands in a frame twice: chains of what units share, and how contacts are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.sampling.calc.duplicates import NOBODY, find_duplicates
from feedback_core.sampling.calc.normalising import plain_email, plain_name_and_postcode, plain_phone

CODES = st.lists(st.tuples(st.integers(-1, 8), st.integers(-1, 8)), min_size=1, max_size=40)


@given(CODES)
def test_units_are_one_person_exactly_if_a_chain_of_shared_keys_connects_them(codes: list[tuple[int, int]]) -> None:
    email, phone = np.array(codes, dtype=np.int64).T
    found = find_duplicates({"email": email, "phone": phone})

    first = list(range(len(codes)))
    for _ in codes:  # slowly: whoever shares a key takes the earlier one's first
        for a in range(len(codes)):
            for b in range(a):
                if any(x == y != NOBODY for x, y in zip(codes[a], codes[b], strict=True)):
                    first[a] = first[b] = min(first[a], first[b])
    assert np.where(found.repeats == NOBODY, np.arange(len(codes)), found.repeats).tolist() == first
    for place in np.flatnonzero(found.repeats != NOBODY):
        assert found.shared["email"][place] or found.shared["phone"][place]


def test_a_million_units_with_one_address_are_one_person() -> None:
    found = find_duplicates({"email": np.zeros(1_000_000, dtype=np.int64)})
    assert found.n == 999_999
    assert set(found.repeats.tolist()) == {NOBODY, 0}


@pytest.mark.parametrize(
    ("said", "same"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada+news@example.org", "ada@example.org"),
        ("ada@example.org.", "ada@example.org"),
        ("+tag@example.org", "+tag@example.org"),
    ],
)
def test_addresses_that_reach_the_same_mailbox_are_one(said: str, same: str) -> None:
    assert plain_email(said) == same


@pytest.mark.parametrize("said", [None, "", "ada", "@example.org", "ada@", "  "])
def test_what_is_no_address_is_none(said: str | None) -> None:
    assert plain_email(said) is None


def test_a_number_is_one_however_it_is_written() -> None:
    written = ["020 7946 0018", "+44 20 7946 0018", "+442079460018"]
    assert {plain_phone(number, ["GB"]) for number in written} == {"+442079460018"}
    assert plain_phone("12", ["GB"]) is None


def test_names_are_compared_with_the_postcode_and_without_accents_and_order() -> None:
    key = plain_name_and_postcode("Zoë Müller", "SW1A 1AA")
    assert key == plain_name_and_postcode("MULLER, Zoe", "sw1a1aa")
    assert key != plain_name_and_postcode("Zoë Müller", "SW1A 1AB")
    assert plain_name_and_postcode("Zoë Müller", None) is None
    assert plain_name_and_postcode("", "SW1A 1AA") is None
