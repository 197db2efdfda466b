"""Vocabulary of fieldwork."""

from feedback_core.fieldwork.types.outcomes import (
    Contact,
    ContactPolicy,
    Disposition,
    Dispositions,
    OutcomeRates,
    RateName,
)

__all__ = ["Contact", "ContactPolicy", "Disposition", "Dispositions", "OutcomeRates", "RateName"]
