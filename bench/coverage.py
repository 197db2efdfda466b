"""How often 95 % intervals of the weighted NPS cover the truth: samples drawn anew from the panel of golden s35.

``python -m bench.coverage`` takes the frame of the panel, gives everyone a score by its recorded mechanism once, and
then invites and hears people again and again by the same mechanism. It takes under a minute, is the same every time,
and ends with an error when intervals that should cover do not.
"""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from feedback_core.weighting.calc import (
    Calibration,
    Design,
    Linearised,
    Margin,
    People,
    calibrate,
    post_stratify,
    weight_by_raking,
    weight_by_response,
    weighted_mean,
)

RESULTS = Path(__file__).parent / "coverage.json"
SEED = 3535
REPETITIONS = 500
LEVEL = 0.95
# 93 to 97 %: what 500 repetitions leave of 95 %, at two Monte Carlo standard errors.
NEAR = (0.93, 0.97)
# The mechanism as script.R of the golden records it: shifts of the latent score and of the log-odds to respond.
SCORE = {
    "segment": {"consumer": 0.0, "small_business": -0.5, "enterprise": -1.0},
    "region": {"North": 0.1, "Midlands": 0.0, "South": -0.2, "Scotland": 0.3},
    "tenure": {"0-1y": -0.6, "1-3y": 0.0, "3y+": 0.5},
    "channel": {"app": 0.3, "email": 0.0, "phone": -0.9, "store": 0.2},
}
RESPONSE = {
    "segment": {"consumer": 0.0, "small_business": 0.15, "enterprise": 0.5},
    "region": {"North": 0.0, "Midlands": 0.0, "South": -0.15, "Scotland": 0.2},
    "tenure": {"0-1y": -0.5, "1-3y": 0.0, "3y+": 0.55},
    "channel": {"app": 0.6, "email": 0.1, "phone": -0.5, "store": -0.2},
}
INVITED = {"consumer": 5200, "small_business": 3000, "enterprise": 1000}


@dataclass(frozen=True, slots=True)
class Panel:
    """The frame, everyone's NPS score (-100, 0, 100), their propensity to respond, and the margins."""

    codes: NDArray[np.int64]
    nps: NDArray[np.float64]
    propensity: NDArray[np.float64]
    margins: tuple[Margin, ...]


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """One drawing: who was invited, with what weight, and which of them responded."""

    invited: NDArray[np.int64]
    weight: NDArray[np.float64]
    responded: NDArray[np.bool_]


Estimator = Callable[[Panel, Fieldwork], Linearised]


def draw_panel(frame: pl.DataFrame, rng: np.random.Generator) -> Panel:
    """Scores for everyone of the ``frame`` by the mechanism."""
    codes, margins, latent, log_odds = [], [], np.full(frame.height, 7.6), np.full(frame.height, -1.5)
    for attribute, shifts in SCORE.items():
        names = tuple(shifts)
        code = np.array([names.index(name) for name in frame[attribute]])
        codes.append(code)
        latent += np.array(list(shifts.values()))[code]
        log_odds += np.array([RESPONSE[attribute][name] for name in names])[code]
        counts = np.bincount(code, minlength=len(names))
        margins.append(Margin(attribute, names, tuple((counts / frame.height).tolist()), float(frame.height)))
    latent += 0.35 * (frame["month"].to_numpy() >= 15)
    score = np.clip(np.round(rng.normal(latent, 2.1)), 0, 10)
    nps = 100.0 * ((score >= 9).astype(float) - (score <= 6))
    return Panel(np.array(codes), nps, expit(log_odds), tuple(margins))


def draw_fieldwork(panel: Panel, rng: np.random.Generator) -> Fieldwork:
    """Invitations by segment, and who responds."""
    drawn, weights = [], []
    for code, segment in enumerate(panel.margins[0].categories):
        inside = np.flatnonzero(panel.codes[0] == code)
        drawn.append(rng.choice(inside, INVITED[segment], replace=False))
        weights.append(np.full(INVITED[segment], inside.size / INVITED[segment]))
    invited = np.concatenate(drawn)
    return Fieldwork(invited, np.concatenate(weights), rng.random(invited.size) < panel.propensity[invited])


def naive(panel: Panel, field: Fieldwork) -> Linearised:
    """Unweighted."""
    heard = field.invited[field.responded]
    return weighted_mean(panel.nps[heard], Design(np.ones(heard.size)))


def post_stratified(panel: Panel, field: Fieldwork) -> Linearised:
    """By segment and tenure, from design weights."""
    heard, base = field.invited[field.responded], field.weight[field.responded]
    joint = panel.codes[0] * 3 + panel.codes[2]
    cells = Margin("cell", tuple(map(str, range(9))), tuple((np.bincount(joint) / joint.size).tolist()), joint.size)
    weighting = post_stratify(joint[heard], cells, base=base)
    return _mean(panel, heard, weighting.weights, weighting.calibration)


def raked(panel: Panel, field: Fieldwork) -> Linearised:
    """To all four margins, from design weights."""
    heard, base = field.invited[field.responded], field.weight[field.responded]
    weighting = weight_by_raking(panel.codes[:, heard], panel.margins, base=base)
    return _mean(panel, heard, weighting.weights, weighting.calibration)


def propensity(panel: Panel, field: Fieldwork) -> Linearised:
    """Design weight over the fitted propensity."""
    return _mean(panel, field.invited[field.responded], _by_response(panel, field), None)


def propensity_calibrated(panel: Panel, field: Fieldwork) -> Linearised:
    """The same, calibrated to the margins by the raking distance."""
    heard = field.invited[field.responded]
    base = _by_response(panel, field)
    weighting = calibrate(panel.codes[:, heard], panel.margins, base=base, distance="raking")
    return _mean(panel, heard, weighting.weights, weighting.calibration)


def _by_response(panel: Panel, field: Fieldwork) -> NDArray[np.float64]:
    who = People(
        attributes=tuple(margin.attribute for margin in panel.margins),
        levels=tuple(margin.categories for margin in panel.margins),
        codes=panel.codes[:, field.invited],
        measures=(),
        numbers=np.zeros((0, field.invited.size)),
        weights=field.weight,
        counts=np.ones(field.invited.size),
    )
    return weight_by_response(who, field.responded).weights


def _mean(
    panel: Panel, heard: NDArray[np.int64], weights: NDArray[np.float64], calibration: Calibration | None
) -> Linearised:
    return weighted_mean(panel.nps[heard], Design(weights, strata=panel.codes[0][heard], calibration=calibration))


ESTIMATORS: dict[str, Estimator] = {
    "naive": naive,
    "poststratified_segment_tenure": post_stratified,
    "raked": raked,
    "propensity": propensity,
    "propensity_calibrated": propensity_calibrated,
}
# The others leave out something that both answers and response depend on: their intervals cannot cover.
HELD = ("raked", "propensity", "propensity_calibrated")


def coverage(frame: pl.DataFrame, repetitions: int) -> dict[str, Any]:
    """Share of intervals that cover the panel's NPS, bias and errors, by estimator."""
    rng = np.random.default_rng(SEED)
    panel = draw_panel(frame, rng)
    truth = float(panel.nps.mean())
    drawn = [draw_fieldwork(panel, rng) for _ in range(repetitions)]
    found: dict[str, object] = {}
    for name, estimator in ESTIMATORS.items():
        figures = [estimator(panel, field) for field in drawn]
        limits = [figure.interval(LEVEL) for figure in figures]
        values = np.array([figure.value for figure in figures])
        covered = float(np.mean([one.low <= truth <= one.high for one in limits]))
        found[name] = {
            "coverage": covered,
            "near_nominal": (NEAR[0] <= covered <= NEAR[1]) if name in HELD else None,
            "bias": float(values.mean()) - truth,
            "standard_deviation": float(values.std(ddof=1)),
            "mean_standard_error": float(np.mean([figure.standard_error for figure in figures])),
        }
    return {"seed": SEED, "repetitions": repetitions, "level": LEVEL, "truth": truth, "estimators": found}


def main() -> None:
    """Simulate, print and keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS, help="fewer are not kept")
    repetitions = parser.parse_args().repetitions
    shared = Path(os.environ.get("FEEDBACK_SHARED_DIR") or Path(__file__).resolve().parents[2] / "shared")
    result = coverage(pl.read_csv(shared / "goldens/s35_panel_known_bias/input_frame.csv"), repetitions)
    text = json.dumps(result, indent=2) + "\n"
    print(text)
    if repetitions == REPETITIONS:
        RESULTS.write_text(text)
        if not all(result["estimators"][name]["near_nominal"] for name in HELD):
            parser.exit(1, "The intervals of a weighted NPS do not cover as they should.\n")


if __name__ == "__main__":
    main()
