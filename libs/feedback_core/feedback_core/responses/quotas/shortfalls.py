"""How many units each stratum of a sample needs, so that cells which fall short can fill: pure."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from feedback_core.responses.quotas.types import Cell, CellCount, Quota, Shortfall
from feedback_core.sampling.types.samples import DrawnStratum

_BY_ANSWER = "Only answers tell who is of this cell: nobody of the frame is known to be."
_BY_OTHERS = "The sample is not stratified by the attributes of this cell."
_NO_STRATUM = "No stratum of the sample is of this cell."


def find_shortfalls(
    quotas: Sequence[Quota],
    counts: Collection[CellCount],
    strata: Sequence[DrawnStratum],
    only: Collection[tuple[str, str]],
) -> list[Shortfall]:
    """Cells with free places, and the strata that can fill each; of these cells ``only``, if any are named."""
    count = {(each.quota, each.cell): each for each in counts}
    found = []
    for quota in quotas:
        for cell in quota.cells:
            at = count[quota.key, cell.key]
            missing = cell.target - at.taken - at.reserved
            if missing > 0 and (not only or (quota.key, cell.key) in only):
                fills, why_not = _strata_of(cell, strata)
                found.append(Shortfall(quota.key, cell.key, missing, fills, why_not))
    return found


def units_wanted(
    shortfalls: Sequence[Shortfall], strata: Sequence[DrawnStratum], *, expected_response: float
) -> dict[int, int]:
    """Units by place of the stratum: for each cell as many as give the missing responses, if this share answers.

    A cell's units are spread over its strata in proportion to their population, by largest remainders. A stratum that
    fills several cells gets what the one needs that needs most: whoever answers counts in all of them.
    """
    wanted: Counter[int] = Counter()
    for shortfall in shortfalls:
        if shortfall.strata:
            units = math.ceil(shortfall.missing / expected_response - 1e-9)
            spread = _spread(units, {place: strata[place].population for place in shortfall.strata})
            wanted |= Counter(spread)
    return {place: units for place, units in sorted(wanted.items()) if units}


def _strata_of(cell: Cell, strata: Sequence[DrawnStratum]) -> tuple[tuple[int, ...], str | None]:
    if cell.answers:
        return (), _BY_ANSWER
    known = set(strata[0].values) if strata else set()
    if not set(cell.attributes) <= known:
        return (), _BY_OTHERS
    fills = tuple(
        place
        for place, stratum in enumerate(strata)
        if all(stratum.values[key] in values for key, values in cell.attributes.items())
    )
    return fills, None if fills else _NO_STRATUM


def _spread(units: int, population: Mapping[int, int]) -> dict[int, int]:
    total = sum(population.values())
    if not total:
        return {}
    exact = {place: units * n / total for place, n in population.items()}
    given = {place: math.floor(share) for place, share in exact.items()}
    by_remainder = sorted(exact, key=lambda place: (given[place] - exact[place], place))
    for place in by_remainder[: units - sum(given.values())]:
        given[place] += 1
    return given
