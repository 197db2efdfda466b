"""Association in a cross-tab under a design: every statistic of svychisq, against R's survey package."""

from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.kpis.calc import pearson_independence
from feedback_core.kpis.calc.association import AssociationStatistic, association_test
from feedback_core.kpis.calc.cross_tabs import WeightedTable, cross_tab, weighted_table
from feedback_core.weighting.calc import Design
from tests.reference.goldens import golden_rows, load_golden

CASE = "s13_rao_scott_crosstab"
TABLES = {
    "cluster_fpc_schwide_stype": ("clus1", "sch.wide", "stype", True),
    "cluster_schwide_stype": ("clus1", "sch.wide", "stype", False),
    "cluster_compimp_schwide": ("clus1", "comp.imp", "sch.wide", True),
    "strat_schwide_awards": ("strat", "sch.wide", "awards", True),
}
# R finds its saddlepoint to 1e-8 only.
TOLERANCES = {"saddlepoint": 1e-5}


def codes(rows: list[dict[str, str]], attribute: str) -> NDArray[np.int64]:
    return np.unique([row[attribute] for row in rows], return_inverse=True)[1]


def table_of(source: str, first: str, second: str, *, finite: bool) -> WeightedTable:
    rows = [row for row in golden_rows(CASE) if row["src"] == source]
    weights = np.array([float(row["pw"]) for row in rows])
    population = np.array([float(row["fpc"]) for row in rows]) if finite else None
    if source == "clus1":
        design = Design(weights, clusters=np.array([int(row["dnum"]) for row in rows]), population=population)
    else:
        design = Design(weights, strata=codes(rows, "stype"), population=population)
    of_rows, of_columns = codes(rows, first), codes(rows, second)
    shape = (int(of_rows.max()) + 1, int(of_columns.max()) + 1)
    return weighted_table(of_rows, of_columns, design, shape=shape)


def parameters(expected: float | list[float]) -> list[float]:
    return expected if isinstance(expected, list) else [expected]


@pytest.mark.parametrize("name", TABLES)
def test_every_statistic_of_every_design(name: str) -> None:
    source, first, second, finite = TABLES[name]
    expected: dict[str, Any] = load_golden(CASE)["expected"][name]
    table = table_of(source, first, second, finite=finite)
    statistics = get_args(AssociationStatistic)
    assert set(expected) == {*statistics, "observed_weighted", "proportions"}
    for statistic in statistics:
        test = association_test(table, statistic=statistic)
        figures = expected[statistic]
        assert test.statistic == pytest.approx(figures["statistic"], rel=1e-8), statistic
        assert list(test.parameter) == pytest.approx(parameters(figures["parameter"]), rel=1e-8), statistic
        tolerance = TOLERANCES.get(statistic, 1e-8)
        assert test.p_value == pytest.approx(figures["p_value"], rel=tolerance, abs=0), statistic
    assert table.totals == pytest.approx(np.array(expected["observed_weighted"]), rel=1e-8)
    shown = np.array(cross_tab(table).proportions, dtype=float)
    assert shown == pytest.approx(np.array(expected["proportions"]), rel=1e-8)


def test_pearson_of_the_unweighted_counts() -> None:
    expected = load_golden(CASE)["expected"]
    assert set(expected) == {*TABLES, "unweighted_pearson_clus1"}
    figures = expected["unweighted_pearson_clus1"]
    test = pearson_independence(table_of("clus1", "sch.wide", "stype", finite=True).respondents)

    assert test.statistic == pytest.approx(figures["chi2"], rel=1e-8)
    assert test.parameter == (figures["df"],)
    assert test.p_value == pytest.approx(figures["p"], rel=1e-8)
