"""Many comparisons shown together: each with a p-value that knows how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod, adjust_p_values

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Pair(Generic[Group]):
    """Two groups or periods, first minus second.

    Attributes:
        adjusted_p_value: of the family of all pairs shown; ``None`` where the pair cannot be tested.
        differ: whether the adjusted p-value is below 1 - level; ``None`` where the pair cannot be tested.
    """

    first: Group
    second: Group
    comparison: Comparison
    adjusted_p_value: float | None
    differ: bool | None

    @property
    def verdict(self) -> str:
        """One plain sentence for the reader."""
        sizes = f"n = {self.comparison.n_first} and {self.comparison.n_second}"
        if self.differ is None:
            return f"Whether they differ cannot be told at {sizes}."
        if self.differ:
            return f"They differ by more than chance explains at {sizes}, all pairs considered."
        return f"No difference can be told at {sizes}, all pairs considered."


def adjusted_family(
    pairs: Sequence[tuple[Group, Group, Comparison]], *, method: AdjustmentMethod = "BH", level: float = 0.95
) -> list[Pair[Group]]:
    """The pairs with adjusted p-values; those that cannot be tested are no part of the family.

    Intervals are not adjusted: each is of its own pair alone.

    Source: as `adjust_p_values`.
    """
    tested = [comparison.p_value for _, _, comparison in pairs if comparison.p_value is not None]
    adjusted = iter(adjust_p_values(tested, method=method))
    found = []
    for first, second, comparison in pairs:
        p_value = None if comparison.p_value is None else next(adjusted)
        found.append(Pair(first, second, comparison, p_value, None if p_value is None else p_value < 1 - level))
    return found
