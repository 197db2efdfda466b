"""How respondents were drawn and weighted: strata, clusters, finite populations, domains, counted rows."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.grouping import compacted
from feedback_core.weighting.calc.calibration import Calibration

LonelyPsu = Literal["fail", "adjust", "average", "certainty", "remove"]


@dataclass(frozen=True, slots=True)
class Design:
    """How the respondents were drawn and weighted; a row is one of them, or ``counts`` of them who are alike.

    Attributes:
        weights: final weight of each respondent, > 0, shape (n,).
        strata: code of each respondent's stratum; one stratum when absent.
        clusters: code of each respondent's cluster (site, account) inside its stratum; each their own when absent.
        population: clusters (or, without clusters, people) in the respondent's stratum; unlimited when absent. Where no
            value exceeds 1 and some are below, it is the fraction of them that was drawn.
        calibration: what the weights were raked to, so that only the spread it leaves counts.
        cluster_population: people in the respondent's cluster, or the fraction drawn, where respondents were drawn
            inside their cluster and both stages are finite. Without it clusters count as observed whole.
        counts: respondents that each row stands for, whole and >= 1; 1 when absent.
        domain: the rows (bool) that figures are about. The rest stays in the design, so that no cluster is lost.
        inclusion: instead of ``population``: the probability with which each row, or its cluster, was observed, above 0
            and at most 1. Errors are then those of unequal probabilities without replacement; with
            ``cluster_population``, of clusters drawn so and respondents drawn at random inside them.
        lonely_psu: what to do about a stratum (in a second stage: a cluster) of which one unit was drawn out of more:
            ``fail``: refuse; ``adjust``: centre it at the mean of all units; ``average``: give it the mean variance of
            the others; ``certainty`` or ``remove``: let it add nothing, as if it had been sure to be drawn.
    """

    weights: NDArray[np.float64]
    strata: NDArray[np.int64] | None = None
    clusters: NDArray[np.int64] | None = None
    population: NDArray[np.float64] | None = None
    calibration: Calibration | None = None
    cluster_population: NDArray[np.float64] | None = None
    counts: NDArray[np.int64] | None = None
    domain: NDArray[np.bool_] | None = None
    lonely_psu: LonelyPsu = "fail"
    inclusion: NDArray[np.float64] | None = None

    def within(self, inside: NDArray[np.bool_]) -> "Design":
        """The same design for figures about the rows ``inside``, shape (n,); inside another domain, about their cut."""
        return replace(self, domain=inside if self.domain is None else self.domain & inside)

    def respondents(self) -> NDArray[np.int64]:
        """Respondents of the domain in each row, shape (n,)."""
        number = np.ones(self.weights.size, dtype=np.int64) if self.counts is None else self.counts
        return number if self.domain is None else number * self.domain

    def mass(self) -> NDArray[np.float64]:
        """Weight of the domain in each row, shape (n,): what a total sums the scores by."""
        if self.counts is None and self.domain is None:
            return self.weights
        return self.weights * self.respondents()

    def degrees_of_freedom(self) -> int:
        """Clusters minus strata, of those that have a respondent in the domain, as ``degf`` of R's survey."""
        stratum, cluster = codes_of(self)
        number = self.respondents()
        strata = int(np.count_nonzero(np.bincount(stratum, weights=number)))
        if cluster is None:
            return int(number.sum()) - strata
        return int(np.count_nonzero(np.bincount(cluster, weights=number))) - strata


def codes_of(design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Stratum of each row from 0, and its cluster from 0, if any: the same code in two strata being two clusters."""
    n = design.weights.size
    stratum = np.zeros(n, dtype=np.int64) if design.strata is None else compacted(design.strata)
    if design.clusters is None:
        return stratum, None
    cluster = compacted(design.clusters)
    return stratum, compacted(stratum * (int(cluster.max()) + 1) + cluster)


def check_rows(design: Design) -> None:
    """Hold the design to what any figure needs.

    Raises:
        NotEstimable: no row, nobody in the domain, a weight that is not a finite number above 0, or a count below 1.
        ValueError: columns of different lengths.
    """
    n = design.weights.shape
    columns = (design.strata, design.clusters, design.population, design.cluster_population, design.inclusion)
    for column in (*columns, design.counts, design.domain):
        if column is not None and column.shape != n:
            raise ValueError(f"design: a column of shape {column.shape}, expected {n}")
    if design.weights.size == 0:
        raise NotEstimable("Nobody answered, so there is nothing to estimate.")
    if not (np.isfinite(design.weights).all() and (design.weights > 0).all()):
        raise NotEstimable("A weight is not a finite number above 0.")
    if design.counts is not None and (design.counts < 1).any():
        raise NotEstimable("A row stands for no respondent; leave such rows out.")
    if design.domain is not None and not design.domain.any():
        raise NotEstimable("Nobody of this group answered, so there is nothing to estimate.")


def fraction_drawn(
    given: NDArray[np.float64] | None, group: NDArray[np.int64], size: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of each group's units that was drawn, shape (groups,); 0 where the population is unlimited.

    Args:
        given: per row, units in the population of its group, or the fraction drawn (see `Design.population`).
        group: code of each row's stratum or cluster, from 0 without gaps.
        size: units drawn in each group.

    Raises:
        NotEstimable: two values for one group, sizes mixed with fractions, or a population smaller than its sample.
    """
    if given is None:
        return np.zeros(size.size)
    of_group = np.empty(size.size)
    of_group[group] = given
    if not (given == of_group[group]).all():
        raise NotEstimable("A stratum or cluster is given with two population sizes; give one.")
    if (of_group <= 1).all() and (of_group < 1).any():
        if not (of_group > 0).all():
            raise NotEstimable("A sampling fraction is not above 0; mend it, or leave the population out.")
        return of_group
    if (of_group < 1).any():
        raise NotEstimable("Population sizes and sampling fractions are mixed; give one or the other.")
    if not (of_group >= size).all():
        raise NotEstimable(
            "A stratum or cluster is said to hold fewer than were drawn from it; mend its population size."
        )
    drawn: NDArray[np.float64] = size / of_group
    return drawn
