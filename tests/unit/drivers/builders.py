"""Patterns of answers with known effects."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import expit

from feedback_core.drivers.calc import AnswerPatterns, numeric_driver


def answers(
    n: int, *, slopes: Sequence[float] = (1.0, 0.5), cuts: Sequence[float] = (-1.0, 1.0), seed: int = 1
) -> AnswerPatterns:
    """One row per respondent: ratings 1-5 that move an outcome 0, 1, … by a proportional-odds model."""
    rng = np.random.default_rng(seed)
    ratings = rng.integers(1, 6, size=(n, len(slopes))).astype(float)
    lifted = (ratings - 3) @ np.array(slopes)
    below = expit(np.array(cuts)[None, :] - lifted[:, None])
    outcome = (rng.random(n)[:, None] > below).sum(axis=1).astype(float)
    drivers = tuple(numeric_driver(f"d{i}", column) for i, column in enumerate(ratings.T))
    return AnswerPatterns(outcome, drivers, np.ones(n))


def grouped(rows: AnswerPatterns) -> AnswerPatterns:
    """The same answers with equal rows counted together."""
    weights = np.ones(rows.outcome.size) if rows.weights is None else rows.weights
    table = np.column_stack([rows.outcome, rows.columns, weights])
    distinct, member = np.unique(table, axis=0, return_inverse=True)
    drivers = tuple(numeric_driver(name, distinct[:, 1 + i]) for i, name in enumerate(rows.labels))
    counts = np.bincount(member.ravel(), weights=rows.counts).astype(float)
    return AnswerPatterns(distinct[:, 0], drivers, counts, None if rows.weights is None else distinct[:, -1])


def weighted(rows: AnswerPatterns) -> AnswerPatterns:
    """The same answers, those with a high first driver counting double."""
    return replace(rows, weights=np.where(rows.columns[:, 0] > 3, 2.0, 1.0))
