"""Signs of careless answering taken together: one alone excludes nobody."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REQUIRED = 2


@dataclass(frozen=True, slots=True)
class CombinedFlags:
    """Signs by respondent.

    Attributes:
        count: signs of each respondent, shape (n,).
        exclusion_advised: whether there are at least ``required`` of them.
        required: signs it takes.
        by_sign: respondents with each sign.
    """

    count: NDArray[np.int64]
    exclusion_advised: NDArray[np.bool_]
    required: int
    by_sign: Mapping[str, int]


def combine_flags(flags: Mapping[str, NDArray[np.bool_]], *, required: int = REQUIRED) -> CombinedFlags:
    """Respondents with at least ``required`` different signs of careless answering.

    Signs that measure the same thing (a full run of equal answers and no variability) must be joined into one first,
    or one weakness would count twice. Exclusion is advice: a figure is to be shown with and without.

    Args:
        flags: by sign, whether each respondent shows it, shape (n,).
        required: signs it takes, at least 1.

    Raises:
        ValueError: no sign, signs of different lengths, or ``required`` below 1.

    Source: Meade & Craig (2012), Psychological Methods 17:437; Curran (2016), J. Experimental Social Psychology 66:4.
    """
    if not flags or len({flag.shape for flag in flags.values()}) > 1:
        raise ValueError("give at least one sign, and each for the same respondents")
    if required < 1:
        raise ValueError(f"at least one sign is required, not {required}")
    count = np.sum([flag.astype(np.int64) for flag in flags.values()], axis=0)
    return CombinedFlags(
        count=count,
        exclusion_advised=count >= required,
        required=required,
        by_sign={sign: int(flag.sum()) for sign, flag in flags.items()},
    )
