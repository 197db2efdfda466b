"""What became of the invitations, and what that leaves open."""

from dataclasses import dataclass

from feedback_core.bias.types.coverage import UnseenBounds
from feedback_core.fieldwork.types import OutcomeRates


@dataclass(frozen=True, slots=True)
class FieldworkAssessment:
    """Outcome rates after the AAPOR standard.

    Attributes:
        rates: response, cooperation, refusal and contact rates, each with its interval, and why others are missing.
        response_rate: the rate that the bounds take: RR4 where it can be estimated, else RR2.
        unseen: the KPI of everybody eligible, whatever those who did not answer would have said; ``None`` where its
            scale has no ends, or there is no response rate.
        assumes: what must be true for it to hold.
        warnings: what a reader must be told.
    """

    rates: OutcomeRates
    response_rate: str | None
    unseen: UnseenBounds | None
    assumes: tuple[str, ...]
    warnings: tuple[str, ...] = ()
