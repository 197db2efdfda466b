"""Intervals of a share under a design, every method of svyciprop, against R's survey package."""

from typing import Any

import numpy as np
import pytest

from feedback_core.weighting.calc import Design, DesignProportionMethod, design_proportion_interval, weighted_proportion
from tests.reference.goldens import golden_rows, load_golden

CASE = "s06_svy_proportion_ci"
TOLERANCES: dict[DesignProportionMethod, float] = {
    "logit": 1e-7,
    "likelihood": 1e-5,
    "asin": 1e-7,
    "beta": 1e-7,
    "mean": 1e-7,
    "xlogit": 1e-7,
}


def design_of(rows: list[dict[str, str]]) -> Design:
    weights = np.array([float(row["pw"]) for row in rows])
    population = np.array([float(row["fpc"]) for row in rows])
    if rows[0]["src"] == "clus1":
        return Design(weights, clusters=np.array([int(row["dnum"]) for row in rows]), population=population)
    strata = np.unique([row["stype"] for row in rows], return_inverse=True)[1]
    return Design(weights, strata=strata, population=population)


@pytest.mark.parametrize(("name", "source"), [("stratified", "strat"), ("cluster", "clus1")])
def test_shares_and_all_their_intervals(name: str, source: str) -> None:
    expected: dict[str, Any] = load_golden(CASE)["expected"][name]
    rows = [row for row in golden_rows(CASE) if row["src"] == source]
    design = design_of(rows)
    shares = {key: figures for key, figures in expected.items() if key != "df"}
    assert set(shares) == {"sch.wide", "awards", "both"}
    for key, figures in shares.items():
        share = weighted_proportion(np.array([row[key] == "Yes" for row in rows]), design)
        assert share.degrees_of_freedom == expected["df"]
        assert share.value == pytest.approx(figures["p"], abs=1e-7, rel=0)
        assert share.standard_error == pytest.approx(figures["se"], abs=1e-7, rel=0)
        assert set(figures) == {"p", "se", *TOLERANCES}
        for method, tolerance in TOLERANCES.items():
            interval = design_proportion_interval(share, method=method)
            assert (interval.low, interval.high) == pytest.approx(figures[method], abs=tolerance, rel=0), method
