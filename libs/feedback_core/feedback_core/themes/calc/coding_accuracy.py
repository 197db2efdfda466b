"""How right a learnt coding was, beside the simple rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.themes.types import CodingAccuracy, ThemeAccuracy

_BINS = 10
# Landis & Koch (1977), Biometrics 33:159: from here agreement is fair.
_FAIR = 0.21


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Held-out comments (rows) by theme (columns): coders, probabilities, and two simple rules."""

    themes: Sequence[str]
    keywords: Sequence[str]
    truth: NDArray[np.bool_]
    chances: NDArray[np.float64]
    by_keyword: NDArray[np.bool_]
    by_majority: NDArray[np.bool_]


def accuracy_of(held_out: HeldOut, *, threshold: float, folds: int) -> CodingAccuracy:
    """Precision, recall, F1 and kappa of each theme suggested from ``threshold`` on, and over all of them."""
    said = held_out.chances >= threshold
    themes = [_theme(held_out, column, said[:, column], threshold) for column in range(len(held_out.themes))]
    return CodingAccuracy(
        themes=tuple(sorted(themes, key=lambda theme: (-theme.examples, theme.theme))),
        n=held_out.truth.shape[0],
        folds=folds,
        micro_f1=f1_of(held_out.truth, said),
        macro_f1=macro_f1(held_out.truth, said),
        keyword_micro_f1=f1_of(held_out.truth, held_out.by_keyword),
        keyword_macro_f1=macro_f1(held_out.truth, held_out.by_keyword),
        majority_micro_f1=f1_of(held_out.truth, held_out.by_majority),
        majority_macro_f1=macro_f1(held_out.truth, held_out.by_majority),
        calibration_error=_calibration_error(held_out.truth, held_out.chances),
    )


def f1_of(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """F1 over all pairs of comment and theme; 0 where nothing is right."""
    return 2.0 * float((truth & said).sum()) / max(float(truth.sum() + said.sum()), 1.0)


def macro_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Mean F1 of the themes."""
    return float(np.mean([f1_of(truth[:, column], said[:, column]) for column in range(truth.shape[1])]))


def _theme(held_out: HeldOut, column: int, said: NDArray[np.bool_], threshold: float) -> ThemeAccuracy:
    truth = held_out.truth[:, column]
    right = float((truth & said).sum())
    kappa = _kappa(truth, said)
    return ThemeAccuracy(
        theme=held_out.themes[column],
        examples=int(truth.sum()),
        precision=right / float(said.sum()) if said.any() else None,
        recall=right / float(truth.sum()),
        f1=f1_of(truth, said),
        kappa=kappa,
        keyword=held_out.keywords[column],
        keyword_f1=f1_of(truth, held_out.by_keyword[:, column]),
        offered=kappa is not None and kappa >= _FAIR,
        threshold=threshold,
    )


def _kappa(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float | None:
    """Cohen's kappa of two codings by yes and no; ``None`` where both are one code throughout."""
    given, suggested = float(truth.mean()), float(said.mean())
    chance = given * suggested + (1.0 - given) * (1.0 - suggested)
    return None if chance >= 1.0 else (float((truth == said).mean()) - chance) / (1.0 - chance)


def _calibration_error(truth: NDArray[np.bool_], chances: NDArray[np.float64]) -> float:
    """Expected calibration error over ten bins of the stated probability."""
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1).ravel()
    apart = np.bincount(bins, weights=(truth - chances).ravel(), minlength=_BINS)
    return float(np.abs(apart).sum() / truth.size)
