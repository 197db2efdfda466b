"""Pure calculation of effects: differences of differences, the verdict, and when it could be told."""

from feedback_core.recommendations.effect.calc.differences import difference_in_differences
from feedback_core.recommendations.effect.calc.verdict import Pace, verdict_of, when_it_can_be_told

__all__ = ["Pace", "difference_in_differences", "verdict_of", "when_it_can_be_told"]
