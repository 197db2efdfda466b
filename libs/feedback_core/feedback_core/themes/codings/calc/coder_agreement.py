"""Agreement of coders beyond chance: Cohen's kappa for two, Fleiss' kappa for a fixed number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval

Code = TypeVar("Code", str, int)
KappaWeights = Literal["none", "linear", "quadratic"]

# A variance below this is rounding, not spread.
_ROUNDING = 1e-15
_ENOUGH_COMMENTS = 50


@dataclass(frozen=True, slots=True)
class CohenKappa:
    """Agreement of two coders.

    Attributes:
        n: comments that both coded.
        percent_agreement: share of them with the same code, 0..1.
        kappa: agreement beyond chance; 1 is full, 0 what chance gives.
        standard_error: asymptotic; ``None`` when it vanishes, as for full agreement.
        interval: kappa -/+ z standard errors, not cut; ``None`` with it.
        z: of the test that kappa is 0, with the error under that hypothesis; ``None`` when that vanishes.
        p_value: two-sided, of ``z``.
        table: comments by code of the first (rows) and second coder, in the order of the categories.
        warnings: what a reader must be told, a sentence each.
    """

    n: int
    percent_agreement: float
    kappa: float
    standard_error: float | None
    interval: Interval | None
    z: float | None
    p_value: float | None
    table: tuple[tuple[int, ...], ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FleissKappa:
    """Agreement of a fixed number of coders, who need not be the same for each comment.

    Attributes:
        comments: coded.
        coders: of each comment.
        kappa: agreement beyond chance.
        z: of the test that kappa is 0.
        p_value: two-sided, of ``z``; 0.0 where it underflows.
    """

    comments: int
    coders: int
    kappa: float
    z: float
    p_value: float


def cohen_kappa(
    first: Sequence[Code | None],
    second: Sequence[Code | None],
    *,
    weights: KappaWeights = "none",
    categories: Sequence[Code] | None = None,
    level: float = 0.95,
) -> CohenKappa:
    """Cohen's kappa of two coders of the same comments.

    Args:
        first: code of each comment by the first coder; ``None`` where there is none, which leaves the comment out.
        second: by the second coder.
        weights: ``none`` counts full agreement only; for ordered codes, ``linear`` and ``quadratic`` count part of a
            disagreement as agreement by its distance in ranks.
        categories: all codes in order; those in use, sorted, when absent. Codes nobody used change weighted kappas.
        level: of the interval.

    Raises:
        NotEstimable: no comment was coded by both, or both used one and the same code throughout.
        ValueError: the coders' lengths differ, a code is not among the categories, or ``level`` is not between 0 and 1.

    Source: Cohen (1960), Educational and Psychological Measurement 20:37; Cohen (1968), Psychological Bulletin 70:213;
    Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72:323, for both errors. Golden: s32.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
    table = _cross_table(first, second, categories)
    n = int(table.sum())
    if n == 0:
        raise NotEstimable("No comment was coded by both coders.")
    agreed = float(np.trace(table)) / n
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        raise NotEstimable("Both coders used one code throughout, so chance alone explains their agreement.")
    kappa, variance, variance_under_chance = _kappa(table / n, _agreement_of_codes(len(table), weights), n)
    error = math.sqrt(variance) if variance > _ROUNDING else None
    z = kappa / math.sqrt(variance_under_chance) if variance_under_chance > _ROUNDING else None
    half = None if error is None else -float(ndtri((1.0 - level) / 2.0)) * error
    return CohenKappa(
        n=n,
        percent_agreement=agreed,
        kappa=kappa,
        standard_error=error,
        interval=None if half is None else Interval(kappa - half, kappa + half, level, "fleiss_cohen_everitt"),
        z=z,
        p_value=None if z is None else _two_sided(z),
        table=tuple(tuple(int(count) for count in row) for row in table.tolist()),
        warnings=_warnings(n, table),
    )


def fleiss_agreement(counts: ArrayLike) -> FleissKappa:
    """Fleiss' kappa from counts of codings.

    Args:
        counts: codings of each comment (rows) into each code (columns); every comment has equally many.

    Raises:
        NotEstimable: no comment, fewer than two coders, comments with different numbers of codings, or a single code
            throughout.
        ValueError: a count is negative, or the table is not two-dimensional.

    Source: Fleiss (1971), Psychological Bulletin 76:378; Fleiss, Nee & Landis (1979), Psychological Bulletin 86:974,
    for the test. Golden: s32.
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not (np.isfinite(table) & (table >= 0.0)).all():
        raise ValueError("counts are a table of comments by codes, none below 0")
    coders = table.sum(axis=1)
    if table.shape[0] == 0:
        raise NotEstimable("No comment was coded.")
    if (coders != coders[0]).any():
        raise NotEstimable("The comments have different numbers of codings; take Krippendorff's alpha.")
    if coders[0] < 2:
        raise NotEstimable("One coder has nobody to agree with; it takes two or more.")
    shares = table.sum(axis=0) / table.sum()
    spread = shares * (1.0 - shares)
    if np.count_nonzero(shares) < 2:
        raise NotEstimable("All coders used one code throughout, so chance alone explains their agreement.")
    by_comment = (table * (table - 1.0)).sum(axis=1) / (coders[0] * (coders[0] - 1.0))
    by_chance = float((shares**2).sum())
    kappa = (float(by_comment.mean()) - by_chance) / (1.0 - by_chance)
    pairs = float(table.sum() * (coders[0] - 1.0))
    whole = float(spread.sum())
    variance = 2.0 * (whole**2 - float((spread * (1.0 - 2.0 * shares)).sum())) / (whole**2 * pairs)
    z = kappa / variance**0.5
    return FleissKappa(table.shape[0], int(coders[0]), kappa, z, _two_sided(z))


def percent_agreement(codes: Sequence[Sequence[Code | None]]) -> float:
    """Share, 0..1, of comments that all coders gave the same code; comments with fewer than two codings do not count.

    Args:
        codes: by comment, the code of each coder; ``None`` where there is none.

    Raises:
        NotEstimable: no comment was coded twice.
    """
    given = [[code for code in comment if code is not None] for comment in codes]
    twice = [comment for comment in given if len(comment) > 1]
    if not twice:
        raise NotEstimable("No comment was coded twice, so there is no agreement to measure.")
    return sum(len(set(comment)) == 1 for comment in twice) / len(twice)


def _cross_table(
    first: Sequence[Code | None], second: Sequence[Code | None], categories: Sequence[Code] | None
) -> NDArray[np.float64]:
    if len(first) != len(second):
        raise ValueError(f"the coders have {len(first)} and {len(second)} comments")
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    known = sorted({code for pair in pairs for code in pair}) if categories is None else list(categories)
    place = {code: index for index, code in enumerate(known)}
    strange = {code for pair in pairs for code in pair} - place.keys()
    if strange:
        raise ValueError(f"codes outside the categories: {sorted(strange)}")
    table = np.zeros((len(known), len(known)))
    for a, b in pairs:
        table[place[a], place[b]] += 1
    return table


def _agreement_of_codes(codes: int, weights: KappaWeights) -> NDArray[np.float64]:
    """How far each pair of codes agrees, 0..1."""
    if weights == "none":
        return np.eye(codes)
    ranks = np.arange(codes)
    apart = np.abs(ranks[:, None] - ranks) / (codes - 1.0)
    return np.asarray(1.0 - (apart if weights == "linear" else apart**2))


def _kappa(shares: NDArray[np.float64], agreement: NDArray[np.float64], n: int) -> tuple[float, float, float]:
    """Kappa, its variance, and its variance if chance alone were at work."""
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((shares * agreement).sum()), float(first @ agreement @ second)
    kappa = (observed - expected) / (1.0 - expected)
    typical = (agreement @ second)[:, None] + agreement.T @ first
    scale = n * (1.0 - expected) ** 2
    spread = float((shares * (agreement - typical * (1.0 - kappa)) ** 2).sum())
    chance = float((np.outer(first, second) * (agreement - typical) ** 2).sum())
    return kappa, (spread - (kappa - expected * (1.0 - kappa)) ** 2) / scale, (chance - expected**2) / scale


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2.0))


def _warnings(n: int, table: NDArray[np.float64]) -> tuple[str, ...]:
    said = []
    if n < _ENOUGH_COMMENTS:
        said.append(f"Only {n} comments were coded twice: read the interval before the figure.")
    if (table.sum(axis=0) + table.sum(axis=1)).max() > 0.8 * 2 * n:
        said.append("One code has most of the comments, which lowers kappa; look at the table.")
    return tuple(said)
