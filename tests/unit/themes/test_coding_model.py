"""Coding learnt from hand coding: right where it can be, honest about it, refused where it cannot."""

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc import CodingModel, learn_coding
from feedback_core.themes.calc.coding_accuracy import HeldOut, accuracy_of
from tests.unit.themes.comments import made_up


def learnt(texts: list[str], coded: list[set[str]], *, seed: int = 1, groups: list[str] | None = None) -> CodingModel:
    return learn_coding(texts, coded, rng=np.random.default_rng(seed), language="en", groups=groups)


def coded_comments(each: int = 30) -> tuple[list[str], list[set[str]]]:
    texts, themes = made_up(each)
    return texts, [{theme} for theme in themes]


def test_themes_are_learnt_and_suggested() -> None:
    model = learnt(*coded_comments())
    assert model.accuracy.micro_f1 > 0.95
    assert model.accuracy.micro_f1 > model.accuracy.keyword_micro_f1 > model.accuracy.majority_micro_f1
    assert [theme.offered for theme in model.accuracy.themes] == [True] * 4
    suggested = model.suggest(["The nurse was friendly and polite", "no parking space for my car", "zzz", ""])
    assert [[one.theme for one in each] for each in suggested] == [["staff"], ["parking"], [], []]
    assert suggested[0][0].probability > 0.8


def test_a_comment_may_have_several_themes() -> None:
    texts, coded = coded_comments()
    both = [f"{first} {second}" for first, second in zip(texts[:30], texts[30:60], strict=True)]
    model = learnt([*texts, *both], [*coded, *({"waiting", "staff"} for _ in both)])
    found = {one.theme for one in model.suggest(["waited hours in the queue but the nurse was friendly and kind"])[0]}
    assert found == {"waiting", "staff"}


def test_the_same_codings_and_seed_give_the_same_model_whatever_order_and_threads() -> None:
    texts, coded = coded_comments(15)
    order = np.random.default_rng(4).permutation(len(texts)).tolist()
    first = learnt(texts, coded)
    with threadpool_limits(2):
        second = learnt([texts[at] for at in order], [coded[at] for at in order])
    assert first.accuracy == second.accuracy
    assert first.suggest(texts) == second.suggest(texts)


def test_comments_of_one_person_are_held_out_together() -> None:
    # Each person repeats one comment of random words: only who has seen the person can tell the theme.
    rng = np.random.default_rng(2)
    words = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]
    texts, coded, people = [], [], []
    for person in range(40):
        said = " ".join(rng.choice(words, 5, replace=False).tolist())
        for copy in range(3):
            texts.append(f"{said} {copy}")
            coded.append({"odd"} if person % 2 else set())
            people.append(str(person))
    apart, together = learnt(texts, coded), learnt(texts, coded, groups=people)
    assert apart.accuracy.themes[0].kappa is not None
    assert apart.accuracy.themes[0].kappa > 0.8
    assert together.accuracy.themes[0].kappa is not None
    assert together.accuracy.themes[0].kappa < 0.4


def test_a_theme_with_few_examples_is_refused_in_words() -> None:
    texts, coded = coded_comments()
    for themes in coded[:9]:
        themes.add("rare")
    model = learnt(texts, coded)
    assert [(one.theme, one.examples) for one in model.refused] == [("rare", 9)]
    assert "9 comments are coded with it; it takes 10." in model.refused[0].reason


def test_a_theme_that_everybody_has_is_refused() -> None:
    texts, coded = coded_comments()
    for themes in coded:
        themes.add("all")
    assert [one.theme for one in learnt(texts, coded).refused] == ["all"]


def test_a_theme_of_one_person_is_refused() -> None:
    texts, coded = coded_comments(20)
    people = ["one" if themes == {"food"} else str(at) for at, themes in enumerate(coded)]
    model = learnt(texts, coded, groups=people)
    assert [one.theme for one in model.refused] == ["food"]
    assert "too few people" in model.refused[0].reason


def test_a_theme_that_words_do_not_tell_is_learnt_but_not_offered() -> None:
    texts, coded = coded_comments()
    for at in np.random.default_rng(7).choice(len(coded), 40, replace=False).tolist():
        coded[at].add("mood")
    model = learnt(texts, coded)
    mood = next(theme for theme in model.accuracy.themes if theme.theme == "mood")
    assert not mood.offered
    assert all(one.theme != "mood" for each in model.suggest(texts) for one in each)


@pytest.mark.parametrize("texts", [[], ["hello"] * 4, ["👍"] * 40])
def test_what_cannot_be_learnt_from_is_refused(texts: list[str]) -> None:
    coded = [{"a"} if at % 2 else {"b"} for at in range(len(texts))]
    with pytest.raises(NotEstimable):
        learnt(texts, coded)


def test_texts_and_codings_are_parallel() -> None:
    with pytest.raises(ValueError, match="parallel"):
        learnt(["a"], [])


def test_probabilities_are_calibrated() -> None:
    assert learnt(*coded_comments()).accuracy.calibration_error < 0.05


def test_accuracy_is_counted_as_by_hand() -> None:
    truth = np.array([[True, False], [True, False], [False, True], [False, False]])
    chances = np.array([[0.9, 0.1], [0.2, 0.1], [0.6, 0.9], [0.1, 0.2]])
    nothing = np.zeros_like(truth)
    found = accuracy_of(HeldOut(["a", "b"], ["x", "y"], truth, chances, nothing, nothing), threshold=0.5, folds=5)
    a, b = found.themes
    assert (a.precision, a.recall, a.f1, a.kappa) == (0.5, 0.5, 0.5, 0.0)
    assert (b.precision, b.recall, b.f1, b.kappa) == (1.0, 1.0, 1.0, 1.0)
    assert found.micro_f1 == pytest.approx(4 / 6)
    assert found.macro_f1 == 0.75
    assert (a.offered, b.offered) == (False, True)


@given(
    st.lists(st.tuples(st.text(max_size=15), st.sets(st.sampled_from("ab"))), min_size=20, max_size=40),
    st.integers(0, 5),
)
@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_any_codings_are_learnt_or_refused(comments: list[tuple[str, set[str]]], seed: int) -> None:
    texts = [text for text, _ in comments]
    try:
        model = learnt(texts, [themes for _, themes in comments], seed=seed)
    except NotEstimable:
        return
    figures = [
        figure
        for theme in model.accuracy.themes
        for figure in (theme.f1, theme.recall, theme.keyword_f1, theme.kappa, theme.precision)
        if figure is not None
    ]
    assert all(math.isfinite(figure) for figure in figures)
    assert all(0.0 <= one.probability <= 1.0 for each in model.suggest([*texts, "", "👍"]) for one in each)
