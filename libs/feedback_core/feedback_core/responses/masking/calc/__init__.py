"""Finding and masking personal data in a text: pure, and quick where there is nothing to find."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.responses.masking.calc.numbers import find_cards, find_ibans, find_national_ids
from feedback_core.responses.masking.calc.phones import find_phones
from feedback_core.responses.masking.types import PersonalData, Span

__all__ = ["find_personal_data", "mask"]

# Every kind has an @, or six digits that are never further apart than two other characters.
_MAY_HOLD: Final = re.compile(r"@|\d(?:[^\d\n]{0,2}\d){5}")

# Bounded parts, so that no text makes it slow. Wider than any standard: to mask too much of an address costs nothing.
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}\s?@\s?(?:[\w-]{1,63}\s?\.\s?){1,8}[^\W\d_][\w-]{1,62}"
)


def mask(text: str, regions: Sequence[str] = ()) -> str:
    """The text with ``[e-mail]``, ``[phone]``, ``[card]``, ``[iban]`` or ``[national id]`` where one stood.

    Args:
        text: what somebody wrote.
        regions: ISO 3166 codes of the countries whose national numbers are to be known; numbers with an international
            prefix are known without.

    A text without any is returned as it is; masking again changes nothing.
    """
    if not _MAY_HOLD.search(text):
        return text
    spans = find_personal_data(text, regions)
    if not spans:
        return text
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
    return "".join([*parts, text[at:]])


def find_personal_data(text: str, regions: Sequence[str] = ()) -> list[Span]:
    """Where personal data stands in a text, in order; spans do not overlap.

    Of two that would overlap the longer one holds; of two as long, an address before a number that has check digits,
    and that before a telephone number.
    """
    if not _MAY_HOLD.search(text):
        return []
    finders = (
        _find_emails(text),
        find_ibans(text),
        find_cards(text),
        find_national_ids(text, regions),
        find_phones(text, regions),
    )
    found = [span for spans in finders for span in spans]
    apart: list[Span] = []
    # Sorting is stable: as they were found where they are as long.
    for span in sorted(found, key=lambda span: span.start - span.end):
        if all(span.end <= other.start or other.end <= span.start for other in apart):
            apart.append(span)
    return sorted(apart)


def _find_emails(text: str) -> Iterator[Span]:
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Span(match.start(), match.end(), PersonalData.EMAIL)
