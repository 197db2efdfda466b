"""How far the coders of a survey agree, theme by theme and over all."""

from collections.abc import Iterable, Sequence
from itertools import combinations, groupby

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.themes.codebooks.types import CodebookHistory
from feedback_core.themes.codings.calc.coder_agreement import cohen_kappa, fleiss_agreement, percent_agreement
from feedback_core.themes.codings.calc.krippendorff import Verdict, krippendorff_alpha
from feedback_core.themes.codings.calc.settling import settle_codings
from feedback_core.themes.codings.types import (
    CoderRole,
    Coding,
    CodingAgreement,
    Disagreement,
    PairAgreement,
    ThemeAgreement,
)

FEWEST_RESAMPLED = 10
RESAMPLES = 1_000
_ENOUGH = 50
_GIVEN, _NOT_GIVEN = "given", "not given"

Codes = list[str | None]
"""Of one comment, by coder; ``None`` where a coder has not coded it."""


def agreement_of_codings(
    codings: Sequence[Coding], history: CodebookHistory, *, seed: int, most: int, level: float = 0.95
) -> CodingAgreement:
    """Agreement of coders about each theme, given or not, and about all of them together.

    Comments that were coded before a theme was in the codebook say nothing about it. Adjudicators are not compared:
    they have seen what the others gave.

    Args:
        codings: the latest of each coder in each role, those of one comment side by side, the first coder's first.
        history: themes that are looked at, and since when each is in the codebook.
        seed: that comments are resampled with for the interval.
        most: disagreements to name.
        level: of the intervals.

    Source: Krippendorff (2004), Content Analysis, 2nd ed., ch. 11; percentile bootstrap over comments, as its 11.4.
    """
    by_comment = [list(found) for _, found in groupby(codings, key=lambda coding: coding.comment)]
    by_coders = [[one for one in found if one.role is CoderRole.CODER] for found in by_comment]
    twice = [found for found in by_coders if len(found) > 1]
    coders = sorted({coding.coder for found in by_coders for coding in found})
    settled = settle_codings(codings)
    units = {key: _units(key, twice, coders, history.since[key]) for key in history.codebook.keys}
    pooled = [codes for key in units for codes in units[key] if codes is not None]
    alpha, verdict, _ = _alpha(pooled)
    disputed = [comment for comment in settled if comment.disputed]
    differing = {comment.comment for comment in disputed}
    return CodingAgreement(
        codebook_version=history.codebook.version,
        coders=tuple(coders),
        coded=len(settled),
        twice=len(twice),
        adjudicated=sum(comment.adjudicated for comment in settled),
        disputed=len(disputed),
        alpha=alpha,
        alpha_interval=None if alpha is None else _interval(units.values(), len(twice), seed, level),
        verdict=verdict,
        seed=seed,
        themes=tuple(_theme(key, [c for c in units[key] if c is not None], coders, level) for key in units),
        disagreements=tuple(
            Disagreement(found[0].comment, {coding.coder: coding.themes for coding in found})
            for found in twice
            if found[0].comment in differing
        )[:most],
        warnings=_warnings(len(twice), len(disputed)),
    )


def _units(theme: str, twice: Sequence[Sequence[Coding]], coders: Sequence[str], since: int) -> list[Codes | None]:
    """Codes of each comment; ``None`` where fewer than two coders knew of the theme."""
    found: list[Codes | None] = []
    for codings in twice:
        given = {
            coding.coder: _GIVEN if theme in coding.themes else _NOT_GIVEN
            for coding in codings
            if coding.codebook_version >= since
        }
        found.append([given.get(coder) for coder in coders] if len(given) > 1 else None)
    return found


def _theme(theme: str, units: Sequence[Codes], coders: Sequence[str], level: float) -> ThemeAgreement:
    alpha, verdict, why_not = _alpha(units)
    return ThemeAgreement(
        theme=theme,
        comments=len(units),
        percent_agreement=percent_agreement(units) if units else None,
        alpha=alpha,
        verdict=verdict,
        fleiss_kappa=_fleiss(units),
        pairs=tuple(_pairs(units, coders, level)),
        why_not=why_not,
    )


def _alpha(units: Sequence[Codes]) -> tuple[float | None, Verdict | None, str | None]:
    try:
        found = krippendorff_alpha(units)
    except NotEstimable as refused:
        return None, None, refused.detail
    return found.alpha, found.verdict, None


def _fleiss(units: Sequence[Codes]) -> float | None:
    counts = [[codes.count(_GIVEN), codes.count(_NOT_GIVEN)] for codes in units]
    try:
        return fleiss_agreement(np.array(counts).reshape(-1, 2)).kappa
    except NotEstimable:
        return None


def _pairs(units: Sequence[Codes], coders: Sequence[str], level: float) -> Iterable[PairAgreement]:
    for a, b in combinations(range(len(coders)), 2):
        both = [(codes[a], codes[b]) for codes in units if codes[a] is not None and codes[b] is not None]
        if not both:
            continue
        agreed = sum(one == other for one, other in both) / len(both)
        try:
            found = cohen_kappa([one for one, _ in both], [other for _, other in both], level=level)
        except NotEstimable as refused:
            yield PairAgreement(coders[a], coders[b], len(both), agreed, None, None, refused.detail)
        else:
            yield PairAgreement(coders[a], coders[b], len(both), agreed, found.kappa, found.interval)


def _interval(units: Iterable[Sequence[Codes | None]], comments: int, seed: int, level: float) -> Interval | None:
    """Of alpha over all themes, by resampling comments with all that was coded of them."""
    if comments < FEWEST_RESAMPLED:
        return None
    parts = np.zeros((comments, 3))
    for of_theme in units:
        parts += np.array([_coincidences(codes) for codes in of_theme]).reshape(comments, 3)
    rng = np.random.default_rng(seed)
    draws = [parts[rng.integers(comments, size=comments)].sum(axis=0) for _ in range(RESAMPLES)]
    alphas = [alpha for draw in draws if (alpha := _binary_alpha(draw)) is not None]
    if len(alphas) < RESAMPLES / 2:
        return None
    low, high = np.quantile(alphas, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(float(low), float(high), level, "percentile_bootstrap")


def _coincidences(codes: Codes | None) -> tuple[float, float, float]:
    """Of one unit: coincidences of unlike codes, codes given, codes not given."""
    if codes is None:
        return 0.0, 0.0, 0.0
    given, not_given = codes.count(_GIVEN), codes.count(_NOT_GIVEN)
    return 2.0 * given * not_given / (given + not_given - 1), float(given), float(not_given)


def _binary_alpha(sums: NDArray[np.float64]) -> float | None:
    unlike, given, not_given = sums.tolist()
    if not given or not not_given:
        return None
    return float(1.0 - (given + not_given - 1.0) * unlike / (2.0 * given * not_given))


def _warnings(twice: int, disputed: int) -> tuple[str, ...]:
    said = []
    if twice < _ENOUGH:
        said.append(f"Only {twice} comments were coded by two or more: read the intervals before the figures.")
    if disputed:
        said.append(f"{disputed} comments are disputed: until an adjudicator decides, the first coder's themes hold.")
    return tuple(said)
