"""Kish design effect and effective n against PracTools and anesrake."""

import pytest

from feedback_core.weighting.calc import design_effect_by_group, kish_design_effect
from tests.reference.goldens import golden_rows, load_golden

CASE = "s10_kish_deff"


def test_design_effect_overall() -> None:
    expected = load_golden(CASE)["expected"]

    effect = kish_design_effect([float(row["weight"]) for row in golden_rows(CASE)])

    assert effect.n == expected["n"]
    assert effect.design_effect == pytest.approx(expected["deff_kish"], rel=1e-12)
    assert effect.design_effect == pytest.approx(expected["deff_anesrake"], rel=1e-12)
    assert effect.effective_n == pytest.approx(expected["n_eff"], rel=1e-12)


def test_design_effect_by_group() -> None:
    expected = load_golden(CASE)["expected"]["by_group"]
    rows = golden_rows(CASE)

    groups = design_effect_by_group([float(row["weight"]) for row in rows], [row["group"] for row in rows])

    assert [group.group for group in groups] == sorted(expected)
    for group in groups:
        figures = expected[group.group]
        assert group.effect.n == figures["n"]
        assert group.effect.design_effect == pytest.approx(figures["deff"], rel=1e-12)
        assert group.effect.effective_n == pytest.approx(figures["n_eff"], rel=1e-12)
