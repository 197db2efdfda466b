"""Which groups of a breakdown are withheld, so that no small group can be read or computed."""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

Group = TypeVar("Group", bound=Hashable)


class Reason(StrEnum):
    """Why something is withheld. For the audit only: a reader who is told it can narrow down what is hidden."""

    PRIMARY = "primary"
    COMPLEMENTARY = "complementary"


@dataclass(frozen=True, slots=True)
class GroupSuppression(Generic[Group]):
    """What of a breakdown must not be shown: neither n nor any figure of it.

    Attributes:
        hidden: groups withheld, in the order of the breakdown. A group with n = 0 is never among them: it is empty.
        total_hidden: the total must be withheld as well, since with it the hidden groups could be computed.
    """

    hidden: Mapping[Group, Reason] = field(default_factory=dict)
    total_hidden: bool = False


def suppress_groups(groups: Sequence[tuple[Group, int]], *, minimum: int) -> GroupSuppression[Group]:
    """Withhold groups of a one-way breakdown whose total is shown.

    First every group with 0 < n < ``minimum`` (primary); then, as long as the hidden ones are a single group, or
    together fewer than ``minimum``, or so few that each must be exactly 1, the smallest group still shown, the first of
    equals (complementary). If that hides all and still does not do, the total goes too.

    It holds against a reader who knows the total, all that is shown, the minimum, and that hidden groups are not empty.

    Args:
        groups: each group of the breakdown once, with its n; every answer of the total is in exactly one.
        minimum: smallest n that may be shown; 1 withholds nothing.

    Raises:
        ValueError: ``minimum`` is below 1, an n is negative, or a group appears twice.
    """
    counts = dict(groups)
    if len(counts) != len(groups):
        raise ValueError("a group appears twice in the breakdown")
    require_counts(counts.values(), minimum)
    reasons = {group: Reason.PRIMARY for group, n in groups if 0 < n < minimum}
    # A group may be None, so None cannot say that there is no other.
    shown = deque(sorted((group for group, n in groups if n >= minimum), key=counts.__getitem__))
    while reasons and _gives_away([counts[group] for group in reasons], minimum):
        if not shown:
            return GroupSuppression(_in_order(groups, reasons), total_hidden=True)
        reasons[shown.popleft()] = Reason.COMPLEMENTARY
    return GroupSuppression(_in_order(groups, reasons))


def require_counts(counts: Iterable[int], minimum: int) -> None:
    """Refuse what is no table of counts.

    Raises:
        ValueError: ``minimum`` is below 1, or a count is negative.
    """
    if minimum < 1:
        raise ValueError(f"the smallest n that may be shown is at least 1, not {minimum}")
    if any(n < 0 for n in counts):
        raise ValueError("a count is negative")


def _gives_away(hidden: Sequence[int], minimum: int) -> bool:
    """Whether a hidden group, or all of them as one small group, follow from their sum, which is known."""
    total = sum(hidden)
    return len(hidden) == 1 or total < minimum or total == len(hidden)


def _in_order(groups: Sequence[tuple[Group, int]], reasons: Mapping[Group, Reason]) -> dict[Group, Reason]:
    return {group: reasons[group] for group, _ in groups if group in reasons}
