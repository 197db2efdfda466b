"""Ranking measures by importance, spread and cost, with the arithmetic shown: pure."""

from collections.abc import Callable, Sequence

from feedback_core.standards.selection.types import Measure, RankedMeasure


def rank_measures(found: Sequence[Measure]) -> tuple[RankedMeasure, ...]:
    """Measures, the best mean of the three places first.

    Importance counts where it was measured; a measure of which it was only assumed comes behind those, by what was
    assumed. More spread is better, and so are fewer answers needed: the two pull against each other, so a measure that
    is far ahead on one is not first for that alone.
    """
    importance = _places(found, _importance)
    spread = _places(found, lambda one: None if one.spread is None else (one.spread.value,))
    cost = _places(found, lambda one: None if one.cost is None else (-one.cost.answers,))
    ranked = [
        RankedMeasure(one, first, second, third, (first + second + third) / 3, _why(one, first, second, third))
        for one, first, second, third in zip(found, importance, spread, cost, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda one: (one.mean_rank, one.by_importance)))


def _importance(one: Measure) -> tuple[float, ...] | None:
    if one.importance is not None:
        return (1.0, one.importance.share)
    return None if one.assumed_importance is None else (0.0, float(one.assumed_importance))


def _places(found: Sequence[Measure], of: Callable[[Measure], tuple[float, ...] | None]) -> list[int]:
    """1 + how many are better; what is not known comes behind all that is."""
    values = [of(one) for one in found]
    known = [value for value in values if value is not None]
    return [1 + (len(known) if value is None else sum(other > value for other in known)) for value in values]


def _why(one: Measure, importance: int, spread: int, cost: int) -> str:
    told = f"Places {importance} by importance, {spread} by spread, {cost} by cost: {importance + spread + cost} / 3."
    if one.importance is None:
        assumed = "is only assumed" if one.assumed_importance is not None else "is not known"
        told += f" Its importance {assumed}: no analysis of drivers has it."
    if one.spread is None:
        told += " Its spread and what it costs are not known: too few answered, or all alike."
    return told
