"""Suggested themes: found where they are, the same for the same comments, refused where there is too little."""

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc import suggest_themes
from feedback_core.themes.calc.grouping import group
from feedback_core.themes.types import SuggestedThemes
from tests.unit.themes.comments import THEMES, made_up


def suggested(texts: list[str], *, seed: int = 1, most: int = 4) -> SuggestedThemes:
    return suggest_themes(texts, rng=np.random.default_rng(seed), most=most, language="en")


def test_themes_are_found_named_and_shown() -> None:
    texts, truth = made_up(40)
    found = suggested(texts)
    assert (found.n, found.left_out) == (160, 0)
    assert found.covered > 0.9
    assert {truth[theme.members[0]] for theme in found.themes} == set(THEMES)
    for theme in found.themes:
        words = set(THEMES[truth[theme.members[0]]].split())
        assert set(theme.terms[:3]) <= words
        assert theme.name == ", ".join(theme.terms[:3])
        assert np.mean([truth[member] == truth[theme.members[0]] for member in theme.members]) > 0.95
        assert len(set(theme.representative)) == 3
        assert set(theme.representative) <= set(theme.members)
        assert theme.size == len(theme.members)
        assert theme.share == theme.size / found.n
        assert theme.stability > 0.5


def test_the_order_of_comments_does_not_matter() -> None:
    texts, _ = made_up(30)
    order = np.random.default_rng(3).permutation(len(texts)).tolist()
    straight, mixed = suggested(texts), suggested([texts[index] for index in order])
    assert [theme.terms for theme in straight.themes] == [theme.terms for theme in mixed.themes]
    for one, other in zip(straight.themes, mixed.themes, strict=True):
        assert sorted(texts[member] for member in one.members) == sorted(texts[order[at]] for at in other.members)
        assert [texts[at] for at in one.representative] == [texts[order[at]] for at in other.representative]
        assert (one.coherence, one.stability) == (other.coherence, other.stability)


def test_the_same_seed_gives_the_same_themes_whatever_the_threads() -> None:
    texts, _ = made_up(30)
    with threadpool_limits(2):
        several = suggested(texts)
    with threadpool_limits(1):
        assert suggested(texts) == several


def test_a_comment_is_in_one_theme_at_most() -> None:
    texts, _ = made_up(30)
    members = [member for theme in suggested(texts).themes for member in theme.members]
    assert len(members) == len(set(members))


def test_comments_that_say_nothing_are_left_out() -> None:
    texts, _ = made_up(30)
    found = suggested([*texts, "", "  ", "👍", "and the", "12"])
    assert found.left_out == 5


def test_representatives_are_not_copies_of_each_other() -> None:
    texts, _ = made_up(20)
    found = suggested([text for text in texts for _ in range(3)])
    doubled = [text for text in texts for _ in range(3)]
    for theme in found.themes:
        assert len({doubled[at] for at in theme.representative}) == len(theme.representative)


def test_too_few_comments_are_refused() -> None:
    texts, _ = made_up(12)
    with pytest.raises(NotEstimable, match="there are 48"):
        suggested(texts)


def test_comments_without_a_common_word_are_refused() -> None:
    letters = "abcdefghij"
    lonely = [f"{a * 3}{b * 3}" for a in letters for b in letters]
    with pytest.raises(NotEstimable, match="no word in common"):
        suggested(lonely)


def test_noise_is_not_offered_as_themes() -> None:
    rng = np.random.default_rng(9)
    words = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"]
    noise = [" ".join(rng.choice(words, 5, replace=False).tolist()) for _ in range(300)]
    with pytest.raises(NotEstimable, match="found again"):
        suggest_themes(noise, rng=np.random.default_rng(1), most=8)


def test_one_theme_alone_is_no_several() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        suggested(made_up(20)[0], most=1)


def test_points_between_two_groups_and_far_from_all_are_in_none() -> None:
    near = np.random.default_rng(1).normal(0, 0.05, (40, 3))
    points = np.vstack([near[:20] + np.eye(3)[0], near[20:] + np.eye(3)[1], [[1, 1, 0]], [[0, 0, 1]]])
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    found = group(points, 2, np.random.default_rng(2), between=0.05)
    assert found.of[40:].tolist() == [-1, -1]
    assert len(set(found.of[:20].tolist())) == len(set(found.of[20:40].tolist())) == 1
    assert found.stability.min() > 0.9


@pytest.mark.parametrize(
    "texts",
    [
        ["等了很久没有人接电话", "工作人员很友善"] * 40,
        ["كان الانتظار طويلا جدا", "الموظفون لطفاء"] * 40,
        ["same words every time"] * 100,
        ["word " * 30_000, *["another thing entirely", "something else again"] * 40],
    ],
)
def test_any_script_and_length_is_answered_or_refused(texts: list[str]) -> None:
    try:
        found = suggest_themes(texts, rng=np.random.default_rng(1), most=3)
    except NotEstimable:
        return
    assert found.n == len(texts)


@given(st.lists(st.text(alphabet="abc éß等ن👍 '.\n", max_size=12), min_size=50, max_size=80), st.integers(2, 6))
@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_any_comments_are_answered_or_refused(texts: list[str], most: int) -> None:
    try:
        found = suggest_themes(texts, rng=np.random.default_rng(1), most=most)
    except NotEstimable:
        return
    assert found.n + found.left_out == len(texts)
    assert 0.0 < found.covered <= 1.0
    assert 0 < len(found.themes) <= most
    for theme in found.themes:
        assert theme.terms
        assert all(math.isfinite(figure) for figure in (theme.share, theme.coherence, theme.stability))
