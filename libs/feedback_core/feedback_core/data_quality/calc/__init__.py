"""Pure calculations on the care with which answers were given; worker only."""

from feedback_core.data_quality.calc.basis import outlier_basis
from feedback_core.data_quality.calc.marking import flags_of, suspects_of
from feedback_core.data_quality.calc.scales import scale_finding
from feedback_core.data_quality.calc.signs import measure_part
from feedback_core.data_quality.calc.summary import analyse_quality

__all__ = ["analyse_quality", "flags_of", "measure_part", "outlier_basis", "scale_finding", "suspects_of"]
