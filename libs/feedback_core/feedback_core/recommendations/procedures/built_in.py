"""The procedure that every organisation begins with: proposed, accepted or rejected, done."""

from typing import Final

from feedback_core.recommendations.procedures.types import (
    STANDARD,
    Procedure,
    Step,
    StepTransition,
    StoredProcedure,
)
from feedback_core.recommendations.types import RecommendationState

BUILT_IN: Final = StoredProcedure(
    STANDARD,
    1,
    Procedure(
        title="Accept or reject, then do",
        start="proposed",
        steps=(
            Step(
                "proposed",
                "Proposed",
                RecommendationState.PROPOSED,
                transitions=(StepTransition("accepted"), StepTransition("rejected")),
            ),
            Step(
                "accepted",
                "Accepted",
                RecommendationState.ACCEPTED,
                transitions=(StepTransition("done"), StepTransition("rejected")),
            ),
            Step("rejected", "Rejected", RecommendationState.REJECTED),
            Step("done", "Done", RecommendationState.DONE),
        ),
    ),
    None,
    None,
)
"""Version 1 of the standard procedure; what an organisation stores under its key becomes version 2."""
