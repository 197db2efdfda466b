"""A stratified sample: means, totals, ratio, shares, variance, domains and design effects against R's survey."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.weighting.calc import (
    Design,
    Linearised,
    mean_design_effect,
    total_design_effect,
    weighted_mean,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
    weighted_variance,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s04_svy_stratified"
DESIGNS = ("stratified_fpc", "stratified", "weights_only")


def figure(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-15)


class Schools:
    """The 200 schools of apistrat, stratified by type."""

    def __init__(self) -> None:
        rows = sorted(golden_rows(CASE), key=lambda row: int(row["snum"]))
        self.api00 = np.array([float(row["api00"]) for row in rows])
        self.api99 = np.array([float(row["api99"]) for row in rows])
        self.enroll = np.array([float(row["enroll"] or "nan") for row in rows])
        self.stype = np.array([row["stype"] for row in rows])
        self.schwide = np.array([row["sch.wide"] for row in rows])
        weights = np.array([float(row["pw"]) for row in rows])
        strata = np.unique(self.stype, return_inverse=True)[1]
        population = np.array([float(row["fpc"]) for row in rows])
        self.designs = {
            "stratified_fpc": Design(weights, strata=strata, population=population),
            "stratified": Design(weights, strata=strata),
            "weights_only": Design(weights),
        }


@pytest.fixture(scope="module")
def schools() -> Schools:
    return Schools()


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    assert tuple(figures) == DESIGNS
    return figures


def limits(figure: Linearised, quantile: Any) -> tuple[float, float]:
    interval = figure.interval(0.95, quantile=quantile)
    return interval.low, interval.high


@pytest.mark.parametrize("name", DESIGNS)
def test_means_totals_ratio_and_their_design_effects(schools: Schools, golden: dict[str, Any], name: str) -> None:
    expected, design = golden[name], schools.designs[name]
    answered = design.within(np.isfinite(schools.enroll))
    mean, enroll = weighted_mean(schools.api00, design), weighted_mean(schools.enroll, answered)
    total = weighted_total(schools.enroll, answered)
    ratio = weighted_ratio(schools.api00, schools.api99, design)

    assert mean.degrees_of_freedom == expected["df"]
    assert {"api00": mean.value, "enroll": enroll.value} == figure(expected["mean"])
    assert {"api00": mean.standard_error, "enroll": enroll.standard_error} == figure(expected["se"])
    effects = {
        "api00": mean_design_effect(schools.api00, design),
        "enroll": mean_design_effect(schools.enroll, answered),
    }
    assert effects == figure(expected["deff"])
    assert total.value == figure(expected["total_enroll"])
    assert total.standard_error == figure(expected["total_enroll_se"])
    assert total_design_effect(schools.enroll, answered) == figure(expected["total_enroll_deff"])
    assert ratio.value == figure(expected["ratio_api00_api99"])
    assert ratio.standard_error == figure(expected["ratio_se"])
    assert limits(mean, "t") == figure(expected["mean_api00_ci_t"])
    assert limits(mean, "z") == figure(expected["mean_api00_ci_z"])


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_variance_and_domains(schools: Schools, golden: dict[str, Any], name: str) -> None:
    expected, design = golden[name], schools.designs[name]
    variance = weighted_variance(schools.api00, design)
    schwide = weighted_proportion(schools.schwide == "Yes", design)
    types = {f"factor(stype){t}": weighted_proportion(schools.stype == t, design) for t in "EHM"}

    assert {key: share.value for key, share in types.items()} == figure(expected["prop_stype"])
    assert {key: share.standard_error for key, share in types.items()} == figure(expected["prop_stype_se"])
    assert schwide.value == figure(expected["prop_schwide_yes"])
    assert schwide.standard_error == figure(expected["prop_schwide_yes_se"])
    assert variance.value == figure(expected["variance_api00"])
    assert variance.standard_error == figure(expected["variance_api00_se"])
    for key, attribute in (("domain_stype", schools.stype), ("domain_schwide", schools.schwide)):
        assert {str(level) for level in np.unique(attribute)} == set(expected[key])
        for level, domain in expected[key].items():
            inside: NDArray[np.bool_] = attribute == level
            mean = weighted_mean(schools.api00, design.within(inside))
            assert {"mean": mean.value, "se": mean.standard_error} == figure(domain)
            assert mean.n == int(inside.sum())
