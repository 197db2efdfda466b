"""Every estimator of the panel whose truth is known: weights, estimates and standard errors against R."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.weighting.calc import (
    Calibration,
    Design,
    People,
    calibrate,
    covariance_of_totals,
    covariate_balance,
    difference_of_means,
    encode,
    kish_design_effect,
    people,
    post_stratify,
    read_margins,
    weight_by_raking,
    weight_by_response,
    weighted_mean,
    weighted_ratio,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s35_panel_known_bias"
ATTRIBUTES = ("segment", "region", "tenure", "channel")
Row = dict[str, str]


@dataclass
class Panel:
    """Frame, invited, respondents and their scores."""

    frame: list[Row]
    invited: list[Row]

    def __post_init__(self) -> None:
        self.respondents = [row for row in self.invited if row["responded"] == "1"]
        self.margins = read_margins({a: dict(Counter(row[a] for row in self.frame)) for a in ATTRIBUTES})
        self.codes = encode(self.margins, [[row[a] for row in self.respondents] for a in ATTRIBUTES])
        self.base = np.array([float(row["design_weight"]) for row in self.respondents])
        self.month = np.array([int(row["month"]) for row in self.respondents])
        score = np.array([int(row["score"]) for row in self.respondents])
        self.scores = {
            "nps": 100.0 * ((score >= 9).astype(float) - (score <= 6)),
            "mean": score.astype(float),
            "csat_top2": np.array([float(int(row["csat"]) >= 4) for row in self.respondents]),
        }

    def who(self, rows: list[Row], weights: NDArray[np.float64] | None = None) -> People:
        return people({a: [row[a] for row in rows] for a in ATTRIBUTES}, weights=weights)

    def propensity_weights(self) -> NDArray[np.float64]:
        design = np.array([float(row["design_weight"]) for row in self.invited])
        responded = np.array([row["responded"] == "1" for row in self.invited])
        return weight_by_response(self.who(self.invited, design), responded).weights

    def design(self, estimator: str) -> Design:
        """Weights and design of an estimator by its name in the golden."""
        if estimator == "naive":
            return Design(np.full(self.base.size, len(self.frame) / self.base.size))
        if estimator == "raked_from_equal":
            weighting = weight_by_raking(self.codes, self.margins)
            return Design(weighting.weights, calibration=weighting.calibration)
        weights, calibration = {
            "design_weighted": lambda: (self.base, None),
            "poststrat_segment_tenure": self.post_stratified,
            "raked_from_design": self.raked,
            "propensity_1_over_p": lambda: (self.propensity_weights(), None),
            "propensity_calibrated": self.propensity_calibrated,
        }[estimator]()
        return Design(weights, strata=self.codes[0], calibration=calibration)

    def post_stratified(self) -> tuple[NDArray[np.float64], Calibration | None]:
        cells = read_margins({"cell": dict(Counter(f"{r['segment']} {r['tenure']}" for r in self.frame))})
        codes = encode(cells, [[f"{r['segment']} {r['tenure']}" for r in self.respondents]])
        weighting = post_stratify(codes[0], cells[0], base=self.base)
        return weighting.weights, weighting.calibration

    def raked(self) -> tuple[NDArray[np.float64], Calibration | None]:
        # rake() of R's survey takes its residuals from a regression without weights.
        unweighted = Calibration(self.codes, np.ones(self.base.size))
        return weight_by_raking(self.codes, self.margins, base=self.base).weights, unweighted

    def propensity_calibrated(self) -> tuple[NDArray[np.float64], Calibration | None]:
        weighting = calibrate(self.codes, self.margins, base=self.propensity_weights(), distance="raking")
        return weighting.weights, weighting.calibration


@pytest.fixture(scope="module")
def panel() -> Panel:
    return Panel(golden_rows(CASE, "input_frame.csv"), golden_rows(CASE, "input_invites.csv"))


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


@pytest.mark.parametrize(
    "estimator",
    [
        "naive",
        "design_weighted",
        "poststrat_segment_tenure",
        "raked_from_equal",
        "raked_from_design",
        "propensity_1_over_p",
        "propensity_calibrated",
    ],
)
def test_an_estimator(panel: Panel, expected: dict[str, Any], estimator: str) -> None:
    figures = expected[estimator]
    design = panel.design(estimator)
    nps, mean, top2 = (weighted_mean(panel.scores[key], design) for key in ("nps", "mean", "csat_top2"))
    effect = kish_design_effect(design.weights)
    interval = nps.interval()

    values = {
        "nps": nps.value,
        "mean_score": mean.value,
        "csat_top2": top2.value,
        "kish_deff": effect.design_effect,
        "effective_n": effect.effective_n,
        "weight_sum": design.weights.sum(),
        "weight_min": design.weights.min(),
        "weight_max": design.weights.max(),
    }
    errors = {"nps_se": nps.standard_error, "mean_se": mean.standard_error, "csat_top2_se": top2.standard_error}
    assert values == pytest.approx({key: figures[key] for key in values}, rel=1e-6)
    assert errors == pytest.approx({key: figures[key] for key in errors}, rel=1e-5)
    assert [interval.low, interval.high] == pytest.approx(figures["nps_ci"], rel=1e-5)
    assert nps.value - expected["truth"]["nps"] == pytest.approx(figures["nps_error_vs_truth"], abs=1e-5)


def test_response_and_truth(panel: Panel, expected: dict[str, Any]) -> None:
    n, invited = len(panel.respondents), len(panel.invited)
    errors = {key: abs(expected[key]["nps_error_vs_truth"]) for key in ("naive", "raked_from_design")}

    assert (invited, n) == (expected["n_invited"], expected["n_responded"])
    assert n / invited == pytest.approx(expected["response_rate"], rel=1e-12)
    assert errors["raked_from_design"] < 0.1 < errors["naive"]


def test_standardised_differences(panel: Panel, expected: dict[str, Any]) -> None:
    frame, sample = panel.who(panel.frame), panel.who(panel.respondents)
    raked = panel.design("raked_from_design").weights

    before, after = covariate_balance(sample, frame), covariate_balance(sample, frame, weights=raked)

    assert {f"{one.attribute}{one.level}": one.difference for one in before.levels} == pytest.approx(
        expected["smd_naive"], rel=1e-6
    )
    assert {f"{one.attribute}{one.level}": one.difference for one in after.levels} == pytest.approx(
        expected["smd_raked"], abs=1e-8
    )


def test_nps_by_segment(panel: Panel, expected: dict[str, Any]) -> None:
    design = panel.design("raked_from_design")
    for code, segment in enumerate(panel.margins[0].categories):
        inside = panel.codes[0] == code
        nps = weighted_ratio(panel.scores["nps"] * inside, inside, design)

        assert nps.value == pytest.approx(expected["segment_nps_raked"][segment]["nps"], rel=1e-6)
        assert nps.standard_error == pytest.approx(expected["segment_nps_raked"][segment]["se"], rel=1e-5)


def test_nps_by_month(panel: Panel, expected: dict[str, Any]) -> None:
    months = range(1, 25)
    for estimator, key in (("naive", "monthly_nps_naive"), ("raked_from_design", "monthly_nps_raked")):
        design = panel.design(estimator)
        inside = [(panel.month == month).astype(float) for month in months]
        monthly = [weighted_ratio(panel.scores["nps"] * mask, mask, design).value for mask in inside]
        assert monthly == pytest.approx(expected[key], rel=1e-6, abs=1e-9)
    assert [int((panel.month == month).sum()) for month in months] == expected["monthly_n"]


def test_before_and_after_the_change(panel: Panel, expected: dict[str, Any]) -> None:
    design = panel.design("raked_from_design")

    change = difference_of_means(panel.scores["nps"], panel.month < 15, panel.month >= 15, design)

    figures = expected["before_after_month15_svyglm"]
    assert change.value == pytest.approx(figures["diff"], rel=1e-6)
    assert change.standard_error == pytest.approx(figures["se"], rel=1e-5)


def test_calibrating_by_the_raking_distance_is_raking(panel: Panel) -> None:
    base = panel.propensity_weights()
    calibrated = calibrate(panel.codes, panel.margins, base=base, distance="raking")
    raked = weight_by_raking(panel.codes, panel.margins, base=base)
    scores = panel.scores["nps"][:, None]
    errors = [
        covariance_of_totals(scores, Design(weighting.weights, calibration=weighting.calibration))
        for weighting in (calibrated, raked)
    ]

    assert calibrated.weights == pytest.approx(raked.weights, rel=1e-9)
    assert errors[0] == pytest.approx(errors[1], rel=1e-9)
