"""Coverage: whom of the population a survey could reach at all, and at which step the others were lost."""

from collections.abc import Mapping, Sequence

import numpy as np

from feedback_core.bias.calc.differences import ACT, LOOK, mean_difference, share_differences
from feedback_core.bias.types import CategoryCoverage, Coverage, Representation, Stage
from feedback_core.kit.errors import NotEstimable


def coverage(population: Mapping[str, int], stages: Sequence[Stage]) -> Coverage:
    """Whom the frame, the addresses and the consents leave, by category of one attribute.

    Opt-outs and missing contact data are coverage error: they were lost before anybody could respond or refuse.

    Args:
        population: category to people.
        stages: in order, each leaving no more people than the one before: listed, with an address, not opted out.

    Raises:
        NotEstimable: no stage, fewer than two categories with people, a category the population does not name, a stage
            that leaves more than the one before, or nobody left.

    Source: Lessler & Kalsbeek (1992), Nonsampling Error in Surveys, ch. 3; Groves (1989).
    """
    names = [category for category, n in population.items() if n > 0]
    if not stages or len(names) < 2:
        raise NotEstimable("Give at least one stage, and a population of at least two categories.")
    people = np.array([population[name] for name in names])
    rows = [_left(stage, names) for stage in stages]
    for stage, before, row in zip(stages, [people, *rows[:-1]], rows, strict=True):
        if (row > before).any() or (row < 0).any():
            worst = names[int(np.argmax(row - before))]
            raise NotEstimable(f"{stage.name}: more people with {worst} are left than there were before.")
    reachable = rows[-1]
    if not reachable.sum():
        raise NotEstimable("Nobody of the population can be reached, so there is no composition to compare.")
    lost = -np.diff(np.vstack([people, *rows]), axis=0)
    shares, frame = reachable / reachable.sum(), people / people.sum()
    differences = share_differences(shares.tolist(), frame.tolist())
    categories = tuple(
        CategoryCoverage(
            category=name,
            population=int(people[index]),
            reachable=int(reachable[index]),
            rate=float(reachable[index] / people[index]),
            gap=float(100 * (shares[index] - frame[index])),
            standardised_difference=differences[index],
            representation=_represented(float(shares[index] - frame[index]), differences[index]),
            lost=tuple(int(n) for n in lost[:, index]),
        )
        for index, name in enumerate(names)
    )
    by_stage = {stage.name: int(n) for stage, n in zip(stages, lost.sum(axis=1), strict=True)}
    rate = float(reachable.sum() / people.sum())
    return Coverage(
        population=int(people.sum()),
        reachable=int(reachable.sum()),
        rate=rate,
        lost=by_stage,
        categories=categories,
        dissimilarity=float(np.abs(shares - frame).sum()) / 2,
        mean_difference=mean_difference([differences]),
        largest_difference=max(differences),
        sentence=_sentence(rate, by_stage, categories),
    )


def _left(stage: Stage, names: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    unknown = [category for category, n in stage.left.items() if n and category not in names]
    if unknown:
        raise NotEstimable(f"{stage.name}: the population has no {unknown[0]}; mend the categories.")
    return np.array([stage.left.get(name, 0) for name in names], dtype=np.int64)


def _represented(gap: float, difference: float) -> Representation:
    if difference < LOOK:
        return Representation.AS_EXPECTED
    return Representation.OVER if gap > 0 else Representation.UNDER


def _sentence(rate: float, lost: Mapping[str, int], categories: Sequence[CategoryCoverage]) -> str:
    said = f"The survey can reach {rate:.0%} of the population"
    if any(lost.values()):
        said += f"; most are lost at {max(lost, key=lambda stage: lost[stage])}"
    thin = min(categories, key=lambda category: category.gap)
    if thin.standardised_difference >= LOOK:
        how = "far too few" if thin.standardised_difference >= ACT else "too few"
        said += f", and {how} with {thin.category} ({thin.rate:.0%} of them) are among the reachable"
    return f"{said}."
