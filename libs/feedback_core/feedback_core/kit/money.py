"""Amounts of money."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: 12345 and EUR are 123.45 euros.

    Attributes:
        currency: code of ISO 4217.
    """

    amount: int
    currency: str


_WITHOUT_SMALLER_UNIT: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_OF_A_THOUSAND: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def in_words(amount: float, currency: str) -> str:
    """An amount of the smallest unit, to be read: 123.45 EUR, 12,345 JPY."""
    digits = 0 if currency in _WITHOUT_SMALLER_UNIT else 3 if currency in _OF_A_THOUSAND else 2
    return f"{amount / 10**digits:,.{digits}f} {currency}"
