"""Where people stand: tiers from shrunk figures, verdicts from their own interval, and no order where none is borne."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from feedback_core.kpis.calc.figures import figure_of
from feedback_core.kpis.types import AnswerCounts, CellAnswers, Figure, KpiDefinition, Measure, Standing, Target
from feedback_core.people.performance.calc import stand_units
from feedback_core.people.performance.types import Standings, UnitStanding
from feedback_core.standards.types import Demand, Metric, StandardDetails, Verdict
from feedback_core.surveys.types import QuestionType

SURVEY = UUID(int=1)
SHARE = KpiDefinition("good", "Good", "share", Measure.TOP_BOX, frozenset({QuestionType.RATING}))
TARGET = Target(SHARE, SURVEY, "wait", QuestionType.RATING, scale=(1, 5))
MEDIAN = Target(KpiDefinition("m", "M", "min", Measure.MEDIAN, frozenset({QuestionType.NUMBER})), SURVEY, "minutes")

Given = Mapping[str, Mapping[str, tuple[int, int]]]
"""By person and kind of case: how many call it good, and poor."""


def standard(direction: Demand = Demand.AT_LEAST, target: float = 0.6) -> StandardDetails:
    return StandardDetails("W", "W", Metric(SURVEY, kpi="good"), direction, target, date(2024, 1, 1))


def stood(
    given: Given, *, mix: bool = True, target: Target = TARGET, details: StandardDetails | None = None
) -> Standings:
    cells = [
        CellAnswers({"agent": agent, "kind": kind}, {"5": good, "1": poor})
        for agent, kinds in given.items()
        for kind, (good, poor) in kinds.items()
    ]
    figures = {agent: _figure(target, kinds) for agent, kinds in given.items()}
    case_mix = ("kind",) if mix else ()
    return stand_units(target, figures, cells, details or standard(), attribute="agent", case_mix=case_mix)


def _figure(target: Target, kinds: Mapping[str, tuple[int, int]]) -> Figure:
    good, poor = (sum(each[side] for each in kinds.values()) for side in (0, 1))
    counts = {Standing.COMPLETE: {"5": good, "1": poor}}
    return figure_of(target, AnswerCounts(counts, {Standing.COMPLETE: good + poor}))


def of(found: Standings, reference: str) -> UnitStanding:
    return next(unit for unit in found.units if unit.reference == reference)


MIXED: Given = {
    # Alike with each kind of case: eight in ten easy ones go well, four in ten hard ones. Only the mix differs.
    "easy": {"easy": (144, 36), "hard": (8, 12)},
    "even": {"easy": (80, 20), "hard": (40, 60)},
    "hard": {"easy": (16, 4), "hard": (72, 108)},
    # Better by 0.15 with either, and most of theirs are hard.
    "best": {"easy": (57, 3), "hard": (77, 63)},
}


def test_raw_figures_rank_the_mix_and_adjusted_ones_the_people() -> None:
    raw, fair = stood(MIXED, mix=False), stood(MIXED)
    assert (of(raw, "hard").tier, of(raw, "easy").tier) == (3, 1)
    alike = [of(fair, name).adjusted for name in ("easy", "even", "hard")]
    assert all(one is not None for one in alike)
    assert len({round(one.value, 9) for one in alike if one is not None}) == 1
    assert of(fair, "best").tier == 1
    assert of(fair, "hard").tier == of(fair, "even").tier
    assert fair.explained is not None
    assert 0.1 < fair.explained < 0.3


def test_the_verdict_rests_on_ones_own_interval() -> None:
    fair = stood(MIXED, details=standard(target=0.66))
    best = of(fair, "best")
    assert best.judgement is not None
    assert best.shrunk is not None
    assert best.adjusted is not None
    assert best.judgement.verdict is Verdict.MET
    assert best.judgement.margin == pytest.approx(best.adjusted.value - 0.66)
    assert best.judgement.bound is not None
    assert best.adjusted.interval is not None
    assert best.judgement.bound.value == best.adjusted.interval.low != best.shrunk.interval.low
    assert best.shrunk.value < best.adjusted.value


def test_where_less_is_better_the_best_tier_is_below() -> None:
    fair = stood(MIXED, details=standard(Demand.AT_MOST, 0.5))
    assert of(fair, "best").tier == 3


def test_two_are_no_order() -> None:
    found = stood({name: MIXED[name] for name in ("best", "hard")})
    assert found.no_order is not None
    assert [unit.tier for unit in found.units] == [None, None]
    assert all(unit.judgement for unit in found.units)


def test_who_differ_by_nothing_but_chance_are_all_in_the_middle() -> None:
    found = stood({f"a{number}": {"easy": (40 + number % 2, 10), "hard": (20, 30)} for number in range(5)})
    assert found.differ is False
    assert {unit.tier for unit in found.units} == {2}
    assert "chance" in found.sentence


def test_who_cannot_be_compared_is_not_put_anywhere() -> None:
    found = stood({**MIXED, "apart": {"other": (10, 40)}})
    apart = of(found, "apart")
    assert (apart.adjusted, apart.tier, apart.judgement) == (None, None, None)
    assert apart.not_adjusted is not None
    assert apart.estimate is not None
    assert of(found, "best").tier == 1


def test_a_median_is_shown_without_adjustment_and_order() -> None:
    found = stood(MIXED, target=MEDIAN)
    assert {unit.not_adjusted is None for unit in found.units} == {False}
    assert found.no_order is not None
    plain = stood(MIXED, mix=False, target=MEDIAN)
    assert [unit.tier for unit in plain.units] == [None] * 4
    assert all(unit.judgement for unit in plain.units)
