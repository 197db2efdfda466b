"""Pure comparison of methods."""

from feedback_core.method_effectiveness.calc.composition import compositions
from feedback_core.method_effectiveness.calc.limits import difference, item_nonresponse, price
from feedback_core.method_effectiveness.calc.summary import MethodReading, compare_methods

__all__ = ["MethodReading", "compare_methods", "compositions", "difference", "item_nonresponse", "price"]
