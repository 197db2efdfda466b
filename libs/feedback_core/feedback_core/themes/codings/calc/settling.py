"""What holds of a comment once several people have coded it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from feedback_core.themes.codings.types import CoderRole, Coding, SettledCoding


def settle_codings(codings: Iterable[Coding]) -> list[SettledCoding]:
    """The coding of each comment that holds.

    An adjudicator's holds against all others, the latest where there are several. Else the coders' holds if they agree.
    Where they differ and nobody has decided, that of whoever coded the comment first holds, and it is disputed: to take
    what all gave would count too few, to take what anybody gave too many.

    Args:
        codings: the latest of each coder in each role, those of one comment side by side, the first coder's first.
    """
    return [_settled(list(found)) for _, found in groupby(codings, key=lambda coding: coding.comment)]


def _settled(codings: Sequence[Coding]) -> SettledCoding:
    coders = sorted(
        (coding for coding in codings if coding.role is CoderRole.CODER), key=lambda c: (c.coded_at, c.coder)
    )
    deciding = [coding for coding in codings if coding.role is CoderRole.ADJUDICATOR]
    holds = max(deciding, key=lambda coding: coding.id) if deciding else coders[0]
    differ = len({frozenset(coding.themes) for coding in coders}) > 1
    return SettledCoding(
        comment=holds.comment,
        themes=holds.themes,
        coders=tuple(coding.coder for coding in coders),
        adjudicated=bool(deciding),
        disputed=differ and not deciding,
        codebook_version=holds.codebook_version,
    )
