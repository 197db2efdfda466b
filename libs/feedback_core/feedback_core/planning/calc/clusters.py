"""How many answers to take per cluster (site, account, agent), and how many clusters a budget buys."""

import math
from dataclasses import dataclass

from feedback_core.kit.errors import NotEstimable


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """A two-stage sample.

    Attributes:
        clusters: to visit; not rounded.
        answers_per_cluster: not rounded.
        design_effect: of the clustering.
        standard_error: of the mean, in the units of the answers; without finite populations.
        cost: of all of it.
    """

    clusters: float
    answers_per_cluster: float
    design_effect: float
    standard_error: float
    cost: float


def optimal_cluster_size(*, cluster_cost: float, unit_cost: float, intraclass_correlation: float) -> float:
    """Answers per cluster with the least error for their cost: sqrt(C1 / C2 x (1 - rho) / rho), not below 1.

    The optimum is flat: half or twice as many cost little.

    Args:
        cluster_cost: of one more cluster, C1.
        unit_cost: of one more answer in a cluster, C2.
        intraclass_correlation: rho, strictly between 0 and 1.

    Raises:
        NotEstimable: a cost is not above 0, or rho is not between 0 and 1.

    Source: Hansen, Hurwitz & Madow (1953), Sample Survey Methods and Theory, vol. 1, ch. 6. Golden: none.
    """
    _require_costs(cluster_cost, unit_cost)
    rho = intraclass_correlation
    if not 0.0 < rho < 1.0:
        raise NotEstimable("Without likeness inside clusters there is no best size; rho must lie between 0 and 1.")
    return max(1.0, math.sqrt(cluster_cost / unit_cost * (1.0 - rho) / rho))


def cluster_design_effect(answers_per_cluster: float, intraclass_correlation: float) -> float:
    """What taking several answers per cluster costs: 1 + (m - 1) rho.

    Raises:
        NotEstimable: less than one answer per cluster, or rho is not between -1 / (m - 1) and 1.

    Source: Kish (1965), Survey Sampling, section 5.4. Golden: none.
    """
    effect = 1.0 + (answers_per_cluster - 1.0) * intraclass_correlation
    if not (1.0 <= answers_per_cluster < math.inf and intraclass_correlation <= 1.0 and effect >= 0.0):
        raise NotEstimable("A cluster gives at least one answer, and answers in it are at most wholly alike.")
    return effect


def plan_clusters(
    budget: float,
    *,
    cluster_cost: float,
    unit_cost: float,
    intraclass_correlation: float,
    standard_deviation: float,
    answers_per_cluster: float | None = None,
) -> ClusterPlan:
    """The two-stage sample that ``budget`` buys, with the optimal answers per cluster where none are given.

    Raises:
        NotEstimable: as `optimal_cluster_size` and `cluster_design_effect`; the budget buys less than two clusters;
            the budget or the standard deviation is not above 0.

    Source: as `optimal_cluster_size`. Golden: none.
    """
    _require_costs(cluster_cost, unit_cost)
    if not (0.0 < standard_deviation < math.inf and 0.0 < budget < math.inf):
        raise NotEstimable("The budget and the standard deviation of answers must be above 0.")
    per_cluster = answers_per_cluster or optimal_cluster_size(
        cluster_cost=cluster_cost, unit_cost=unit_cost, intraclass_correlation=intraclass_correlation
    )
    effect = cluster_design_effect(per_cluster, intraclass_correlation)
    clusters = budget / (cluster_cost + unit_cost * per_cluster)
    if clusters < 2.0:
        raise NotEstimable("The budget buys less than two clusters, and one tells nothing of how clusters differ.")
    return ClusterPlan(
        clusters=clusters,
        answers_per_cluster=per_cluster,
        design_effect=effect,
        standard_error=standard_deviation * math.sqrt(effect / (clusters * per_cluster)),
        cost=budget,
    )


def _require_costs(*costs: float) -> None:
    if not all(0.0 < cost < math.inf for cost in costs):
        raise NotEstimable("A cluster and an answer each cost something: give costs above 0.")
