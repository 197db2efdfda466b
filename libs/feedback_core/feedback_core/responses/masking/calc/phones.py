"""Telephone numbers in a text."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.responses.masking.types import PersonalData, Span

_DATE: Final = r"(?!(?:0[1-9])([.-])(?:0[1-9]|1[0-2])\1(?:19|20)?\d\d(?!\d|\1\d))"
# With an international or trunk prefix a number says by itself that it is one to call, whichever country it is of.
_WITH_PREFIX: Final = re.compile(rf"(?<![\w.+]){_DATE}(?:\+|\(0|0)\d?(?:[ ().\u00a0–-]{{0,3}}\d){{7,14}}(?!\w)")
# Of day, month and year, which libphonenumber takes for a number where the hour follows.
_DATED: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d\b")
_FEWEST_DIGITS: Final = 9
_MOST_TRIES: Final = 200


def find_phones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Numbers with a prefix, and those that are valid in one of the regions.

    Source: libphonenumber's metadata, leniency VALID (https://github.com/google/libphonenumber).
    """
    # A tenth of a second to import: a process that masks nothing of the kind does without.
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in _WITH_PREFIX.finditer(text):
        if sum(character.isdigit() for character in match.group()) >= _FEWEST_DIGITS:
            yield Span(match.start(), match.end(), PersonalData.PHONE)
    for region in regions:
        for found in PhoneNumberMatcher(text, region, Leniency.VALID, _MOST_TRIES):
            if not _DATED.match(found.raw_string):
                yield Span(found.start, found.end, PersonalData.PHONE)
