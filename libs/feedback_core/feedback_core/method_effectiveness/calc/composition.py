"""Who answers by which method: distance of each method from the others, and what evening it out would cost."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_core.bias.calc.differences import mean_difference, share_differences
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.method_effectiveness.types import CompositionDistance
from feedback_core.planning.types import CollectionMethod
from feedback_core.weighting.calc import Margin, WeightsUnusable, encode, kish_design_effect, rake_capped
from feedback_core.weighting.types import MarginsUnusable

UNKNOWN = "(not known)"
"""Category of those of whom an attribute is not known: one like any other."""
_TOGETHER = "(others)"

Cells = Mapping[tuple[str, ...], int]
"""Complete responses by category of each attribute."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What is found of one method.

    Attributes:
        distances: from the others, by attribute.
        design_effect: of the weights that give it the composition of all; ``None``: no weights do.
        not_reached: categories that others reached and it did not, as ``region north``.
    """

    distances: tuple[CompositionDistance, ...]
    design_effect: float | None
    not_reached: tuple[str, ...]


def compositions(
    cells: Mapping[CollectionMethod, Cells], attributes: Sequence[str], *, minimum: int
) -> dict[CollectionMethod, Composition]:
    """Composition of each method against the others.

    Categories of which some method has fewer than may be shown are taken together in all of them, with as many others
    as it takes that none can be worked out; an attribute of which fewer than two categories are left says nothing.

    Args:
        cells: by method; of those that are shown.
        attributes: keys, in the order of the categories.
        minimum: fewest responses that may be shown.

    Source: Duncan & Duncan (1955), American Sociological Review 20:210, for the index of dissimilarity; Kish (1992).
    """
    found = [(place, _merged(cells, place, minimum)) for place in range(len(attributes))]
    usable = [(place, hidden) for place, hidden in found if hidden is not None]
    shown = {method: _recoded(counts, usable) for method, counts in cells.items()}
    parts = [(attributes[place], tuple(sorted(hidden))) for place, hidden in usable]
    return {method: _composition(shown, method, parts) for method in shown}


def _merged(cells: Mapping[CollectionMethod, Cells], place: int, minimum: int) -> frozenset[str] | None:
    """Categories to take together; ``None``: nothing that can be told apart would be left."""
    hidden: set[str] = set()
    every: set[str] = set()
    for counts in cells.values():
        by_category: Counter[str] = Counter()
        for cell, n in counts.items():
            by_category[cell[place]] += n
        every |= set(by_category)
        suppression = suppress_groups(sorted(by_category.items()), minimum=minimum)
        if suppression.total_hidden:
            return None
        hidden |= set(suppression.hidden)
    left = len(every - hidden) + bool(hidden)
    return frozenset(hidden) if left > 1 else None


def _recoded(counts: Cells, usable: Sequence[tuple[int, frozenset[str]]]) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for cell, n in counts.items():
        found[tuple(_TOGETHER if cell[place] in hidden else cell[place] for place, hidden in usable)] += n
    return found


def _composition(
    shown: Mapping[CollectionMethod, Cells], method: CollectionMethod, parts: Sequence[tuple[str, tuple[str, ...]]]
) -> Composition:
    mine = shown[method]
    distances: list[CompositionDistance] = []
    margins: list[Margin] = []
    not_reached: list[str] = []
    for place, (attribute, merged) in enumerate(parts):
        own = _shares([mine], place)
        others = _shares([counts for name, counts in shown.items() if name != method], place)
        pooled = _shares(shown.values(), place)
        not_reached += [f"{attribute} {category}" for category in pooled if category not in own]
        reached = {category: share for category, share in pooled.items() if category in own}
        whole = sum(reached.values())
        margins.append(Margin(attribute, tuple(reached), tuple(share / whole for share in reached.values())))
        if others:
            distances.append(_distance(attribute, own, others, merged))
    return Composition(tuple(distances), _design_effect(mine, margins), tuple(not_reached))


def _shares(counted: Iterable[Cells], place: int) -> dict[str, float]:
    found: Counter[str] = Counter()
    for counts in counted:
        for cell, n in counts.items():
            found[cell[place]] += n
    whole = sum(found.values())
    return {category: found[category] / whole for category in sorted(found)}


def _distance(
    attribute: str, own: Mapping[str, float], others: Mapping[str, float], merged: tuple[str, ...]
) -> CompositionDistance:
    every = sorted({*own, *others})
    mine, theirs = ([side.get(category, 0.0) for category in every] for side in (own, others))
    try:
        standardised = mean_difference([share_differences(mine, theirs)])
    except NotEstimable:
        standardised = None
    apart = float(np.abs(np.subtract(mine, theirs)).sum()) / 2
    return CompositionDistance(attribute, apart, standardised, merged)


def _design_effect(cells: Cells, margins: Sequence[Margin]) -> float | None:
    """Of the weights, raked and capped, under which the method has these margins."""
    counts = np.array(list(cells.values()), dtype=float)
    if not margins:
        return 1.0
    columns = [[cell[place] for cell in cells] for place in range(len(margins))]
    try:
        weights = rake_capped(encode(margins, columns), margins, counts=counts).weights
    except (MarginsUnusable, WeightsUnusable):
        return None
    return kish_design_effect(weights, counts).design_effect
