"""Krippendorff's alpha: agreement of any number of coders, with missing codes, on any scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable

Code = TypeVar("Code", str, int, float)
Metric = Literal["nominal", "ordinal", "interval", "ratio"]
Verdict = Literal["reliable", "tentative", "unreliable"]

# Krippendorff (2004), Content Analysis, 2nd ed., section 11.4.
_RELIABLE, _TENTATIVE = 0.8, 2 / 3


@dataclass(frozen=True, slots=True)
class KrippendorffAlpha:
    """Agreement of coders beyond chance.

    Attributes:
        alpha: 1 is full agreement, 0 what chance gives; negative for systematic disagreement.
        metric: of the codes.
        units: comments with at least two codes.
        pairable: codes of these.
    """

    alpha: float
    metric: Metric
    units: int
    pairable: int

    @property
    def verdict(self) -> Verdict:
        """``reliable`` from .80, ``tentative`` conclusions only from .667."""
        if self.alpha >= _RELIABLE:
            return "reliable"
        return "tentative" if self.alpha >= _TENTATIVE else "unreliable"


def krippendorff_alpha(codes: Sequence[Sequence[Code | None]], *, metric: Metric = "nominal") -> KrippendorffAlpha:
    """Krippendorff's alpha, 1 - observed / expected disagreement.

    Args:
        codes: by comment, the code of each coder; ``None`` where there is none.
        metric: how far two codes are apart: ``nominal`` equal or not; ``ordinal`` by the codes ranked between them;
            ``interval`` by their squared difference; ``ratio`` by that relative to their sum.

    Raises:
        NotEstimable: no comment has two codes, or all of these are the same code.
        ValueError: codes that are NaN, no numbers with ``interval`` or ``ratio``, or below 0 with ``ratio``.

    Source: Krippendorff (2004), Content Analysis, 2nd ed., ch. 11; Hayes & Krippendorff (2007), Communication Methods
    and Measures 1:77. Golden: s32.
    """
    if any(code != code for unit in codes for code in unit):  # noqa: PLR0124
        raise ValueError("a missing code is None, not NaN")
    units = [given for unit in codes if len(given := [code for code in unit if code is not None]) > 1]
    if not units:
        raise NotEstimable("No comment was coded twice, so there is no agreement to measure.")
    values = sorted({code for unit in units for code in unit})
    if len(values) < 2:
        raise NotEstimable("All coders used one code throughout, so chance alone explains their agreement.")
    place = {value: index for index, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for row, unit in enumerate(units):
        for code in unit:
            counts[row, place[code]] += 1
    share = counts / (counts.sum(axis=1, keepdims=True) - 1.0)
    coincidences = counts.T @ share - np.diag(share.sum(axis=0))
    margins = coincidences.sum(axis=0)
    n = float(margins.sum())
    apart = _DISTANCES[metric](_numbers(values) if metric in {"interval", "ratio"} else margins)
    observed = float((coincidences * apart).sum())
    expected = float(margins @ apart @ margins) / (n - 1.0)
    return KrippendorffAlpha(1.0 - observed / expected, metric, len(units), round(n))


def _numbers(values: Sequence[str | float]) -> NDArray[np.float64]:
    if any(isinstance(value, str) for value in values):
        raise ValueError("interval and ratio distances take codes that are numbers")
    return np.array(values, dtype=float)


def _nominal(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 - np.eye(margins.size)


def _ordinal(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes between two codes, both counted half, squared."""
    middle = np.cumsum(margins) - margins / 2.0
    return np.asarray((middle[:, None] - middle) ** 2)


def _interval(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values[:, None] - values) ** 2)


def _ratio(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if values.min() < 0.0:
        raise ValueError("ratio distances take codes of 0 or above")
    sums = values[:, None] + values
    return np.asarray(((values[:, None] - values) / np.where(sums == 0.0, 1.0, sums)) ** 2)


_DISTANCES: dict[Metric, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
