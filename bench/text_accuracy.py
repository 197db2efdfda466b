"""How right languages, sentiment and themes are told: each on held-out comments, beside simple rules."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import (
    accuracy_score,
    adjusted_rand_score,
    cohen_kappa_score,
    completeness_score,
    f1_score,
    homogeneity_score,
    v_measure_score,
)

from bench.text_data import CodedComment, sentences
from feedback_core.themes.calc import detect_language, learn_coding, sentiment_of, suggest_themes, what_is_asked
from feedback_core.themes.calc.comment_map import map_comments
from feedback_core.themes.calc.features import stems_of
from feedback_core.themes.calc.grouping import group
from feedback_core.themes.calc.keyword_rule import best_keyword, has_keyword, stem_table
from feedback_core.themes.types import CodingAccuracy, Tone

SEED = 20_260_301
# The lists of words of the simple rule: what comes to mind at once.
_GOOD = (
    "good great excellent helpful friendly kind lovely thank thanks nice best amazing brilliant professional happy love"
)
_BAD = (
    "bad poor wait waiting long slow rude worse worst terrible awful not never no lack late delay disappointed useless"
)


@dataclass(frozen=True, slots=True)
class LanguageAccuracy:
    """Shares of the sentences: named rightly, wrongly, and not named."""

    n: int
    languages: int
    right: float
    wrong: float
    unnamed: float


@dataclass(frozen=True, slots=True)
class ToneAccuracy:
    """Agreement with the coder on positive, neutral (or mixed) and negative."""

    n: int
    accuracy: float
    macro_f1: float
    kappa: float


@dataclass(frozen=True, slots=True)
class LearntAccuracy:
    """Coding learnt from some comments, on others.

    Attributes:
        learnt_from: comments.
        n: held-out comments.
        themes: learnt.
        micro_f1: over all pairs of comment and theme.
        macro_f1: mean over themes.
        first_right: share of comments whose most probable theme is one of the coder's.
        keyword_micro_f1: of the best word of each theme.
        keyword_macro_f1: mean over themes of the same.
        majority_micro_f1: of giving everyone the most frequent theme.
        majority_macro_f1: mean over themes of the same.
        within: what cross-validation had said beforehand.
    """

    learnt_from: int
    n: int
    themes: int
    micro_f1: float
    macro_f1: float
    first_right: float
    keyword_micro_f1: float
    keyword_macro_f1: float
    majority_micro_f1: float
    majority_macro_f1: float
    within: CodingAccuracy


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like groups are to human themes, 0..1; a rand index of 0 is what chance gives."""

    v_measure: float
    homogeneity: float
    completeness: float
    adjusted_rand: float


@dataclass(frozen=True, slots=True)
class SuggestionAccuracy:
    """Suggested themes against human themes, beside other ways to group the same comments into as many groups.

    Attributes:
        n: comments with one human theme.
        human: their themes.
        suggested: themes.
        covered: share of comments in a suggested theme.
        ours: on those that are in one.
        k_means: k-means on TF-IDF of words, on the same comments.
        random: as many random groups of the same.
        all_grouped: all comments in ``most`` groups, before any is left out as unstable; the far ones are one more.
        k_means_of_all: k-means, into as many.
    """

    n: int
    human: int
    suggested: int
    covered: float
    ours: Likeness
    k_means: Likeness
    random: Likeness
    all_grouped: Likeness
    k_means_of_all: Likeness


def language_accuracy(*, expected: bool) -> LanguageAccuracy:
    """On the sentences; with ``expected``, a survey in the language of the sentence and in English."""
    written = sentences()
    guessed = [
        detect_language(text, expected=(language, "en") if expected else ()).language for language, text in written
    ]
    right = sum(guess == language for (language, _), guess in zip(written, guessed, strict=True))
    unnamed = guessed.count(None)
    n = len(written)
    wrong = (n - right - unnamed) / n
    return LanguageAccuracy(n, len({language for language, _ in written}), right / n, wrong, unnamed / n)


def english_named(texts: Sequence[str], *, expected: Sequence[str] = ()) -> tuple[float, float]:
    """Shares of English comments that are named English, and that are named something else."""
    found = Counter(detect_language(text, expected=expected).language for text in texts)
    other = sum(count for language, count in found.items() if language not in {"en", None})
    return found["en"] / len(texts), other / len(texts)


def tone_accuracy(comments: Sequence[CodedComment]) -> dict[str, ToneAccuracy]:
    """By what was used: the words, the words with the question, a list of words, and the majority."""
    coded = [comment for comment in comments if comment.sentiment is not None]
    truth = [_tone_of_coder(comment) for comment in coded]
    said = {
        "words": [_tone(comment, with_question=False) for comment in coded],
        "words_and_question": [_tone(comment, with_question=True) for comment in coded],
        "word_list": [_by_word_list(comment.text) for comment in coded],
        "majority": [Counter(truth).most_common(1)[0][0]] * len(coded),
    }
    return {
        name: ToneAccuracy(
            n=len(coded),
            accuracy=float(accuracy_score(truth, tones)),
            macro_f1=float(f1_score(truth, tones, average="macro")),
            kappa=float(cohen_kappa_score(truth, tones)),
        )
        for name, tones in said.items()
    }


def learnt_accuracy(learning: Sequence[CodedComment], held_out: Sequence[CodedComment]) -> LearntAccuracy:
    """Learn the coding of some comments and try it on others."""
    texts, others = [one.text for one in learning], [one.text for one in held_out]
    model = learn_coding(
        texts,
        [one.themes for one in learning],
        rng=np.random.default_rng(SEED),
        language="en",
        groups=[one.respondent for one in learning],
    )
    names = [theme.theme for theme in model.accuracy.themes]
    suggested = model.suggest(others)
    taught, truth = (
        np.array([[name in one.themes for name in names] for one in part]) for part in (learning, held_out)
    )
    said = np.array([[any(each.theme == name for each in one) for name in names] for one in suggested])
    table = stem_table([*texts, *others], "en")
    told = np.arange(len(texts) + len(others)) < len(texts)
    padded = np.vstack([taught, np.zeros_like(truth)])
    keywords = [best_keyword(table, padded[:, column], learning=told) for column in range(len(names))]
    by_keyword = np.column_stack([has_keyword(table, keyword)[~told] for keyword in keywords])
    majority = np.zeros_like(truth)
    majority[:, int(taught.sum(axis=0).argmax())] = True
    first = [bool(one) and one[0].theme in comment.themes for one, comment in zip(suggested, held_out, strict=True)]
    return LearntAccuracy(
        learnt_from=len(learning),
        n=len(held_out),
        themes=len(names),
        first_right=float(np.mean(first)),
        within=model.accuracy,
        **_f1("", truth, said),
        **_f1("keyword_", truth, by_keyword),
        **_f1("majority_", truth, majority),
    )


def suggestion_accuracy(comments: Sequence[CodedComment], *, most: int) -> SuggestionAccuracy:
    """Suggest themes for comments with exactly one human theme and compare."""
    single = [comment for comment in comments if len(comment.themes) == 1]
    texts = [comment.text for comment in single]
    themes = [next(iter(comment.themes)) for comment in single]
    found = suggest_themes(texts, rng=np.random.default_rng(SEED), most=most, language="en")
    of = np.full(len(texts), -1)
    for number, theme in enumerate(found.themes):
        of[list(theme.members)] = number
    inside = of >= 0
    groups = len(found.themes)
    truth = np.unique(themes, return_inverse=True)[1]
    rows = TfidfVectorizer().fit_transform(texts)
    plain = KMeans(groups, n_init=3, random_state=SEED % 2**31).fit(rows[inside]).labels_
    shown = np.array([bool(stems_of(text, "en")) for text in texts])
    rng = np.random.default_rng(SEED)
    points = map_comments([text for text in texts if stems_of(text, "en")], "en", rng).points
    every = group(points, most, rng, between=0.0).of
    plain_of_all = KMeans(most, n_init=3, random_state=SEED % 2**31).fit(rows[shown]).labels_
    chance = np.random.default_rng(SEED).integers(groups, size=int(inside.sum()))
    return SuggestionAccuracy(
        n=len(texts),
        human=len(set(themes)),
        suggested=groups,
        covered=float(inside.mean()),
        ours=_likeness(truth[inside], of[inside]),
        k_means=_likeness(truth[inside], plain),
        random=_likeness(truth[inside], chance),
        all_grouped=_likeness(truth[shown], every),
        k_means_of_all=_likeness(truth[shown], plain_of_all),
    )


def _tone_of_coder(comment: CodedComment) -> str:
    assert comment.sentiment is not None
    return "positive" if comment.sentiment < 3 else "neutral" if comment.sentiment == 3 else "negative"


def _tone(comment: CodedComment, *, with_question: bool) -> str:
    asked = what_is_asked(comment.question if with_question else "", "en")
    found = sentiment_of(comment.text, "en", asked=asked)
    assert found is not None
    return "neutral" if found.tone is Tone.MIXED else found.tone.value


def _by_word_list(text: str) -> str:
    words = re.findall(r"[a-z']+", text.lower())
    balance = sum(word in _GOOD.split() for word in words) - sum(word in _BAD.split() for word in words)
    return "positive" if balance > 0 else "negative" if balance < 0 else "neutral"


def _f1(prefix: str, truth: np.ndarray, said: np.ndarray) -> dict[str, float]:
    return {
        f"{prefix}micro_f1": float(f1_score(truth, said, average="micro", zero_division=0)),
        f"{prefix}macro_f1": float(f1_score(truth, said, average="macro", zero_division=0)),
    }


def _likeness(truth: np.ndarray, groups: np.ndarray) -> Likeness:
    return Likeness(
        v_measure=float(v_measure_score(truth, groups)),
        homogeneity=float(homogeneity_score(truth, groups)),
        completeness=float(completeness_score(truth, groups)),
        adjusted_rand=float(adjusted_rand_score(truth, groups)),
    )
