"""A cluster sample: errors between districts, design effects, ratio and domains against R's survey package."""

from typing import Any

import numpy as np
import pytest

from feedback_core.weighting.calc import (
    Design,
    mean_design_effect,
    total_design_effect,
    weighted_mean,
    weighted_means,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s05_svy_cluster"
DESIGNS = ("cluster_fpc", "cluster")
VARIABLES = ("api00", "enroll", "meals")


def figure(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-15)


class Schools:
    """The 183 schools of apiclus1, in 15 of 757 districts."""

    def __init__(self) -> None:
        rows = golden_rows(CASE)
        self.of = {name: np.array([float(row[name]) for row in rows]) for name in (*VARIABLES, "api99")}
        self.stype = np.array([row["stype"] for row in rows])
        self.schwide = np.array([row["sch.wide"] for row in rows])
        weights = np.array([float(row["pw"]) for row in rows])
        clusters = np.array([int(row["dnum"]) for row in rows])
        population = np.array([float(row["fpc"]) for row in rows])
        self.designs = {
            "cluster_fpc": Design(weights, clusters=clusters, population=population),
            "cluster": Design(weights, clusters=clusters),
        }


@pytest.fixture(scope="module")
def schools() -> Schools:
    return Schools()


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    assert tuple(figures) == DESIGNS
    return figures


@pytest.mark.parametrize("name", DESIGNS)
def test_means_with_their_covariance_and_design_effects(schools: Schools, golden: dict[str, Any], name: str) -> None:
    expected, design = golden[name], schools.designs[name]
    means = weighted_means(np.column_stack([schools.of[key] for key in VARIABLES]), design)
    by_name = dict(zip(VARIABLES, means.figures, strict=True))
    limits = [(interval.low, interval.high) for interval in (mean.interval() for mean in means.figures)]

    assert {mean.degrees_of_freedom for mean in means.figures} == {expected["df"]}
    assert {key: mean.value for key, mean in by_name.items()} == figure(expected["mean"])
    assert {key: mean.standard_error for key, mean in by_name.items()} == figure(expected["se"])
    for row, expected_row in zip(means.covariance, expected["cov_mean"], strict=True):
        assert row == figure(expected_row)
    for each, expected_limits in zip(limits, expected["mean_ci_t"].values(), strict=True):
        assert each == figure(expected_limits)
    assert {key: mean_design_effect(schools.of[key], design) for key in VARIABLES} == figure(expected["deff"])
    with_replacement = {key: mean_design_effect(schools.of[key], design, replace=True) for key in VARIABLES}
    assert with_replacement == figure(expected["deff_replace"])


@pytest.mark.parametrize("name", DESIGNS)
def test_total_ratio_shares_and_domains(schools: Schools, golden: dict[str, Any], name: str) -> None:
    expected, design = golden[name], schools.designs[name]
    total = weighted_total(schools.of["enroll"], design)
    ratio = weighted_ratio(schools.of["api00"], schools.of["api99"], design)
    schwide = weighted_proportion(schools.schwide == "Yes", design)
    types = {f"factor(stype){level}": schools.stype == level for level in "EHM"}
    shares = {key: weighted_proportion(holds, design) for key, holds in types.items()}

    assert total.value == figure(expected["total_enroll"])
    assert total.standard_error == figure(expected["total_enroll_se"])
    assert total_design_effect(schools.of["enroll"], design) == figure(expected["total_deff"])
    assert (ratio.value, ratio.standard_error) == figure([expected["ratio"], expected["ratio_se"]])
    assert {key: share.value for key, share in shares.items()} == figure(expected["prop_stype"])
    assert {key: share.standard_error for key, share in shares.items()} == figure(expected["prop_stype_se"])
    effects = {key: mean_design_effect(holds, design) for key, holds in types.items()}
    assert effects == figure(expected["prop_stype_deff"])
    assert schwide.value == figure(expected["prop_schwide_yes"])
    assert schwide.standard_error == figure(expected["prop_schwide_yes_se"])
    for level, domain in expected["domain"].items():
        mean = weighted_mean(schools.of["api00"], design.within(schools.stype == level))
        assert {"mean": mean.value, "se": mean.standard_error} == figure(domain)
