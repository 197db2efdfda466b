"""Calculations of fieldwork: what became of the invitations, and how evenly the invited responded."""

from feedback_core.fieldwork.calc.outcome_rates import (
    disposition_of_answer,
    disposition_of_contact,
    dispositions_of,
    outcome_rate,
    outcome_rates,
    participation_rate,
    proportional_allocation,
)

__all__ = [
    "disposition_of_answer",
    "disposition_of_contact",
    "dispositions_of",
    "outcome_rate",
    "outcome_rates",
    "participation_rate",
    "proportional_allocation",
]
