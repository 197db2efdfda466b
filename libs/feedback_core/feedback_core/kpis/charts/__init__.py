"""Charts of what a KPI answers."""

from feedback_core.kpis.charts.cross_table import cross_table_chart
from feedback_core.kpis.charts.figures import breakdown_chart, kpi_series_chart, value_chart
from feedback_core.kpis.charts.outcome_link import outcome_link_chart
from feedback_core.kpis.charts.side_by_side import comparison_chart, comparisons_chart, ranking_chart

__all__ = [
    "breakdown_chart",
    "comparison_chart",
    "comparisons_chart",
    "cross_table_chart",
    "kpi_series_chart",
    "outcome_link_chart",
    "ranking_chart",
    "value_chart",
]
