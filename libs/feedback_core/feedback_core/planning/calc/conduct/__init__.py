"""How a plan is carried out: its waves, what it lacks, what it should be warned of, how it has changed."""

from feedback_core.planning.calc.conduct.checks import PlanContext, check_plan
from feedback_core.planning.calc.conduct.differences import differences_between
from feedback_core.planning.calc.conduct.resources import shortfalls_of
from feedback_core.planning.calc.conduct.rules import faults_of
from feedback_core.planning.calc.conduct.waves import waves_of

__all__ = ["PlanContext", "check_plan", "differences_between", "faults_of", "shortfalls_of", "waves_of"]
