"""Weighted figures from counted cells: the same as from the respondents one by one, under every kind of scheme."""

from collections.abc import Mapping
from uuid import uuid4

import numpy as np
import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc.scores import scores_of
from feedback_core.kpis.calc.weighted import (
    Inside,
    compare_in_sample,
    compare_samples,
    how_weighted,
    weight_answers,
    weighted_estimate,
)
from feedback_core.kpis.types import CellAnswers, Target
from feedback_core.surveys.types import QuestionType
from feedback_core.weighting.calc import Design, Margin, encode, rake, weighted_mean
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.schemes import Distance, FrameCell, SchemeKind, WeightingScheme
from feedback_core.weighting.types import MarginsUnusable

NPS = Target(next(one for one in BUILT_IN if one.key == "nps"), uuid4(), "nps", QuestionType.NPS, scale=(0, 10))
CSAT = Target(next(one for one in BUILT_IN if one.key == "csat"), uuid4(), "wait", QuestionType.RATING, scale=(1, 5))

MARGINS = {"region": {"north": 0.3, "south": 0.7}, "age": {"young": 0.5, "old": 0.5}}
CELLS = tuple(
    FrameCell({"region": region, "age": age}, count)
    for region, age, count in (
        ("north", "young", 200),
        ("north", "old", 150),
        ("south", "young", 300),
        ("south", "old", 500),
    )
)
SCHEMES = [
    WeightingScheme("raked", SchemeKind.RAKING, "Raked", margins=MARGINS),
    WeightingScheme("capped", SchemeKind.RAKING, "Capped", margins=MARGINS, cap=1.5),
    WeightingScheme("cells", SchemeKind.CELL, "Cells", cells=CELLS),
    WeightingScheme("linear", SchemeKind.CALIBRATION, "Linear", margins=MARGINS, distance=Distance.LINEAR),
    WeightingScheme(
        "logit", SchemeKind.CALIBRATION, "Logit", margins=MARGINS, distance=Distance.LOGIT, bounds=(0.2, 4.0)
    ),
    WeightingScheme("invited", SchemeKind.PROPENSITY, "Invited", cells=CELLS),
]


def answers(values: int = 11) -> list[CellAnswers]:
    """Answers of four cells of unequal size, and of one respondent whose age is not known."""
    rng = np.random.default_rng(7)
    found = []
    for region, age, n in (("north", "young", 40), ("north", "old", 60), ("south", "young", 25), ("south", "old", 30)):
        scores, counts = np.unique(rng.integers(1, values, n), return_counts=True)
        given = {str(score): int(count) for score, count in zip(scores, counts, strict=True)}
        found.append(CellAnswers({"region": region, "age": age, "method": "paper"}, given))
    return [*found, CellAnswers({"region": "north", "method": "paper"}, {"3": 1})]


def inside(region: str) -> Inside:
    def belongs(cell: Mapping[str, str]) -> bool:
        return cell["region"] == region

    return belongs


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.key)
def test_counted_cells_give_the_figure_of_the_respondents(scheme: WeightingScheme) -> None:
    weighted = weight_answers(NPS, scheme, answers())
    estimate = weighted_estimate(weighted)

    n = weighted.design.respondents()
    one_by_one = Design(
        np.repeat(weighted.design.weights, n),
        calibration=weighted.design.calibration
        and Calibration(np.repeat(weighted.design.calibration.codes, n, axis=1), np.ones(int(n.sum()))),
    )
    expected = weighted_mean(np.repeat(weighted.scores, n), one_by_one)

    assert (estimate.n, weighted.left_out) == (155, 1)
    assert estimate.value == pytest.approx(expected.value, rel=1e-12)
    assert estimate.standard_error == pytest.approx(expected.standard_error, rel=1e-9)
    assert estimate.n_effective == pytest.approx(expected.n_effective, rel=1e-12)


def test_raked_answers_are_those_of_raking_by_hand() -> None:
    given = answers()[:-1]
    margins = [Margin(key, tuple(shares), tuple(shares.values())) for key, shares in MARGINS.items()]
    codes = encode(margins, [[cell.attributes[margin.attribute] for cell in given] for margin in margins])
    number = np.array([sum(cell.counts.values()) for cell in given])
    weights = rake(codes, margins, counts=number).weights
    sums = np.array([sum(scores_of(NPS, [value])[value] * n for value, n in cell.counts.items()) for cell in given])

    estimate = weighted_estimate(weight_answers(NPS, SCHEMES[0], given))

    assert estimate.value == pytest.approx(float(weights @ sums) / float(weights @ number))


def test_a_group_is_a_domain_of_the_weighted_sample() -> None:
    weighted = weight_answers(NPS, SCHEMES[0], answers())
    everybody, north, south = (
        weighted_estimate(weighted, inside=group) for group in (None, inside("north"), inside("south"))
    )

    # The weights give the regions their shares of the frame.
    assert 0.3 * north.value + 0.7 * south.value == pytest.approx(everybody.value)
    assert north.n + south.n == everybody.n
    with pytest.raises(NotEstimable):
        weighted_estimate(weighted, inside=lambda cell: cell["region"] == "west")


def test_two_groups_of_a_sample_are_compared_in_it() -> None:
    weighted = weight_answers(NPS, SCHEMES[0], answers())
    north, south = (weighted_estimate(weighted, inside=inside(region)) for region in ("north", "south"))

    found = compare_in_sample(weighted, inside("north"), inside("south"))
    apart = compare_samples(north, south)

    assert found.difference == pytest.approx(north.value - south.value)
    assert apart.difference == pytest.approx(found.difference)
    assert (found.n_first, found.n_second) == (100, 55)
    assert found.interval is not None
    assert found.interval.low < found.difference < found.interval.high
    assert found.p_value == pytest.approx(apart.p_value, abs=0.05)


def test_a_share_stays_between_none_and_all() -> None:
    everybody_content = [CellAnswers(cell.attributes, {"5": sum(cell.counts.values())}) for cell in answers(6)]

    some = weighted_estimate(weight_answers(CSAT, SCHEMES[0], answers(6)))
    all_of_them = weighted_estimate(weight_answers(CSAT, SCHEMES[0], everybody_content))

    assert some.interval is not None
    assert 0 < some.interval.low < some.value < some.interval.high < 1
    assert all_of_them.interval is not None
    assert [all_of_them.value, all_of_them.interval.high] == pytest.approx([1.0, 1.0])
    assert all_of_them.interval.low < 1


def test_the_reader_is_told_what_the_weights_did() -> None:
    weighted = weight_answers(NPS, SCHEMES[0], answers())

    how = how_weighted(weighted, None)

    assert (how.scheme, how.version, how.left_out) == ("raked", 1, 1)
    assert how.smallest_weight < 1 < how.largest_weight
    assert how.design_effect == pytest.approx(155 / weighted_estimate(weighted).n_effective)
    assert any("left out" in told for told in how.warnings)


@pytest.mark.parametrize(
    ("kept", "code"),
    [
        (("north",), "category_without_respondents"),
        (("north", "south", "west"), "category_not_in_frame"),
    ],
)
def test_respondents_that_do_not_fit_the_frame_are_refused(kept: tuple[str, ...], code: str) -> None:
    given = [cell for cell in answers() if cell.attributes["region"] in kept]
    if "west" in kept:
        given.append(CellAnswers({"region": "west", "age": "old"}, {"9": 5}))

    for scheme in (SCHEMES[0], SCHEMES[2]):
        with pytest.raises(MarginsUnusable) as refused:
            weight_answers(NPS, scheme, given)
        assert {fault.code for fault in refused.value.faults} == {code}


def test_more_respondents_than_were_invited_are_refused() -> None:
    few = WeightingScheme(
        "few", SchemeKind.PROPENSITY, "Few", cells=tuple(FrameCell(cell.categories, 26) for cell in CELLS)
    )

    with pytest.raises(MarginsUnusable) as refused:
        weight_answers(NPS, few, answers())

    assert refused.value.faults[0].code == "more_than_invited"
