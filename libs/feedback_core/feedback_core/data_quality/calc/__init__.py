"""Pure calculations on the care with which answers were given; worker only."""

from feedback_core.data_quality.calc.basis import outlier_basis
from feedback_core.data_quality.calc.marking import flags_of, suspects_of
from feedback_core.data_quality.calc.signs import measure_part

__all__ = ["flags_of", "measure_part", "outlier_basis", "suspects_of"]
