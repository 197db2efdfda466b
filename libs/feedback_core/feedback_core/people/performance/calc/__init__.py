"""Pure calculations of performance: adjustment for case mix, and where each person or team stands."""

from feedback_core.people.performance.calc.case_mix import AdjustedUnit, MixAdjustment, adjust_for_mix
from feedback_core.people.performance.calc.standing import stand_units

__all__ = ["AdjustedUnit", "MixAdjustment", "adjust_for_mix", "stand_units"]
