"""Personal data in comments: what is found, what is left, and that masking is quick, safe and done once."""

import re
import time
from csv import DictReader
from io import StringIO
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.regions import regions_of
from feedback_core.responses.masking.calc import find_personal_data, mask
from tests.support.real_data import unpacked

# (comment, regions, what it becomes); by hand, in the words of customers.
HOLD = [
    ("Write to ada.quill@example.org please", "GB", "Write to [e-mail] please"),
    ("ada.quill+news@mail.example.co.uk, thanks.", "GB", "[e-mail], thanks."),
    ("Mail: ADA_QUILL@EXAMPLE.ORG!", "", "Mail: [e-mail]!"),
    ("(ada@example.org)", "", "([e-mail])"),
    ("ada @ example . org", "", "[e-mail]"),
    ("jürgen@müller.de hat recht", "DE", "[e-mail] hat recht"),
    ("Ring me on 020 7946 0958 after six", "GB", "Ring me on [phone] after six"),
    ("my mobile is 07912345678", "GB", "my mobile is [phone]"),
    ("(020) 7946 0958 is busy all day", "GB", "[phone] is busy all day"),
    ("call +44 20 7946 0958", "", "call [phone]"),
    ("call 0044 20 7946 0958", "", "call [phone]"),
    ("call +1 (415) 555-2671 now", "", "call [phone] now"),
    ("415-555-2671 never answers", "US", "[phone] never answers"),
    ("Tel. 030 901820 und keiner da", "DE", "Tel. [phone] und keiner da"),
    ("Appelez le 01 42 68 53 00", "FR", "Appelez le [phone]"),
    ("el 912 345 678 no contesta", "ES", "el [phone] no contesta"),
    ("You charged 4111 1111 1111 1111 twice", "GB", "You charged [card] twice"),
    ("card 5500-0000-0000-0004", "", "card [card]"),
    ("amex 378282246310005", "", "amex [card]"),
    ("GB82 WEST 1234 5698 7654 32 is my account", "", "[iban] is my account"),
    ("Konto DE89370400440532013000", "", "Konto [iban]"),
    ("NHS number 943 476 5919", "GB", "NHS number [national id]"),
    ("my NI number is AB 12 34 56 C", "GB", "my NI number is [national id]"),
    ("SSN 536-90-4399", "US", "SSN [national id]"),
    ("mi DNI 12345678Z", "ES", "mi DNI [national id]"),
    ("codice RSSMRA85T10A562S", "IT", "codice [national id]"),
    ("personnummer 880320-0016", "SE", "personnummer [national id]"),
    ("call 020 7946 0958 or ada@example.org", "GB", "call [phone] or [e-mail]"),
]
HOLD_NOTHING = [
    "I waited from 10:30 to 12:45 on 2024-01-15",
    "01.02.2024 10:30 and again on 03/04/2024",
    "Order 20240115-123456 never came",
    "Ticket 12345678 is still open",
    "Room 2.13, ward 14, bed 3",
    "10 out of 10, 100 % happy",
    "Paid 1,234.56 and then 12.000.000",
    "Flight BA0117 on 12 March 2024 at 9.30",
    "2019 2020 2021 2022 got worse each year",
    "tweet @clinic or @staff",
    "it costs £45.00 @ the desk",
    "ISBN 978-3-16-148410-0",
    "version 1.22.333.4444",
    "4111 1111 1111 1112 is no card",
    "between 1000 and 2000 people",
    "123456789",
    "My son is 7, I am 43, we came at 8",
    "a@b",
]


@pytest.mark.parametrize(("said", "regions", "shown"), HOLD)
def test_personal_data_is_masked_in_its_place(said: str, regions: str, shown: str) -> None:
    assert mask(said, [regions] if regions else []) == shown


@pytest.mark.parametrize("said", HOLD_NOTHING)
@pytest.mark.parametrize("regions", [("GB",), ("US",), ("DE", "FR"), ()])
def test_what_says_nothing_of_anybody_is_left(said: str, regions: tuple[str, ...]) -> None:
    assert mask(said, regions) == said


@given(st.text(max_size=300), st.sampled_from([(), ("GB",), ("US", "DE"), ("NL", "PL", "SE")]))
def test_masking_again_changes_nothing_and_spans_lie_apart(said: str, regions: tuple[str, ...]) -> None:
    once = mask(said, regions)
    spans = find_personal_data(said, regions)

    assert mask(once, regions) == once
    assert all(0 <= span.start < span.end <= len(said) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert (once == said) == (not spans)


_WORD = st.from_regex(r"\A[a-z]{1,12}\Z")
_ADDRESS = st.builds("{}.{}@{}.org".format, _WORD, _WORD, _WORD)


@given(st.lists(_WORD, max_size=20), _ADDRESS, st.lists(_WORD, max_size=20))
def test_an_address_is_found_wherever_it_stands(before: list[str], address: str, after: list[str]) -> None:
    said = " ".join([*before, address, *after])

    assert mask(said) == " ".join([*before, "[e-mail]", *after])


@given(st.from_regex(r"\A7[4-9][0-9]{8}\Z", fullmatch=True), st.sampled_from(["0", "+44", "0044 ", "+44 (0)"]))
def test_a_mobile_number_is_found_with_any_prefix(number: str, prefix: str) -> None:
    said = f"so I gave them {prefix}{number} and waited"

    assert re.sub(r"\d", "", mask(said, ["GB"])) == "so I gave them [phone] and waited"


@pytest.mark.parametrize(
    "said",
    [
        "@" * 30_000,
        "1 " * 15_000,
        "a" * 29_999 + "@",
        "0 " * 15_000,
        "GB82 " * 6_000,
        "+1" * 15_000,
        "1234567890" * 3_000,
    ],
)
def test_no_text_makes_it_slow(said: str) -> None:
    began = time.perf_counter()
    mask(said, ["GB", "US"])
    assert time.perf_counter() - began < 2.0


def test_of_real_comments_about_hospitals_none_is_masked_for_nothing() -> None:
    """Their publisher took personal data out: whatever is found in them is found wrongly."""
    file = StringIO(unpacked("nhs_fft_comments/v6framework_230831.csv.gz").decode(errors="replace"), newline="")
    comments = [row["FFT answer"] for row in DictReader(file) if row["FFT answer"]]
    assert len(comments) > 7_000

    assert [said for said in comments if mask(said, ["GB"]) != said] == []


def test_regions_follow_from_time_zone_and_language() -> None:
    assert regions_of("Europe/London", "en") == ("GB",)
    assert regions_of("Europe/Zurich", "fr-FR", "de-CH") == ("CH", "FR")
    assert regions_of("UTC", "zh-Hant-TW") == ("TW",)
    assert regions_of("Nowhere/Atall") == ()
