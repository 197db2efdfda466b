"""Raking to a target file and standardised differences against Python's balance."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.bias.calc import mean_difference, share_differences
from feedback_core.weighting.calc import (
    Balance,
    People,
    covariate_balance,
    encode,
    kish_design_effect,
    mean_under_fixed_weights,
    people,
    rake,
    read_margins,
    weight_by_raking,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s11_balance_rake"
# balance rakes in alphabetical order and stops at a relative change of 5e-4: its weights are right to 1e-4 only.
STOPPED_EARLY = 5e-4
# balance 0.23 rakes 1,000 volunteers to gender and age of 10,000 people (golden s11): volunteers and weights per cell.
COUNTS = {
    "Female|18-24": 123, "Female|25-34": 86, "Female|35-44": 50, "Female|45+": 9,
    "Male|18-24": 321, "Male|25-34": 187, "Male|35-44": 95, "Male|45+": 41,
    "_NA|18-24": 47, "_NA|25-34": 27, "_NA|35-44": 11, "_NA|45+": 3,
}  # fmt: skip
FRAME = {
    "gender": {"Female": 4551, "Male": 4551, "_NA": 898},
    "age_group": {"18-24": 1971, "25-34": 2974, "35-44": 2992, "45+": 2063},
}
WEIGHTS = {"Female|18-24": 6.997248668712711, "Male|45+": 30.039347550704218, "_NA|45+": 50.21159606234686}


class Volunteers:
    """The sample, the target file, and the golden's figures."""

    def __init__(self) -> None:
        rows = golden_rows(CASE, "input_sample.csv")
        self.sample, self.target = _people(rows), _people(golden_rows(CASE, "input_target.csv"))
        self.happiness = np.array([float(row["happiness"]) for row in rows])
        self.cells = [f"{row['gender'] or '_NA'}|{row['age_group']}" for row in rows]
        self.expected: dict[str, Any] = load_golden(CASE)["expected"]
        self.margins = read_margins(dict(sorted(self.expected["target_margins"].items())))
        columns = {
            "gender": [row["gender"] or "_NA" for row in rows],
            "age_group": [row["age_group"] for row in rows],
        }
        self.codes = encode(self.margins, [columns[margin.attribute] for margin in self.margins])

    def balance(self, weights: NDArray[np.float64] | None = None) -> Balance:
        # balance leaves the first age group out as the reference level.
        return covariate_balance(self.sample, self.target, weights=weights, without_first_level=["age_group"])

    def weights(self, key: str) -> NDArray[np.float64]:
        if key == "converged":
            return weight_by_raking(self.codes, self.margins).weights
        return rake(self.codes, self.margins, total=self.margins[0].total, tolerance=STOPPED_EARLY).weights


@pytest.fixture(scope="module")
def volunteers() -> Volunteers:
    return Volunteers()


@pytest.mark.parametrize("key", ["converged", "balance_default"])
def test_raking_to_the_target_file(volunteers: Volunteers, key: str) -> None:
    expected = volunteers.expected[key]
    weights = volunteers.weights(key)

    mean = mean_under_fixed_weights(volunteers.happiness, weights)

    effect = kish_design_effect(weights)
    by_cell = dict(zip(volunteers.cells, weights.tolist(), strict=True))
    assert by_cell == pytest.approx(expected["weight_by_cell"], rel=1e-7)
    assert {cell: volunteers.cells.count(cell) for cell in by_cell} == expected["n_by_cell"]
    assert weights.sum() == pytest.approx(expected["weight_sum"], rel=1e-7)
    assert effect.design_effect == pytest.approx(expected["kish_design_effect"], rel=1e-7)
    assert effect.effective_n == pytest.approx(expected["effective_n"], rel=1e-7)
    assert mean.value == pytest.approx(expected["mean_happiness"], rel=1e-7)
    assert mean.standard_error is not None
    assert mean.standard_error**2 == pytest.approx(expected["variance_of_mean_hajek"], rel=1e-7)
    assert mean.interval is not None
    assert [mean.interval.low, mean.interval.high] == pytest.approx(expected["ci_of_mean"], rel=1e-7)
    assert _listed(volunteers.balance(weights)) == pytest.approx(expected["asmd_after"], rel=1e-6, abs=1e-9)


def test_before_weighting(volunteers: Volunteers) -> None:
    unadjusted = volunteers.expected["unadjusted"]
    target = [float(row["happiness"]) for row in golden_rows(CASE, "input_target.csv")]

    assert _listed(volunteers.balance()) == pytest.approx(unadjusted["asmd"], rel=1e-7)
    assert volunteers.happiness.mean() == pytest.approx(unadjusted["mean_happiness"], rel=1e-12)
    assert np.mean(target) == pytest.approx(volunteers.expected["target_mean_happiness"], rel=1e-12)


def test_shares_alone_give_the_same_differences(volunteers: Volunteers) -> None:
    expected = volunteers.expected["unadjusted"]["asmd"]
    found = {}
    for margin in volunteers.margins:
        shares = volunteers.sample.codes[volunteers.sample.attributes.index(margin.attribute)]
        names = volunteers.sample.levels[volunteers.sample.attributes.index(margin.attribute)]
        heard = [float((shares == names.index(category)).mean()) for category in margin.categories]
        size = margin.total
        differences = share_differences(heard, margin.shares, frame_size=size)
        found[margin.attribute] = dict(zip(margin.categories, differences, strict=True))
    gender = found["gender"]
    ages = [found["age_group"][name] for name in ("25-34", "35-44", "45+")]

    assert gender == pytest.approx({name: expected[f"gender[{name}]"] for name in gender}, rel=1e-7)
    assert mean_difference([list(gender.values()), ages, [expected["income"]]]) == pytest.approx(
        expected["mean(asmd)"], rel=1e-7
    )


def test_counted_volunteers_get_the_printed_weights() -> None:
    margins = read_margins(FRAME)
    names = [cell.split("|") for cell in COUNTS]
    codes = encode(margins, [[name[0] for name in names], [name[1] for name in names]])

    weighting = weight_by_raking(codes, margins, counts=list(COUNTS.values()))

    weights = dict(zip(COUNTS, weighting.weights.tolist(), strict=True))
    assert {cell: weights[cell] for cell in WEIGHTS} == pytest.approx(WEIGHTS, rel=1e-7)
    assert weighting.design_effect is not None
    assert weighting.design_effect.design_effect == pytest.approx(2.102756914694185, rel=1e-7)


def _people(rows: list[dict[str, str]]) -> People:
    return people(
        {"gender": [row["gender"] or "_NA" for row in rows], "age_group": [row["age_group"] for row in rows]},
        {"income": [float(row["income"]) for row in rows]},
    )


def _listed(balance: Balance) -> dict[str, float]:
    """Absolute differences under balance's names."""
    named = {"gender": "gender[{}]", "age_group": "age_group[T.{}]", "income": "income"}
    found = {named[one.attribute].format(one.level): abs(one.difference) for one in balance.levels}
    return {**found, "mean(asmd)": balance.mean_absolute}
