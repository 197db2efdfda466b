"""Signs of careless answering: laws that hold whatever was answered, and cases that are known."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.data_quality.calc import flags_of, measure_part, outlier_basis, suspects_of
from feedback_core.data_quality.types import (
    InclusionRule,
    ItemSet,
    MeasuredPart,
    NewFlag,
    ResponsePart,
    ScaleItem,
    Thresholds,
    VersionBasis,
    VersionItems,
)
from feedback_core.responses.quality.types import FlagKind

VERSION = UUID(int=1)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def items_of(scales: int, each: int, *, reversed_last: bool = False) -> VersionItems:
    """So many grids of so many rows on 1 to 5, each a scale."""
    items = tuple(
        ScaleItem(f"g{grid}", f"r{row}", 1, 5, of_everybody=True) for grid in range(scales) for row in range(each)
    )
    sets = tuple(
        ItemSet(
            f"g{grid}",
            tuple(f"g{grid}.r{row}" for row in range(each)),
            frozenset({f"g{grid}.r{each - 1}"} if reversed_last else ()),
            declared=True,
        )
        for grid in range(scales)
    )
    grids = {f"g{grid}": tuple(range(grid * each, (grid + 1) * each)) for grid in range(scales)}
    return VersionItems(VERSION, items, sets, grids, ())


def part_of(items: VersionItems, answers: NDArray[np.float64], **fields: object) -> ResponsePart:
    n = len(answers)
    plain = {
        "ids": [UUID(int=number + 1) for number in range(n)],
        "methods": ["sms"] * n,
        "submitted_at": [NOW] * n,
        "seconds": np.full(n, np.nan),
        "answered": (~np.isnan(answers)).sum(axis=1).astype(float),
        "questions": np.full(n, 10.0),
        "unanswered": np.zeros(n),
        "complete": np.ones(n, dtype=bool),
        "seconds_to_other": np.full(n, np.nan),
        "texts": [[] for _ in range(n)],
        "vectors": [None] * n,
    }
    return ResponsePart(items=items, answers=answers, **{**plain, **fields})


def measured(part: ResponsePart, rule: InclusionRule, basis: VersionBasis | None = None) -> MeasuredPart:
    return measure_part(part, rule, basis or VersionBasis(VERSION, {}, None))


def flags(part: ResponsePart, rule: InclusionRule, basis: VersionBasis | None = None) -> list[tuple[int, str]]:
    return [(flag.response_id.int, flag.kind.value) for flag in flags_of(measured(part, rule, basis), frozenset())]


def test_halves_that_contradict_each_other_are_inconsistent() -> None:
    items = items_of(12, 4)
    careful = np.repeat([1.0, 5, 2, 4, 3, 1, 5, 2, 4, 3, 1, 5], 4)
    against = np.tile([1.0, 5.0, 1.0, 5.0, 5.0, 1.0, 5.0, 1.0], 6)

    assert flags(part_of(items, np.vstack([careful, against])), InclusionRule()) == [(2, "inconsistent")]


def test_reversed_items_are_turned_round_before_halves_are_compared() -> None:
    items = items_of(12, 2, reversed_last=True)
    values = np.array([1.0, 5, 2, 4, 3, 1, 5, 2, 4, 3, 1, 5])
    careful = np.column_stack([values, 6 - values]).ravel()

    assert flags(part_of(items, careful[None, :]), InclusionRule()) == []


def test_a_few_scales_say_nothing_of_consistency() -> None:
    against = np.tile([1.0, 5.0, 5.0, 1.0], 2)[None, :]
    assert flags(part_of(items_of(4, 2), against), InclusionRule()) == []


def test_a_line_that_a_missing_answer_breaks_is_none() -> None:
    items = items_of(1, 6, reversed_last=True)
    line = np.full((3, 6), 4.0)
    line[1, 3] = np.nan
    line[2] = np.nan

    assert flags(part_of(items, line), InclusionRule()) == [(1, "straight_lining")]
    lenient = InclusionRule(thresholds=Thresholds(straight_line_share=0.5))
    assert flags(part_of(items, line), lenient) == [(1, "straight_lining"), (2, "straight_lining")]


def test_the_longest_line_of_all_grids_is_told() -> None:
    items = items_of(2, 5, reversed_last=True)
    answers = np.array([[1.0, 2, 3, 4, 5, 3, 3, 3, 3, 3]])
    (flag,) = flags_of(measured(part_of(items, answers), InclusionRule()), frozenset())
    assert (flag.kind, flag.sign, flag.value) == (FlagKind.STRAIGHT_LINING, "g1", 1.0)


def test_a_time_before_the_start_is_no_time() -> None:
    items = items_of(1, 2)
    part = part_of(items, np.array([[1.0, 2.0], [1.0, 2.0]]), seconds=np.array([-3.0, 1.0]))
    assert flags(part, InclusionRule(), VersionBasis(VERSION, {"sms": 60.0}, None)) == [(2, "speeding")]


def test_nothing_is_held_against_a_distribution_that_cannot_be_computed() -> None:
    items = items_of(1, 6)
    constant = np.full((50, 6), 3.0)
    assert outlier_basis(items.items, constant, confidence=0.999) is None
    assert outlier_basis(items.items, np.empty((0, 6)), confidence=0.999) is None
    assert outlier_basis(items.items[:4], np.eye(4), confidence=0.999) is None


def test_questions_that_not_everybody_is_asked_do_not_enter_distances() -> None:
    chance = np.random.default_rng(1)
    answers = chance.integers(1, 6, (200, 7)).astype(float)
    items = [ScaleItem("g", f"r{row}", 1, 5, of_everybody=row != 2) for row in range(7)]

    basis = outlier_basis(items, answers, confidence=0.999)

    assert basis is not None
    assert basis.items == tuple(f"g.r{row}" for row in range(7) if row != 2)


@pytest.mark.parametrize(("at_least", "suspect"), [(1, [1, 2]), (2, [2]), (3, [])])
def test_so_many_different_signs_make_a_response_suspect(at_least: int, suspect: list[int]) -> None:
    def flag(number: int, kind: FlagKind) -> NewFlag:
        return NewFlag(UUID(int=number), kind, "", 1.0, 0.0)

    shown = [flag(1, FlagKind.SPEEDING), flag(2, FlagKind.SPEEDING), flag(2, FlagKind.OUTLIER)]
    submitted = {UUID(int=number): NOW for number in (1, 2, 3)}

    found = suspects_of(InclusionRule(at_least=at_least), submitted, shown)

    assert sorted(one.int for one in found) == suspect
    only_speed = InclusionRule(at_least=1, kinds=(FlagKind.OUTLIER,))
    assert {one.int: n for one, n in suspects_of(only_speed, submitted, shown).items()} == {2: 1}
    later = InclusionRule(at_least=at_least, since=NOW + timedelta(seconds=1))
    assert suspects_of(later, submitted, shown) == {}
    assert suspects_of(InclusionRule(at_least=at_least, excludes=False), submitted, shown) == {}


def test_what_came_before_makes_one_flag_of_the_first_kind_found() -> None:
    items = items_of(1, 2)
    part = part_of(
        items,
        np.array([[1.0, 2.0]]),
        texts=[["The queue was long and nobody told us anything."]],
        vectors=[b"x"],
        seconds_to_other=np.array([60.0]),
    )
    found = measured(part, InclusionRule())
    prints = frozenset((part.ids[0], fingerprint) for _, fingerprint in found.fingerprints[0])
    assert len(prints) == 2

    (flag,) = flags_of(found, prints)
    assert (flag.sign, flag.value, flag.threshold) == ("same_respondent", 60.0, 3600.0)
