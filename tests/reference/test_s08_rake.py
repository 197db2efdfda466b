"""Raking, its standard errors and trimming against R's survey package."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.weighting.calc import (
    Calibration,
    Design,
    encode,
    kish_design_effect,
    rake,
    read_margins,
    trim_weights,
    weighted_mean,
    weighted_proportion,
    weighted_total,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s08_rake"


class Schools:
    """The cluster sample of 183 schools, raked to school type and growth target."""

    def __init__(self) -> None:
        rows = golden_rows(CASE)
        frame: dict[str, dict[str, float]] = {}
        for row in golden_rows(CASE, "input_margins.csv"):
            frame.setdefault(row["variable"], {})[row["level"]] = float(row["count"])
        self.cell = [f"{row['stype']}:{row['sch.wide']}" for row in rows]
        self.api00 = np.array([float(row["api00"]) for row in rows])
        self.enroll = np.array([float(row["enroll"]) for row in rows])
        margins = read_margins(frame)
        codes = encode(margins, [[row[margin.attribute] for row in rows] for margin in margins])
        base = np.array([float(row["pw"]) for row in rows])
        self.raking = rake(codes, margins, base=base, total=margins[0].total)
        self.design = Design(
            self.raking.weights,
            clusters=np.array([int(row["dnum"]) for row in rows]),
            population=np.array([float(row["fpc"]) for row in rows]),
            calibration=Calibration(codes, base),
        )

    def by_cell(self, weights: NDArray[np.float64]) -> dict[str, float]:
        return dict(zip(self.cell, weights.tolist(), strict=True))


@pytest.fixture(scope="module")
def schools() -> Schools:
    return Schools()


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


def test_raked_weights_per_cell(schools: Schools, expected: dict[str, Any]) -> None:
    assert schools.by_cell(schools.raking.weights) == pytest.approx(expected["cell_weights"], rel=1e-7)
    assert schools.by_cell(schools.raking.weights) == pytest.approx(expected["cell_weights_calibrate"], rel=1e-7)
    assert schools.raking.weights.sum() == pytest.approx(expected["weight_sum"], rel=1e-12)
    assert kish_design_effect(schools.raking.weights).design_effect == pytest.approx(expected["kish_deff"], rel=1e-7)


def test_estimates_and_their_linearised_standard_errors(schools: Schools, expected: dict[str, Any]) -> None:
    mean = weighted_mean(schools.api00, schools.design)
    total = weighted_total(schools.enroll, schools.design)
    large = weighted_proportion(schools.enroll > 500, schools.design)

    assert mean.value == pytest.approx(expected["mean_api00"], rel=1e-7)
    assert mean.standard_error == pytest.approx(expected["se_rake"], rel=1e-6)
    assert mean.standard_error == pytest.approx(expected["se_calibrate_raking"], rel=1e-6)
    assert total.value == pytest.approx(expected["total_enroll"], rel=1e-7)
    assert total.standard_error == pytest.approx(expected["total_enroll_se_rake"], rel=1e-6)
    assert large.value == pytest.approx(expected["prop_enroll_gt_500"], rel=1e-7)
    assert large.standard_error == pytest.approx(expected["prop_enroll_gt_500_se"], rel=1e-6)
    assert mean.degrees_of_freedom == 14


@pytest.mark.parametrize(
    ("lower", "upper", "strict", "key"),
    [(20, 55, False, "trimmed_once_20_55"), (30, 45, True, "trimmed_strict_30_45")],
)
def test_trimming_once_and_strictly(
    schools: Schools, expected: dict[str, Any], lower: float, upper: float, strict: bool, key: str
) -> None:
    trimmed = trim_weights(schools.raking.weights, lower=lower, upper=upper, strict=strict)

    assert schools.by_cell(trimmed.weights) == pytest.approx(expected[key]["weights"], rel=1e-7)
    assert np.average(schools.api00, weights=trimmed.weights) == pytest.approx(expected[key]["mean_api00"], rel=1e-7)
