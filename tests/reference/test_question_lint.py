"""The lint against labelled questions: precision and recall of each rule, on the half that no word was chosen by."""

import hashlib
import json
from collections import defaultdict

import pytest

from bench.lint_accuracy import KEPT, LABELS, Labelled, labelled_questions, measured, scores

# Precision and recall: over all rules, and for a question to be found fault with at all.
FLOORS = {"overall": (0.94, 0.94), "any": (0.97, 0.97)}
# Few questions stand for one rule: one or two of them decide.
FLOOR_OF_A_RULE = 0.7


@pytest.fixture(scope="module")
def held_out() -> list[Labelled]:
    return labelled_questions("held_out")


def test_there_are_enough_questions_and_half_of_them_are_held_out(held_out: list[Labelled]) -> None:
    everything = [*labelled_questions("tuning"), *held_out]
    assert len({json.dumps(one.question, sort_keys=True) for one in everything}) == len(everything) >= 200
    assert 2 * len(held_out) >= len(everything)
    assert sum(not one.labels for one in everything) >= 60
    assert set().union(*(one.labels for one in everything)) == set(LABELS)


def test_the_halves_follow_from_the_questions_alone() -> None:
    """Within each kind of fault by turns, in the order of their hashes: nobody chose what is held out."""
    kinds: dict[tuple[str, object], list[Labelled]] = defaultdict(list)
    for one in (*labelled_questions("tuning"), *labelled_questions("held_out")):
        kind = one.first_label if one.language == "en" else bool(one.labels)
        kinds[one.language, kind].append(one)
    for questions in kinds.values():
        ordered = sorted(questions, key=lambda one: hashlib.sha256(_written(one).encode()).hexdigest())
        assert [one.half for one in ordered] == ["tuning" if place % 2 else "held_out" for place in range(len(ordered))]


def test_what_is_kept_is_what_is_measured() -> None:
    assert json.loads(KEPT.read_text(encoding="utf-8")) == measured()


def test_precision_and_recall_hold_on_the_held_out_half(held_out: list[Labelled]) -> None:
    found = scores(held_out)
    for name, (precision, recall) in FLOORS.items():
        assert (found[name].precision or 0) >= precision, name
        assert (found[name].recall or 0) >= recall, name
    for rule in LABELS:
        assert (found[rule].precision or 0) >= FLOOR_OF_A_RULE, rule
        assert (found[rule].recall or 0) >= FLOOR_OF_A_RULE, rule


def test_precision_and_recall_hold_on_what_was_written_after_the_rules() -> None:
    found = scores(labelled_questions("later"))["overall"]
    assert (found.precision or 0) >= 0.9
    assert (found.recall or 0) >= 0.85


def test_hardly_any_question_without_a_fault_is_found_fault_with(held_out: list[Labelled]) -> None:
    good = [one for one in held_out if not one.labels]
    assert sum(bool(one.found()) for one in good) <= len(good) / 10


def _written(one: Labelled) -> str:
    return json.dumps(one.question, sort_keys=True, ensure_ascii=False)
