"""What is found in comments that says who somebody is or how to reach them."""

from dataclasses import dataclass
from enum import StrEnum


class PersonalData(StrEnum):
    """Kinds of it; what is shown in their place is ``[kind]``."""

    EMAIL = "e-mail"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national id"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where in a text something was found: from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    kind: PersonalData
