"""Who has answered so far, against the invited."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from feedback_core.fieldwork.calc.response import assess_response
from feedback_core.fieldwork.types.live import Composition, CompositionGap
from feedback_core.fieldwork.types.response import InvitedGroup, ResponseAssessment
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.proportions import proportion_estimate

MOST_CATEGORIES: Final = 20
"""Of an attribute: one with more tells people apart rather than groups."""

NOT_KNOWN: Final = "(not known)"


def composition(
    people: Sequence[tuple[Mapping[str, str], int, int]], *, minimum: int, level: float = 0.95
) -> Composition:
    """R-indicator and gaps by category.

    Args:
        people: attributes, the invited with them, and those of them who completed.
        minimum: fewest completes of a category that are shown; smaller ones are merged.
        level: of the intervals.

    Source: as `assess_response`. Golden: s15, s35 by parts.
    """
    if not people:
        return Composition(None, not_told="Nothing is known of the invited: they are of no frame.")
    names = sorted({name for attributes, _, _ in people for name in attributes})
    wide, variables = [], []
    for name in names:
        categories = {attributes.get(name, NOT_KNOWN) for attributes, _, _ in people}
        if len(categories) > MOST_CATEGORIES:
            wide.append(name)
        elif len(categories) > 1:
            variables.append(name)
    if not variables:
        return Composition(None, left_out=tuple(wide), not_told="No attribute of the frame tells groups apart.")
    variables.sort(key=lambda name: (len({attributes.get(name, NOT_KNOWN) for attributes, _, _ in people}), name))
    # The attribute with the most categories goes first where there are too few answers for all of them.
    why = ""
    for kept in range(len(variables), 0, -1):
        try:
            found = _assessed(people, variables[:kept], minimum=minimum, level=level)
        except NotEstimable as refused:
            why = why or refused.detail
            continue
        return Composition(found, _gaps(found, level), (*wide, *variables[kept:]))
    return Composition(None, left_out=tuple(wide), not_told=why)


def _assessed(
    people: Sequence[tuple[Mapping[str, str], int, int]], variables: Sequence[str], *, minimum: int, level: float
) -> ResponseAssessment:
    invited: Counter[tuple[str, ...]] = Counter()
    answered: Counter[tuple[str, ...]] = Counter()
    for attributes, n, completed in people:
        key = tuple(attributes.get(name, NOT_KNOWN) for name in variables)
        invited[key] += n
        answered[key] += completed
    return assess_response(
        [InvitedGroup(dict(zip(variables, key, strict=True)), n) for key, n in sorted(invited.items())],
        [(dict(zip(variables, key, strict=True)), n) for key, n in sorted(answered.items()) if n],
        standard_deviation=1.0,
        level=level,
        minimum_cell=minimum,
    )


def _gaps(found: ResponseAssessment, level: float) -> tuple[CompositionGap, ...]:
    gaps = []
    for each in found.by_category:
        share = each.invited / found.invited
        answered = proportion_estimate(each.responded, found.responded, level=level)
        assert answered.interval is not None  # of a share there always is one
        moved = Interval(answered.interval.low - share, answered.interval.high - share, level, "wilson")
        gap = Estimate(
            answered.value - share, moved, answered.standard_error, answered.n, answered.n_effective, answered.warnings
        )
        gaps.append(CompositionGap(each.variable, each.category, answered, share, gap))
    return tuple(gaps)
