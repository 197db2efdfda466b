"""Methods compared: what each way of collecting needs, costs and reaches."""

from feedback_core.planning.calc.methods.comparison import compare_methods
from feedback_core.planning.calc.methods.costs import cost_lines
from feedback_core.planning.calc.methods.rates import method_here

__all__ = ["compare_methods", "cost_lines", "method_here"]
