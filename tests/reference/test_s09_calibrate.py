"""Calibration by the linear, raking, logit and bounded linear distances against R's survey package."""

from typing import Any

import numpy as np
import pytest

from feedback_core.weighting.calc import (
    Design,
    NumericTotal,
    Weighting,
    calibrate,
    encode,
    read_margins,
    weighted_mean,
    weighted_total,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s09_calibrate"
FRAME = {"stype": {"E": 4421.0, "H": 755.0, "M": 1018.0}}
API99 = 3914069.0
OPTIONS: dict[str, dict[str, Any]] = {
    "linear_stype": {},
    "linear_stype_api99": {"distance": "linear"},
    "raking_stype_api99": {"distance": "raking"},
    "logit_0.7_1.7": {"distance": "logit", "bounds": (0.7, 1.7)},
    "linear_bounded_0.6_1.6": {"distance": "linear", "bounds": (0.6, 1.6)},
}


class Schools:
    """The cluster sample of 183 schools."""

    def __init__(self) -> None:
        rows = golden_rows(CASE)
        self.margins = read_margins(FRAME)
        self.codes = encode(self.margins, [[row["stype"] for row in rows]])
        self.snum = [int(row["snum"]) for row in rows]
        self.columns = {key: np.array([float(row[key]) for row in rows]) for key in ("api99", "api00", "enroll", "pw")}
        self.clusters = np.array([int(row["dnum"]) for row in rows])
        self.population = np.array([float(row["fpc"]) for row in rows])

    def calibrated(self, case: str) -> Weighting:
        numbers = [] if case == "linear_stype" else [NumericTotal("api99", self.columns["api99"], API99)]
        return calibrate(self.codes, self.margins, numbers, base=self.columns["pw"], **OPTIONS[case])


@pytest.fixture(scope="module")
def schools() -> Schools:
    return Schools()


@pytest.mark.parametrize("case", OPTIONS)
def test_calibrated_weights_and_estimates(schools: Schools, case: str) -> None:
    expected = load_golden(CASE)["expected"][case]
    weighting = schools.calibrated(case)
    design = Design(
        weighting.weights,
        clusters=schools.clusters,
        population=schools.population,
        calibration=weighting.calibration,
    )

    mean = weighted_mean(schools.columns["api00"], design)
    total = weighted_total(schools.columns["enroll"], design)

    by_school = dict(sorted(zip(schools.snum, weighting.weights.tolist(), strict=True))[:10])
    assert {str(snum): weight for snum, weight in by_school.items()} == pytest.approx(
        expected["w_by_snum_first10"], rel=1e-7
    )
    assert weighting.g_weights == pytest.approx(expected["g_weight_range"], rel=1e-7)
    assert (weighting.weights**2).sum() == pytest.approx(expected["sum_w_squared"], rel=1e-7)
    assert mean.value == pytest.approx(expected["mean_api00"], rel=1e-7)
    assert mean.standard_error == pytest.approx(expected["se"], rel=1e-7)
    assert total.value == pytest.approx(expected["total_enroll"], rel=1e-7)
    assert total.standard_error == pytest.approx(expected["total_enroll_se"], rel=1e-7)


def test_three_schools_of_california() -> None:
    # R survey 4.1-1, calibrate(~stype) on apiclus1, as in golden s09: linear weights are those of post-stratification.
    weighting = calibrate(
        np.array([[0, 1, 2]]), read_margins(FRAME), counts=[144, 14, 25], base=np.full(3, 33.846996307373)
    )

    assert weighting.weights == pytest.approx([30.7013888888889, 53.9285714285714, 40.72], rel=1e-12)
    assert weighting.g_weights == pytest.approx((0.907063912262168, 1.5933044970618), rel=1e-12)
