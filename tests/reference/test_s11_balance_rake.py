"""Raking to a target file and standardised differences against Python's balance."""

from statistics import mean, stdev

import numpy as np
import pytest

from feedback_core.bias.calc import mean_difference, share_differences, standardised_difference
from feedback_core.weighting.calc import encode, kish_design_effect, rake, read_margins, weighted_shares
from tests.reference.goldens import golden_rows, load_golden

CASE = "s11_balance_rake"


def test_raking_to_the_target_file() -> None:
    golden = load_golden(CASE)["expected"]
    expected = golden["converged"]
    rows = golden_rows(CASE, "input_sample.csv")
    margins = read_margins(golden["target_margins"])
    columns = [[row[margin.attribute] or "_NA" for row in rows] for margin in margins]
    codes = encode(margins, columns)

    raking = rake(codes, margins, total=margins[0].total)

    cells = ["|".join(names) for names in zip(*columns, strict=True)]
    happiness = [float(row["happiness"]) for row in rows]
    effect = kish_design_effect(raking.weights)
    assert dict(zip(cells, raking.weights.tolist(), strict=True)) == pytest.approx(expected["weight_by_cell"], rel=1e-7)
    assert raking.weights.sum() == pytest.approx(expected["weight_sum"], rel=1e-7)
    assert effect.design_effect == pytest.approx(expected["kish_design_effect"], rel=1e-7)
    assert effect.effective_n == pytest.approx(expected["effective_n"], rel=1e-7)
    assert np.average(happiness, weights=raking.weights) == pytest.approx(expected["mean_happiness"], rel=1e-7)
    for margin, shares in zip(margins, weighted_shares(codes, margins, raking.weights), strict=True):
        assert share_differences(shares.tolist(), margin.shares) == pytest.approx([0] * len(shares), abs=1e-6)


def test_standardised_differences_before_weighting() -> None:
    golden = load_golden(CASE)["expected"]
    expected = golden["unadjusted"]["asmd"]
    sample, target = golden_rows(CASE, "input_sample.csv"), golden_rows(CASE, "input_target.csv")
    found: dict[str, dict[str, float]] = {}
    for attribute, frame in golden["target_margins"].items():
        heard = [row[attribute] or "_NA" for row in sample]
        shares = [heard.count(category) / len(heard) for category in frame]
        differences = share_differences(shares, [n / len(target) for n in frame.values()], frame_size=len(target))
        found[attribute] = dict(zip(frame, differences, strict=True))
    incomes = [float(row["income"]) for row in target]
    income = standardised_difference(mean(float(row["income"]) for row in sample), mean(incomes), stdev(incomes))

    gender, age = found["gender"], found["age_group"]
    listed_ages = [age[category] for category in ("25-34", "35-44", "45+")]
    assert gender == pytest.approx({key: expected[f"gender[{key}]"] for key in gender}, rel=1e-7)
    assert listed_ages == pytest.approx(
        [expected[f"age_group[T.{key}]"] for key in ("25-34", "35-44", "45+")], rel=1e-7
    )
    assert income == pytest.approx(expected["income"], rel=1e-7)
    # balance leaves the first age group out as the reference level.
    assert mean_difference([list(gender.values()), listed_ages, [income]]) == pytest.approx(
        expected["mean(asmd)"], rel=1e-7
    )
