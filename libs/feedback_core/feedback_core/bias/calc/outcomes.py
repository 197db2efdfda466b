"""What became of the invitations, and what those who did not answer could do to the KPI."""

from feedback_core.bias.calc.unseen import unseen_bounds
from feedback_core.bias.types import FieldworkAssessment, Outcomes, UnseenBounds
from feedback_core.fieldwork.calc import outcome_rates
from feedback_core.fieldwork.types import RateName

ASSUMES = (
    "Every invitation is counted once, by its final disposition, under a policy that was fixed before the fieldwork.",
    "A rate describes the fieldwork; alone it tells little of bias, so it does not change the verdict.",
)
_BY_PREFERENCE: tuple[RateName, ...] = ("rr4", "rr2")


def assess_fieldwork(
    outcomes: Outcomes,
    *,
    mean: float,
    scale: tuple[float, float] | None,
    heard: int,
    level: float = 0.95,
) -> FieldworkAssessment:
    """Outcome rates, and the bounds that they leave for the KPI of everybody eligible.

    Args:
        outcomes: of the invitations.
        mean: of the KPI among those who answered.
        scale: lowest and highest score that there can be; ``None``: no bounds.
        heard: complete responses that are here.
        level: of the intervals.

    Raises:
        NotEstimable: as `outcome_rates`.

    Source: as `outcome_rates` and `unseen_bounds`. Golden: s16 by parts.
    """
    found = outcome_rates(outcomes.dispositions, e=outcomes.e, level=level)
    name = next((rate for rate in _BY_PREFERENCE if rate in found.rates), None)
    unseen: UnseenBounds | None = None
    if name is not None and scale is not None and found.rates[name].value > 0:
        unseen = unseen_bounds(found.rates[name].value, mean, scale)
    told = []
    if round(outcomes.dispositions.complete) != heard:
        told.append(
            f"{outcomes.dispositions.complete:,.10g} complete interviews are given, and {heard:,} complete responses "
            "are here: the rates are of those given."
        )
    return FieldworkAssessment(found, name, unseen, ASSUMES, tuple(told))
