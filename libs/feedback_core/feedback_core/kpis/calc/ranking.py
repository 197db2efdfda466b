"""Groups in an order that chance does not make: each figure shrunk towards all by how little it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.means import moments
from feedback_core.kpis.calc.nps import NpsCounts
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.scores import counts_by_score
from feedback_core.kpis.calc.shrinkage import shrink_group_means, shrink_nps
from feedback_core.kpis.calc.shrinkage_of_shares import shrink_shares
from feedback_core.kpis.types import Figure, Measure, Target

FEWEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """One group.

    Attributes:
        n: answers.
        value: as answered.
        shrunk: drawn towards the overall figure.
        interval: of ``shrunk``.
        reliability: share of the way that its own answers count, 0..1.
        tier: 1 for groups whose interval lies wholly above the overall figure, 3 wholly below, else 2.
    """

    group: str
    n: int
    value: float
    shrunk: float
    interval: Interval
    reliability: float
    tier: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """Groups, the highest shrunk figure first.

    Attributes:
        overall: figure that groups are shrunk towards.
        differ: whether groups differ at all beyond what sampling explains.
        warnings: what a reader must be told, a sentence each.
    """

    overall: float
    differ: bool
    groups: tuple[RankedGroup, ...]
    warnings: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """One plain sentence for the reader."""
        if not self.differ:
            return "The groups do not differ by more than sampling explains: their order is chance."
        apart = sum(group.tier != 2 for group in self.groups)
        return f"The groups differ; {apart} of {len(self.groups)} stand apart from the overall figure."


def rank_groups(target: Target, figures: Mapping[str, Figure], *, level: float = 0.95) -> Ranking:
    """Empirical-Bayes estimates of every group: by a normal model of the means, or a beta-binomial one of shares.

    Raises:
        NotEstimable: fewer than three groups with answers, or a measure that is no mean of scores.

    Source: Efron & Morris (1975), JASA 70:311; docs/methods/shrinkage.md. Golden: s27.
    """
    answered = {group: figure for group, figure in figures.items() if figure.answered}
    if len(answered) < FEWEST_GROUPS:
        raise NotEstimable(f"A ranking takes {FEWEST_GROUPS} groups or more with figures that may be shown.")
    measure = target.definition.measure
    if measure in {Measure.TOP_BOX, Measure.SHARE}:
        return _of_shares(answered, level)
    if measure not in {Measure.NPS, Measure.MEAN}:
        raise NotEstimable("Only an NPS, a mean or a share can be ranked.")
    tallies = [counts_by_score(target, figure.counts) for figure in answered.values()]
    found = (
        shrink_nps([NpsCounts(**figure.distribution) for figure in answered.values()])
        if measure is Measure.NPS
        else shrink_group_means([moments(tally) for tally in tallies])
    )
    groups = [
        _ranked(name, figure.answered, (one.raw, one.shrunk, one.reliability), one.interval(level), found.mu)
        for (name, figure), one in zip(answered.items(), found.groups, strict=True)
    ]
    return _ranking(found.mu, groups, differ=found.tau2 > 0, warnings=found.warnings)


def _of_shares(answered: Mapping[str, Figure], level: float) -> Ranking:
    shares = [Share(next(iter(figure.distribution.values())), figure.answered) for figure in answered.values()]
    found = shrink_shares(shares)
    groups = [
        _ranked(name, figure.answered, (one.raw, one.shrunk, one.reliability), one.interval(level), found.mean)
        for (name, figure), one in zip(answered.items(), found.groups, strict=True)
    ]
    return _ranking(found.mean, groups, differ=found.strength is not None, warnings=found.warnings)


def _ranking(overall: float, groups: Sequence[RankedGroup], *, differ: bool, warnings: tuple[str, ...]) -> Ranking:
    return Ranking(overall, differ, tuple(sorted(groups, key=lambda one: (-one.shrunk, one.group))), warnings)


def _ranked(group: str, n: int, figures: tuple[float, float, float], interval: Interval, overall: float) -> RankedGroup:
    raw, shrunk, reliability = figures
    tier = 1 if interval.low > overall else 3 if interval.high < overall else 2
    return RankedGroup(group, n, raw, shrunk, interval, reliability, tier)
