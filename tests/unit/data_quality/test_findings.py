"""What an analysis of data quality says, and what it does not show."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from feedback_core.data_quality.calc import analyse_quality, scale_finding
from feedback_core.data_quality.types import DataQualityOutcome, Flagging, InclusionRule, ItemSet
from feedback_core.data_quality.types.reading import (
    AskedCounts,
    GroupCounts,
    QualityReading,
    QuestionCounts,
    ScaleAnswers,
)
from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc import (
    AnswerMoments,
    one_factor_model,
    one_factor_of_moments,
    reliability_of_moments,
    scale_reliability,
)
from feedback_core.responses.quality.types import FlagKind

READING = QualityReading(
    rule=InclusionRule(version=3),
    flagging=Flagging(rule_version=3, up_to_date=True, measured=100),
    everybody=GroupCounts(100, 8, {FlagKind.SPEEDING: 12, FlagKind.OUTLIER: 9}),
    groups={"region": {"north": GroupCounts(90, 6, {FlagKind.SPEEDING: 10}), "south": GroupCounts(10, 2, {})}},
    questions=[QuestionCounts("nps", AskedCounts(92, 23), {"region": {"north": AskedCounts(92, 23)}})],
    stopped={},
    scales=[],
    kpi=None,
)


def analysed(reading: QualityReading, *, minimum: int = 5) -> DataQualityOutcome:
    return analyse_quality(reading, minimum=minimum, level=0.95, as_of=datetime(2026, 3, 1, tzinfo=UTC))


def test_the_sentence_says_who_is_suspect_and_where_answers_are_missing() -> None:
    assert analysed(READING).sentence == (
        "Of 100 responses 8 are suspect (8.0 %, 4.1 to 15.0); the commonest sign is speeding (12.0 %, 7.0 to 19.8)."
        " Most often without an answer is nps (25.0 %, 17.3 to 34.7)."
    )


def test_a_rule_that_only_shows_signs_leaves_nobody_out() -> None:
    shown = replace(READING, rule=InclusionRule(excludes=False), everybody=replace(READING.everybody, suspects=0))
    assert "none is left out, as the rule only shows signs" in analysed(shown).sentence


def test_nobody_shows_a_sign() -> None:
    calm = replace(READING, everybody=GroupCounts(100, 0, {}))
    assert analysed(calm).sentence.startswith("None of 100 responses shows a sign of careless answering.")


def test_what_is_not_measured_yet_is_warned_of() -> None:
    behind = replace(READING, flagging=Flagging(rule_version=2, up_to_date=False, measured=5))
    assert "Not every response is measured" in analysed(behind).warnings[0]


def test_a_small_group_hides_with_a_complement() -> None:
    flags = analysed(READING, minimum=11).flags
    assert flags is not None
    assert [(one.group, one.withheld, one.looked_at) for one in flags.groups] == [
        ("north", True, None),
        ("south", True, None),
    ]


def test_too_few_responses_are_refused() -> None:
    with pytest.raises(NotEstimable, match="too few"):
        analysed(replace(READING, everybody=GroupCounts(4, 0, {})))


def moments_of(grid: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> AnswerMoments:
    return AnswerMoments(len(grid), grid.mean(axis=0), np.cov(grid, rowvar=False))


def test_moments_are_enough_for_reliability() -> None:
    chance = np.random.default_rng(2)
    grid = np.round(chance.normal(3, 1, (300, 1)) + chance.normal(0, 1, (300, 4)))

    assert reliability_of_moments(moments_of(grid)) == scale_reliability(grid)
    assert one_factor_of_moments(moments_of(grid)).omega == pytest.approx(one_factor_model(grid).omega, rel=1e-12)
    assert one_factor_of_moments(moments_of(grid), method="minres") == one_factor_model(grid, method="minres")


def test_items_that_cancel_out_have_no_alpha_but_a_reason() -> None:
    grid = np.column_stack([np.tile([1.0, 2, 3, 4, 5], 8), np.tile([5.0, 4, 3, 2, 1], 8)])
    one = ItemSet("x", ("a", "b"), frozenset(), declared=True)

    found = scale_finding(ScaleAnswers(one, moments_of(grid), 0), minimum=5, level=0.95)

    assert found.alpha is None
    assert found.not_estimable is not None
    assert "turn them round" in found.not_estimable


def test_few_respondents_show_no_reliability() -> None:
    one = ItemSet("x", ("a", "b"), frozenset(), declared=True)
    found = scale_finding(ScaleAnswers(one, AnswerMoments(4, np.zeros(2), np.eye(2)), 0), minimum=5, level=0.95)
    assert (found.n, found.alpha) == (None, None)
    assert found.not_estimable == "Fewer than 5 answered every item of the scale."
