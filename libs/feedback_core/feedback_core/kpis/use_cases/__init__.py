"""What the API and the analyses ask of KPIs: their definitions and their figures."""

from feedback_core.kpis.use_cases.asking import (
    METHOD,
    UNWEIGHTED,
    Asked,
    KpiQuestion,
    attributes_of,
    check_where,
    group_of,
    minimum_of_groups,
    period_of,
    settle,
    settle_definition,
)
from feedback_core.kpis.use_cases.cross_tabs import CrossTabFound, CrossTabQuestion, cross_tab
from feedback_core.kpis.use_cases.definitions import (
    definition_versions,
    get_definition,
    list_definitions,
    put_definition,
)
from feedback_core.kpis.use_cases.figures import (
    MOST_PERIODS,
    KpiCells,
    KpiComparison,
    compare_kpi,
    kpi_answers_by_day,
    kpi_breakdown,
    kpi_cells,
    kpi_series,
    kpi_value,
)
from feedback_core.kpis.use_cases.groups import Family, compare_groups, compare_periods, kpi_ranking
from feedback_core.kpis.use_cases.outcome_links import OutcomeLinkFound, OutcomeLinkQuestion, outcome_link

__all__ = [
    "METHOD",
    "MOST_PERIODS",
    "UNWEIGHTED",
    "Asked",
    "CrossTabFound",
    "CrossTabQuestion",
    "Family",
    "KpiCells",
    "KpiComparison",
    "KpiQuestion",
    "OutcomeLinkFound",
    "OutcomeLinkQuestion",
    "attributes_of",
    "check_where",
    "compare_groups",
    "compare_kpi",
    "compare_periods",
    "cross_tab",
    "definition_versions",
    "get_definition",
    "group_of",
    "kpi_answers_by_day",
    "kpi_breakdown",
    "kpi_cells",
    "kpi_ranking",
    "kpi_series",
    "kpi_value",
    "list_definitions",
    "minimum_of_groups",
    "outcome_link",
    "period_of",
    "put_definition",
    "settle",
    "settle_definition",
]
