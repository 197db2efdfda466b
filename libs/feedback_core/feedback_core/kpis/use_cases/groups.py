"""Many groups or periods side by side: every pair compared as one family, and an order that chance does not make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotEstimable
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.families import Pair, adjusted_family
from feedback_core.kpis.calc.figures import compare_figures
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.calc.ranking import Ranking, rank_groups
from feedback_core.kpis.types import Bucket, Figure, Measure
from feedback_core.kpis.use_cases.asking import Asked
from feedback_core.kpis.use_cases.figures import kpi_breakdown, kpi_series
from feedback_core.kpis.use_cases.weighted import compare_samples_weighted, compare_weighted_groups

MOST_GROUPS = 40


@dataclass(frozen=True, slots=True)
class Family:
    """Pairs that are shown together; ``left_out``: groups or periods without a figure that may be shown."""

    pairs: Sequence[Pair[str]]
    left_out: Sequence[str]


async def compare_groups(session: Session, asked: Asked, by: str, *, method: AdjustmentMethod) -> Family:
    """Every pair of the groups of an attribute whose figures may be shown, first minus second.

    Raises:
        Invalid: the survey does not declare the attribute, or it has too many groups.
        NotEstimable: the KPI is a plain count, or fewer than two groups have a figure.
    """
    figures, left_out = await _shown_groups(session, asked, by)
    if len(figures) > MOST_GROUPS:
        detail = f"{by} has {len(figures)} groups with figures; pairs are compared of {MOST_GROUPS} at most: rank them."
        raise Invalid([Fault("/query/by", "too_many_groups", detail)])
    names = list(combinations(figures, 2))
    _refuse_without_pairs(asked, len(names))
    if asked.scheme is not None:
        compared = await compare_weighted_groups(session, asked, by, names)
    else:
        compared = [compare_figures(asked.target, figures[a], figures[b], level=asked.level) for a, b in names]
    return Family(_family(names, compared, asked, method), left_out)


async def compare_periods(
    session: Session, asked: Asked, bucket: Bucket, *, method: AdjustmentMethod, clock: Clock
) -> Family:
    """Each complete period against the one before it, later minus earlier.

    Raises:
        Invalid: that would be more periods than one answer holds.
        NotEstimable: the KPI is a plain count, or fewer than two periods have a figure.
    """
    figures: dict[str, Figure] = {}
    left_out = []
    for period in await kpi_series(session, asked, bucket, clock=clock):
        name = date.isoformat(period.starts_on)
        if period.complete and isinstance(period.figure, Figure) and period.figure.estimate is not None:
            figures[name] = period.figure
        else:
            left_out.append(name)
    names = [(later, earlier) for earlier, later in pairwise(figures)]
    _refuse_without_pairs(asked, len(names))
    compare = compare_samples_weighted if asked.scheme is not None else compare_figures
    compared = [compare(asked.target, figures[a], figures[b], level=asked.level) for a, b in names]
    return Family(_family(names, compared, asked, method), left_out)


async def kpi_ranking(session: Session, asked: Asked, by: str) -> tuple[Ranking, Sequence[str]]:
    """The groups of an attribute by their shrunk figures, and those that have none that may be shown.

    Raises:
        Invalid: the survey does not declare the attribute, or the figures are asked for weighted.
        NotEstimable: fewer than three groups have a figure, or the KPI is none that can be ranked.
    """
    if asked.scheme is not None:
        detail = "A ranking models the answers themselves; leave weighting out."
        raise Invalid([Fault("/query/weighting", "not_applicable", detail)])
    figures, left_out = await _shown_groups(session, asked, by)
    return rank_groups(asked.target, figures, level=asked.level), left_out


async def _shown_groups(session: Session, asked: Asked, by: str) -> tuple[dict[str, Figure], list[str]]:
    groups = [group for group in await kpi_breakdown(session, asked, by) if group.group is not None]
    shown = {
        group.group: group.figure
        for group in groups
        if group.group is not None and isinstance(group.figure, Figure) and group.figure.estimate is not None
    }
    return shown, [group.group for group in groups if group.group is not None and group.group not in shown]


def _refuse_without_pairs(asked: Asked, pairs: int) -> None:
    if asked.target.definition.measure is Measure.COUNT:
        raise NotEstimable("Counts of responses are not estimates: compare their rates or a figure of the answers.")
    if not pairs:
        raise NotEstimable("Fewer than two have a figure that may be shown, so there is nothing to compare.")


def _family(
    names: Sequence[tuple[str, str]], compared: Sequence[Comparison], asked: Asked, method: AdjustmentMethod
) -> list[Pair[str]]:
    family = [(first, second, found) for (first, second), found in zip(names, compared, strict=True)]
    return adjusted_family(family, method=method, level=asked.level)
