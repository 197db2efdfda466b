"""Coding learnt from hand coding: which themes a coder would give a comment, with its accuracy on held-out comments."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc.coding_accuracy import HeldOut, accuracy_of
from feedback_core.themes.calc.features import FeatureSpace, coding_space
from feedback_core.themes.calc.keyword_rule import StemTable, best_keyword, has_keyword, stem_set, stem_table
from feedback_core.themes.types import CodingAccuracy, Refusal, ThemeProbability
from feedback_core.themes.words import words_of

FEWEST_EXAMPLES = 10
FOLDS = 5
# The F1 of a calibrated suggestion is best near half of the F1 that can be reached (Lipton et al. 2014).
THRESHOLD = 0.3
_SOFTNESS = 0.3
_ITERATIONS = 2000
_CALIBRATION = 30.0

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Odds:
    """Log-odds of a theme: a level, and what a distance of 1 and its keyword add to it."""

    level: float
    of_distance: float
    of_keyword: float

    def probabilities(self, distances: FloatArray, keyword: BoolArray) -> FloatArray:
        odds = self.level + self.of_distance * distances + self.of_keyword * keyword
        return np.asarray(expit(odds), dtype=float)


@dataclass(frozen=True, slots=True)
class _Learner:
    """A plane between comments with and without a theme, the word that tells it best, and what both amount to."""

    weights: FloatArray
    offset: float
    keyword: str
    odds: _Odds

    def probabilities(self, rows: csr_matrix, stems: Sequence[frozenset[str]]) -> FloatArray:
        there = np.array([self.keyword in one for one in stems], dtype=bool)
        return self.odds.probabilities(np.asarray(rows @ self.weights + self.offset, dtype=float), there)


@dataclass(frozen=True, slots=True)
class CodingModel:
    """What was learnt; it follows from the codings and the seed, so it is never stored.

    Attributes:
        accuracy: on comments that were held out.
        refused: themes that were not learnt.
    """

    accuracy: CodingAccuracy
    refused: tuple[Refusal, ...]
    _language: str | None
    _space: FeatureSpace
    _learners: tuple[tuple[str, _Learner], ...]

    def suggest(self, texts: Sequence[str]) -> tuple[tuple[ThemeProbability, ...], ...]:
        """Of each text the themes that it is suggested for, most probable first; empty where there is none.

        Only themes that agree with the coders at least fairly are suggested (``offered`` in the accuracy), and only
        from their threshold on.
        """
        offered = {theme.theme: theme.threshold for theme in self.accuracy.themes if theme.offered}
        used = [(name, learner) for name, learner in self._learners if name in offered]
        found: list[list[ThemeProbability]] = [[] for _ in texts]
        if texts and used:
            rows = self._space.vectors(texts)
            stems = [stem_set(text, self._language) for text in texts]
            said = np.diff(rows.indptr) > 0
            for name, learner in used:
                chances = learner.probabilities(rows, stems)
                for index in np.flatnonzero(said & (chances >= offered[name])).tolist():
                    found[index].append(ThemeProbability(name, float(chances[index])))
        return tuple(tuple(sorted(one, key=lambda each: (-each.probability, each.theme))) for one in found)


def learn_coding(
    texts: Sequence[str],
    coded: Sequence[Collection[str]],
    *,
    rng: np.random.Generator,
    language: str | None = None,
    groups: Sequence[Hashable] | None = None,
) -> CodingModel:
    """Learn which themes coders give.

    For each theme a linear support vector machine on stems, pairs of them and sequences of letters; its distance and
    the word that tells the theme best turn into a probability by the comments that were held out (Platt, stacked).

    Args:
        texts: comments that were coded by hand.
        coded: the themes of each; empty for a comment that was read and got none.
        rng: the source of chance; the same generator gives the same model.
        language: ISO 639-1 code that most comments are in, for their stems; words as they are, when absent.
        groups: who said each comment: comments of one respondent are held out together. Each its own, when absent.

    Raises:
        NotEstimable: no theme has 10 examples in 5 groups, and as many comments without it.
        ValueError: ``texts``, ``coded`` and ``groups`` differ in length.

    Source: Joachims (1998), ECML 137; Platt (1999), Advances in Large Margin Classifiers 61; Lipton, Elkan &
    Naryanaswamy (2014), ECML PKDD 225, for the threshold.
    """
    if len(texts) != len(coded) or (groups is not None and len(groups) != len(texts)):
        raise ValueError("texts, coded and groups are parallel")
    order, held = _in_order(texts, coded, groups, rng)
    texts = [texts[index] for index in order]
    if not any(words_of(text) for text in texts):
        raise NotEstimable("None of the coded comments has a word to learn from.")
    themes = [frozenset(coded[index]) for index in order]
    known = sorted(frozenset().union(*themes))
    given = np.array([[theme in each for theme in known] for each in themes], dtype=bool).reshape(len(texts), -1)
    refused = {index: reason for index in range(len(known)) if (reason := _reason_against(given[:, index], held))}
    learnt = [index for index in range(len(known)) if index not in refused]
    if not learnt:
        raise NotEstimable(
            f"No theme was given to {FEWEST_EXAMPLES} comments of {FOLDS} people or more, with as many comments coded "
            "without it: code more comments."
        )
    seed = int(rng.integers(2**31))
    with threadpool_limits(1):
        truth = given[:, learnt]
        table = stem_table(texts, language)
        distances, by_keyword, by_majority = _held_out(texts, language, truth, held, seed, table)
        space = coding_space(texts, language)
        rows = space.vectors(texts)
        learners, chances = [], np.empty_like(distances)
        for column, index in enumerate(learnt):
            is_so, distance, keyword = truth[:, column], distances[:, column], by_keyword[:, column]
            chances[:, column] = _cross_calibrated(distance, keyword, is_so, held)
            weights, offset = _plane(rows, is_so, seed)
            word = best_keyword(table, is_so, learning=np.ones(is_so.size, dtype=bool))
            learner = _Learner(weights, offset, table.stems[word], _odds(distance, keyword, is_so))
            learners.append((known[index], learner))
    names = [known[index] for index in learnt]
    keywords = [learner.keyword for _, learner in learners]
    held_out = HeldOut(names, keywords, truth, chances, by_keyword, by_majority)
    accuracy = accuracy_of(held_out, threshold=THRESHOLD, folds=FOLDS)
    not_learnt = tuple(Refusal(known[i], int(given[:, i].sum()), reason) for i, reason in refused.items())
    return CodingModel(accuracy, not_learnt, language, space, tuple(learners))


def _in_order(
    texts: Sequence[str],
    coded: Sequence[Collection[str]],
    groups: Sequence[Hashable] | None,
    rng: np.random.Generator,
) -> tuple[list[int], IntArray]:
    """Comments in an order of their own, so that the order given does not matter, and the fold that holds each out."""
    of = list(range(len(texts))) if groups is None else list(groups)
    order = sorted(range(len(texts)), key=lambda index: (texts[index], sorted(coded[index])))
    place: dict[Hashable, int] = {}
    for index in order:
        place.setdefault(of[index], len(place))
    folds = rng.permutation(len(place)) % FOLDS
    return order, np.array([folds[place[of[index]]] for index in order], dtype=np.int64)


def _reason_against(given: BoolArray, held: IntArray) -> str | None:
    """Why a theme cannot be learnt; ``None`` if it can."""
    n = int(given.sum())
    if n < FEWEST_EXAMPLES:
        return f"{n} comments are coded with it; it takes {FEWEST_EXAMPLES}."
    if given.size - n < FEWEST_EXAMPLES:
        return f"Only {given.size - n} coded comments are without it; it takes {FEWEST_EXAMPLES}."
    for fold in range(FOLDS):
        rest = given[held != fold]
        if rest.all() or not rest.any():
            return f"Its comments come from too few people to hold out a part of them {FOLDS} times."
    return None


def _held_out(
    texts: Sequence[str], language: str | None, truth: BoolArray, held: IntArray, seed: int, table: StemTable
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Distances, and what the keyword rule and the majority say, of each comment by what the other folds teach."""
    distances = np.zeros(truth.shape)
    by_keyword = np.zeros(truth.shape, dtype=bool)
    by_majority = np.zeros(truth.shape, dtype=bool)
    for fold in range(FOLDS):
        inside = held == fold
        if not inside.any():
            continue
        learning = [text for text, out in zip(texts, inside.tolist(), strict=True) if not out]
        asked = [text for text, out in zip(texts, inside.tolist(), strict=True) if out]
        space = coding_space(learning, language)
        rows, others = space.vectors(learning), space.vectors(asked)
        for column in range(truth.shape[1]):
            weights, offset = _plane(rows, truth[~inside, column], seed)
            distances[inside, column] = others @ weights + offset
            keyword = best_keyword(table, truth[:, column], learning=~inside)
            by_keyword[inside, column] = has_keyword(table, keyword)[inside]
        by_majority[inside, int(np.argmax(truth[~inside].sum(axis=0)))] = True
    return distances, by_keyword, by_majority


def _plane(rows: csr_matrix, truth: BoolArray, seed: int) -> tuple[FloatArray, float]:
    machine = LinearSVC(C=_SOFTNESS, class_weight="balanced", random_state=seed, max_iter=_ITERATIONS, tol=1e-3)
    machine.fit(rows, truth)
    return np.asarray(machine.coef_[0], dtype=float), float(machine.intercept_[0])


def _cross_calibrated(distances: FloatArray, keyword: BoolArray, truth: BoolArray, held: IntArray) -> FloatArray:
    """Probabilities of each fold by the calibration of the others, so that the accuracy is not flattered by it."""
    chances = np.empty(distances.size)
    for fold in range(FOLDS):
        inside = held == fold
        odds = _odds(distances[~inside], keyword[~inside], truth[~inside])
        chances[inside] = odds.probabilities(distances[inside], keyword[inside])
    return chances


def _odds(distances: FloatArray, keyword: BoolArray, truth: BoolArray) -> _Odds:
    """Logistic regression on what held-out comments showed; neither may speak against a theme."""
    fitted = LogisticRegression(C=_CALIBRATION).fit(np.column_stack([distances, keyword]), truth)
    of_distance, of_keyword = (float(one) for one in fitted.coef_[0])
    if of_distance > 0.0:
        return _Odds(float(fitted.intercept_[0]), of_distance, of_keyword)
    return _Odds(float(logit((truth.sum() + 1.0) / (truth.size + 2.0))), 0.0, 0.0)
