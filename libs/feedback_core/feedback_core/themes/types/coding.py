"""Coding learnt from the hand coding of others: what it suggests, and how right it was where the answer is known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThemeProbability:
    """A theme suggested for a comment.

    Attributes:
        theme: its key.
        probability: that a coder would give it, 0..1, calibrated on held-out comments.
    """

    theme: str
    probability: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """A theme that was not learnt.

    Attributes:
        theme: its key.
        examples: comments coded with it.
        reason: why, in a sentence.
    """

    theme: str
    examples: int
    reason: str


@dataclass(frozen=True, slots=True)
class ThemeAccuracy:
    """How well one theme is suggested, on comments that were held out; the coders' answer counts as right.

    Attributes:
        theme: its key.
        examples: comments coded with it.
        precision: share of the suggested that coders gave; ``None`` when it was never suggested.
        recall: share of the coders' that were suggested.
        f1: harmonic mean of both.
        kappa: agreement with the coders beyond chance; ``None`` where chance alone explains it.
        keyword: stem of the one word that tells it best.
        keyword_f1: F1 of the simple rule "has that word"; where it is higher, a keyword rule does as well.
        offered: whether it agrees with the coders at least fairly (kappa from .21); a theme that does not is not
            suggested.
        threshold: probability from which it is suggested.
    """

    theme: str
    examples: int
    precision: float | None
    recall: float
    f1: float
    kappa: float | None
    keyword: str
    keyword_f1: float
    offered: bool
    threshold: float


@dataclass(frozen=True, slots=True)
class CodingAccuracy:
    """Cross-validated accuracy over all themes that were learnt.

    Attributes:
        themes: by theme, most examples first.
        n: comments that were learnt from.
        folds: of the cross-validation.
        micro_f1: over all pairs of comment and theme.
        macro_f1: mean over themes.
        keyword_micro_f1: of a rule of one word per theme.
        keyword_macro_f1: mean over themes of the same.
        majority_micro_f1: of giving every comment the most frequent theme.
        majority_macro_f1: mean over themes of the same.
        calibration_error: mean distance of stated probabilities from the shares that came true, weighted by size.
    """

    themes: tuple[ThemeAccuracy, ...]
    n: int
    folds: int
    micro_f1: float
    macro_f1: float
    keyword_micro_f1: float
    keyword_macro_f1: float
    majority_micro_f1: float
    majority_macro_f1: float
    calibration_error: float
