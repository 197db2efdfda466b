"""Careless answering against R's careless; completion times by arithmetic of the golden's script."""

import numpy as np
import pytest

from feedback_core.responses.quality.calc import (
    answer_strings,
    completion_speed,
    item_nonresponse_rates,
    mahalanobis_distances,
    response_variability,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s30_careless_responding"
ITEMS = [f"q{item}" for item in range(1, 13)]


def answers() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[float(row[item]) if row[item] else np.nan for item in ITEMS] for row in golden_rows(CASE)])


def from_one(indices: object) -> list[int]:
    return (np.flatnonzero(np.asarray(indices)) + 1).tolist()


def test_runs_and_spread_of_answers() -> None:
    golden = load_golden(CASE)
    expected = golden["expected"]
    strings = answer_strings(answers())
    spread = response_variability(answers())

    assert golden["tolerance"] == {"default_rel": 1e-9, "longstring": "exact"}
    assert strings.longest.tolist() == expected["longstring"]
    assert strings.average.tolist() == pytest.approx(expected["avgstr"], rel=1e-9)
    assert spread == pytest.approx(expected["irv"], rel=1e-9)
    assert from_one(strings.longest == len(ITEMS)) == expected["straightliner_all_equal"]
    assert from_one([value == 0 for value in spread]) == expected["flagged_irv_zero"]


def test_mahalanobis_distances_of_complete_rows() -> None:
    expected = load_golden(CASE)["expected"]
    distances = mahalanobis_distances(answers(), confidence=0.99)
    rows = list(distances.rows)

    assert [row + 1 for row in rows] == expected["complete_row_index"]
    squared = [distances.squared[row] for row in rows]
    assert squared == pytest.approx(expected["mahalanobis_sq_complete_rows"], rel=1e-9)
    assert distances.flagged[rows].tolist() == expected["mahalanobis_flag_99"]
    assert [value for row, value in enumerate(distances.squared) if row not in set(rows)] == [None]


def test_speeders_and_missing_answers() -> None:
    expected = load_golden(CASE)["expected"]
    speed = completion_speed([float(row["seconds"]) for row in golden_rows(CASE)])

    assert speed.median_seconds == expected["median_seconds"]
    assert speed.relative_speed_index == pytest.approx(expected["relative_speed_index"], rel=1e-9)
    assert from_one(speed.below_share_of_median(0.3)) == expected["speeders_below_0.3_median"]
    assert from_one(speed.at_least_times_as_fast(2.0)) == expected["speeders_rsi_ge_2"]
    rates = {item: nonresponse.rate for item, nonresponse in zip(ITEMS, item_nonresponse_rates(answers()), strict=True)}
    assert rates == pytest.approx(expected["item_nonresponse_rate"], rel=1e-9)
