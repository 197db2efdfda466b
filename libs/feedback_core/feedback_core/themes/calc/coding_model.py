"""Coding learnt from hand coding: which themes a coder would give a comment, with its accuracy on held-out comments."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc.features import vectors_of, word_vectorizer
from feedback_core.themes.types import CodingAccuracy, Refusal, ThemeAccuracy, ThemeProbability

FEWEST_EXAMPLES = 10
FOLDS = 5


@dataclass(frozen=True, slots=True)
class CodingModel:
    """What was learnt; it follows from the codings and the seed, so it is never stored.

    Attributes:
        accuracy: on comments that were held out.
        refused: themes that were not learnt.
    """

    accuracy: CodingAccuracy
    refused: tuple[Refusal, ...]
    _vectorizer: TfidfVectorizer
    _learners: tuple[tuple[str, LogisticRegression], ...]

    def suggest(self, texts: Sequence[str]) -> tuple[tuple[ThemeProbability, ...], ...]:
        """Of each text the themes that it is suggested for, most probable first; empty where there is none."""
        rows = vectors_of(self._vectorizer, texts)
        chances = np.column_stack([learner.predict_proba(rows)[:, 1] for _, learner in self._learners])
        limits = {theme.theme: theme.threshold for theme in self.accuracy.themes if theme.offered}
        names = [name for name, _ in self._learners]
        return tuple(
            tuple(
                sorted(
                    (
                        ThemeProbability(name, float(chance))
                        for name, chance in zip(names, row, strict=True)
                        if chance >= limits.get(name, 2.0)
                    ),
                    key=lambda one: (-one.probability, one.theme),
                )
            )
            for row in chances.tolist()
        )


def learn_coding(
    texts: Sequence[str],
    coded: Sequence[Collection[str]],
    *,
    rng: np.random.Generator,
    groups: Sequence[Hashable] | None = None,
) -> CodingModel:
    """Learn which themes coders give.

    Args:
        texts: comments that were coded by hand.
        coded: the themes of each; empty for a comment that was read and got none.
        rng: the source of chance; the same generator gives the same model.
        groups: who said each comment: comments of one respondent are held out together. Each its own, when absent.

    Raises:
        NotEstimable: no theme has 10 examples among comments, and 10 comments without it.
        ValueError: ``texts``, ``coded`` and ``groups`` differ in length.
    """
    if len(texts) != len(coded) or (groups is not None and len(groups) != len(texts)):
        raise ValueError("texts, coded and groups are parallel")
    known = sorted({theme for themes in coded for theme in themes})
    given = np.array([[theme in themes for theme in known] for themes in coded], dtype=bool).reshape(len(texts), -1)
    counts = given.sum(axis=0)
    learnt = [i for i, n in enumerate(counts) if FEWEST_EXAMPLES <= n <= len(texts) - FEWEST_EXAMPLES]
    refused = tuple(
        Refusal(known[i], int(counts[i]), f"It takes {FEWEST_EXAMPLES} comments with the theme, and as many without.")
        for i in range(len(known))
        if i not in learnt
    )
    if not learnt:
        raise NotEstimable(f"No theme was given to {FEWEST_EXAMPLES} comments, and as many were coded without it.")
    held = _held_out(len(texts), groups, rng)
    vectorizer = word_vectorizer(rarest=1)
    vectorizer.fit(texts)
    rows = vectors_of(vectorizer, texts)
    themes, learners = [], []
    for i in learnt:
        truth = given[:, i]
        found = np.zeros(len(texts), dtype=bool)
        for fold in range(FOLDS):
            learner = LogisticRegression(C=10.0, class_weight="balanced").fit(rows[held != fold], truth[held != fold])
            found[held == fold] = learner.predict(rows[held == fold])
        both = int((truth & found).sum())
        f1 = 2 * both / max(int(truth.sum() + found.sum()), 1)
        themes.append(
            ThemeAccuracy(
                theme=known[i],
                examples=int(truth.sum()),
                precision=both / int(found.sum()) if found.any() else None,
                recall=both / int(truth.sum()),
                f1=f1,
                kappa=None,
                keyword_f1=0.0,
                offered=True,
                threshold=0.5,
            )
        )
        learners.append((known[i], LogisticRegression(C=10.0, class_weight="balanced").fit(rows, truth)))
    mean = float(np.mean([theme.f1 for theme in themes]))
    accuracy = CodingAccuracy(tuple(themes), len(texts), FOLDS, mean, mean, 0.0, 0.0, 0.0, 0.0, 0.0)
    return CodingModel(accuracy, refused, vectorizer, tuple(learners))


def _held_out(n: int, groups: Sequence[Hashable] | None, rng: np.random.Generator) -> NDArray[np.int64]:
    """Fold in which each comment is held out."""
    of = list(groups) if groups is not None else list(range(n))
    place = {group: index for index, group in enumerate(dict.fromkeys(of))}
    folds = rng.permutation(len(place)) % FOLDS
    return np.array([folds[place[group]] for group in of], dtype=np.int64)
