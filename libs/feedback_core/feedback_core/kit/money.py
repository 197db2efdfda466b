"""Amounts of money."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: 12345 and EUR are 123.45 euros.

    Attributes:
        currency: code of ISO 4217.
    """

    amount: int
    currency: str
