"""How people can be reached, in the form in which two contacts are compared."""

import re
from collections.abc import Sequence
from typing import Final

_FEWEST_DIGITS: Final = 7


def phone_key(phone: str | None, regions: Sequence[str]) -> str | None:
    """A telephone number in the form in which two are compared: E.164, or else its digits; ``None``: it is none.

    Args:
        phone: as somebody wrote it.
        regions: ISO 3166 codes of the countries whose national numbers are known by it, the likeliest first.

    Source: libphonenumber's metadata (https://github.com/google/libphonenumber).
    """
    # A tenth of a second to import: a process that compares none does without.
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse

    if phone is None:
        return None
    for region in (*regions, None):
        try:
            number = parse(phone, region)
        except NumberParseException:
            continue
        if is_possible_number(number):
            return str(format_number(number, PhoneNumberFormat.E164))
    digits = re.sub(r"\D", "", phone)
    return digits if len(digits) >= _FEWEST_DIGITS else None
