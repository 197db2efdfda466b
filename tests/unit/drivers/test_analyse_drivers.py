"""The whole analysis of drivers: what it finds, which model it falls back on, and what it says."""

from dataclasses import replace

import numpy as np
import pytest

from feedback_core.drivers.calc import AnswerPatterns, DriversQuestion, analyse_drivers, model_outcome, numeric_driver
from feedback_core.drivers.types import DriverQuestion, DriversResult, OutcomeModel, Performance, Quadrant
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from tests.unit.drivers.builders import answers, grouped, weighted


def asked(*names: str) -> DriversQuestion:
    outcome = DriverQuestion("overall", None, 0, 2)
    return DriversQuestion(outcome, 2, [DriverQuestion(name, f"feature of {name}", 1, 5) for name in names])


def performing(value: float) -> Performance:
    return Performance(value, Interval(value - 1, value + 1, 0.95, "t"))


def analysed(rows: AnswerPatterns, performances: dict[str, Performance] | None = None) -> DriversResult:
    names = [driver.name for driver in rows.drivers]
    return analyse_drivers(grouped(rows), asked(*names), performances or {}, rng=np.random.default_rng(1))


def test_the_strongest_driver_leads_and_the_sentence_names_it() -> None:
    found = analysed(answers(2000, slopes=(0.2, 1.2)), {"d0": performing(80), "d1": performing(40)})

    assert [finding.driver.name for finding in found.drivers] == ["d1", "d0"]
    assert [finding.rank for finding in found.drivers] == [1, 2]
    assert [finding.quadrant for finding in found.drivers] == [Quadrant.CONCENTRATE_HERE, Quadrant.POSSIBLE_OVERKILL]
    assert "d1 matters most" in found.sentence
    assert "Important and below the others in performance: d1." in found.sentence
    assert found.warnings == ()
    assert len(found.cannot_tell) > 2


def test_effects_are_those_of_the_model_and_shares_sum_to_one() -> None:
    found = analysed(answers(2000))

    assert found.model is not None
    assert found.model.model is OutcomeModel.PROPORTIONAL_ODDS
    assert "proportional odds" in found.model.sentence
    assert sum(finding.share for finding in found.drivers) == pytest.approx(1)
    assert sum(finding.contribution for finding in found.drivers) == pytest.approx(found.r_squared)
    first = found.drivers[0]
    assert first.effect is not None
    assert first.effect.odds_ratio == pytest.approx(np.exp(1.0), rel=0.2)
    assert [test.driver for test in found.model.driver_tests] == ["d0", "d1"]


def test_where_odds_are_not_proportional_the_top_boxes_are_modelled_and_it_says_so() -> None:
    rng = np.random.default_rng(3)
    rating = rng.integers(1, 6, 3000).astype(float)
    leaves = rng.random(3000) < 1 / (1 + np.exp(-(rating - 3)))
    outcome = np.where(leaves, 1.0 + (rng.random(3000) < 0.5), 0.0)

    found = analysed(AnswerPatterns(outcome, (numeric_driver("wait", rating),), np.ones(3000)))

    assert found.model is not None
    assert (found.model.model, found.model.top) == (OutcomeModel.TOP_BOX, 2)
    assert "The effect of wait is not the same all along the scale" in found.model.sentence
    assert found.model.proportional_odds_tests[0].p_value < 1e-8
    assert found.model.pseudo_r_squared > 0


def test_two_answers_need_no_test_of_proportional_odds() -> None:
    rows = answers(500)

    model = model_outcome(replace(rows, outcome=np.minimum(rows.outcome, 1)), top=1).finding

    assert (model.model, model.proportional_odds_tests) == (OutcomeModel.PROPORTIONAL_ODDS, ())
    assert "could not be tested" in model.sentence


def test_equal_drivers_are_not_told_apart() -> None:
    found = analysed(answers(300, slopes=(0.5, 0.5)))

    assert {finding.rank for finding in found.drivers} == {1}
    assert "none of them is clearly more important" in found.sentence


def test_few_answers_overlap_and_wrong_signs_are_told() -> None:
    rows = answers(100, slopes=(1.0, -1.0))
    noisy = rows.columns[:, 0] + np.random.default_rng(1).normal(0, 0.1, 100)
    found = analysed(replace(rows, drivers=(*rows.drivers, numeric_driver("twin", noisy))))

    assert any("effective answers are few for 3 drivers" in warning for warning in found.warnings)
    assert any("twin is almost a combination" in warning for warning in found.warnings)
    assert "Higher answers to d1 go with lower ones to overall" in found.sentence


def test_a_model_without_estimate_leaves_the_rest_standing() -> None:
    rows = answers(300, slopes=(1.0, 0.1))
    split = replace(rows, outcome=np.where(rows.columns[:, 0] > 3, 2.0, rows.outcome.clip(max=1)))

    found = analysed(split)

    assert found.model is None
    assert any("separates" in warning for warning in found.warnings)
    assert {finding.effect for finding in found.drivers} == {None}
    assert found.drivers[0].rank == 1


def test_without_chance_there_are_no_intervals_and_it_says_so() -> None:
    rows = answers(300)

    found = analyse_drivers(rows, asked("d0", "d1"), {}, rng=None)

    assert found.resamples == 0
    assert {(f.rank, f.share_interval, f.quadrant) for f in found.drivers} == {(None, None, None)}
    assert any("No intervals were asked for" in warning for warning in found.warnings)
    assert (found.importance_line, found.performance_line) == (None, None)


def test_weights_reach_every_figure() -> None:
    rows = answers(500)

    plain, heavy = analysed(rows), analysed(weighted(rows))

    assert heavy.n == plain.n
    assert heavy.n_effective < plain.n_effective
    assert heavy.r_squared != plain.r_squared
    assert heavy.model is not None
    assert {test.method for test in heavy.model.driver_tests} == {"wald"}


def test_drivers_that_explain_nothing_are_refused() -> None:
    square = AnswerPatterns(np.array([1.0, 1, 2, 2]), (numeric_driver("a", [1, 2, 1, 2]),), np.full(4, 50.0))

    with pytest.raises(NotEstimable, match="explain nothing"):
        analyse_drivers(square, asked("a"), {}, rng=None)
