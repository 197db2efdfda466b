"""What unequal weights cost: Kish's design effect and the effective number of answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.types import DesignEffect


@dataclass(frozen=True, slots=True)
class GroupDesignEffect:
    """The design effect inside one group."""

    group: str
    effect: DesignEffect


def kish_design_effect(weights: ArrayLike, counts: ArrayLike | None = None) -> DesignEffect:
    """Kish design effect of ``weights``.

    Args:
        weights: one per answer, or per cell when ``counts`` is given; finite and above 0.
        counts: answers in each cell, all sharing its weight.

    Raises:
        NotEstimable: no answer, or a weight that is not a finite number above 0.

    Source: Kish (1992), J. Official Statistics 8:183. Golden: s10.
    """
    each = np.asarray(weights, dtype=float)
    number = np.ones(each.shape) if counts is None else np.asarray(counts, dtype=float)
    n = float(number.sum())
    if n <= 0:
        raise NotEstimable("There is no answer to weight, so there is no design effect.")
    if not (np.isfinite(each).all() and (each > 0).all()):
        raise NotEstimable("A weight is not a finite number above 0, so the design effect has no meaning.")
    relative = each / each.max()
    effect = max(1.0, n * float(number @ relative**2) / float(number @ relative) ** 2)
    return DesignEffect(round(n), effect, n / effect)


def design_effect_by_group(weights: ArrayLike, groups: Sequence[str]) -> tuple[GroupDesignEffect, ...]:
    """Kish design effect inside each group, by name of the group; ``groups`` names the group of each weight.

    Raises:
        NotEstimable: as `kish_design_effect`.
    """
    each = np.asarray(weights, dtype=float)
    names, member = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    return tuple(GroupDesignEffect(str(name), _inside(each, member == code)) for code, name in enumerate(names))


def _inside(weights: NDArray[np.float64], mask: NDArray[np.bool_]) -> DesignEffect:
    return kish_design_effect(weights[mask])
