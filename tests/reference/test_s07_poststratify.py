"""Post-stratification and its standard errors against R's survey package."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from feedback_core.weighting.calc import (
    Design,
    encode,
    post_stratify,
    read_margins,
    weighted_mean,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s07_poststratify"


class Schools:
    """The cluster sample of 183 schools, post-stratified to school type."""

    def __init__(self) -> None:
        rows = golden_rows(CASE)
        frame = {row["stype"]: float(row["Freq"]) for row in golden_rows(CASE, "input_margins.csv")}
        margins = read_margins({"stype": frame})
        self.types = margins[0].categories
        self.codes = encode(margins, [[row["stype"] for row in rows]])[0]
        self.columns = {key: np.array([float(row[key]) for row in rows]) for key in ("api99", "api00", "enroll", "pw")}
        self.whole_school = np.array([row["sch.wide"] == "Yes" for row in rows])
        self.weighting = post_stratify(self.codes, margins[0], base=self.columns["pw"])
        self.before = Design(
            self.columns["pw"],
            clusters=np.array([int(row["dnum"]) for row in rows]),
            population=np.array([float(row["fpc"]) for row in rows]),
        )
        self.after = replace(self.before, weights=self.weighting.weights, calibration=self.weighting.calibration)


@pytest.fixture(scope="module")
def schools() -> Schools:
    return Schools()


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


def test_weights_by_school_type(schools: Schools, expected: dict[str, Any]) -> None:
    weights = schools.weighting.weights
    first = {name: weights[schools.codes == code][0] for code, name in enumerate(schools.types)}

    assert first == pytest.approx(expected["weights_by_stype"], rel=1e-9)
    assert weights.sum() == pytest.approx(expected["weight_sum"], rel=1e-12)


def test_estimates_before_and_after(schools: Schools, expected: dict[str, Any]) -> None:
    columns, after = schools.columns, schools.after
    figures = {
        ("mean_before", "se_before"): weighted_mean(columns["api00"], schools.before),
        ("mean_api00", "se"): weighted_mean(columns["api00"], after),
        ("total_enroll_before", "total_enroll_before_se"): weighted_total(columns["enroll"], schools.before),
        ("total_enroll", "total_enroll_se"): weighted_total(columns["enroll"], after),
        ("ratio", "ratio_se"): weighted_ratio(columns["api00"], columns["api99"], after),
        ("prop_schwide_yes", "prop_schwide_yes_se"): weighted_proportion(schools.whole_school, after),
    }
    for (value, error), figure in figures.items():
        assert figure.value == pytest.approx(expected[value], rel=1e-9)
        assert figure.standard_error == pytest.approx(expected[error], rel=1e-9)


def test_domains(schools: Schools, expected: dict[str, Any]) -> None:
    for name, inside in (("Yes", schools.whole_school), ("No", ~schools.whole_school)):
        mean = weighted_ratio(schools.columns["api00"] * inside, inside, schools.after)

        assert mean.value == pytest.approx(expected["domain_schwide"][name]["mean"], rel=1e-9)
        assert mean.standard_error == pytest.approx(expected["domain_schwide"][name]["se"], rel=1e-9)


def test_what_is_known_of_the_frame_has_no_error(schools: Schools, expected: dict[str, Any]) -> None:
    errors = [weighted_total(schools.codes == code, schools.after).standard_error for code in range(3)]

    assert errors == pytest.approx(expected["total_stype_se"], abs=1e-6)


def test_weights_taken_as_fixed_lose_the_gain(schools: Schools, expected: dict[str, Any]) -> None:
    naive = weighted_mean(schools.columns["api00"], replace(schools.after, calibration=None))

    assert naive.standard_error == pytest.approx(expected["naive_se_if_weights_treated_as_design"], rel=1e-9)


def test_counted_schools_get_the_printed_weights() -> None:
    # R survey 4.1-1, postStratify() on apiclus1 to school type: 144 elementary, 14 high and 25 middle schools sampled.
    frame = read_margins({"stype": {"E": 4421, "H": 755, "M": 1018}})[0]

    weighting = post_stratify(np.arange(3), frame, counts=[144, 14, 25], base=np.full(3, 33.846996307373))

    assert weighting.weights == pytest.approx([30.7013888888889, 53.9285714285714, 40.72], rel=1e-12)
