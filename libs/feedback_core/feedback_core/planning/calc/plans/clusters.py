"""The clusters of a plan: how many answers in each, what that costs, how many to visit."""

import math

from feedback_core.planning.calc.clusters import cluster_design_effect, optimal_cluster_size, plan_clusters
from feedback_core.planning.calc.plans.goals import Wanted
from feedback_core.planning.calc.plans.refusals import NotPlannable, pointing_at
from feedback_core.planning.calc.sample_size import normal_quantile
from feedback_core.planning.types import ClusterRequest, ClustersPlan, Step, WithinBudget

# A cluster missed by no more than this part of it is bought, but for rounding.
_ROUNDING = 1e-9


def answers_per_cluster(request: ClusterRequest) -> tuple[int, tuple[Step, ...]]:
    """How many answers to take per cluster: as asked for, or the best for the costs, rounded; and how it came about.

    Raises:
        NotPlannable: neither is given.
    """
    if request.answers_per_cluster is not None:
        return request.answers_per_cluster, ()
    cluster_cost, answer_cost = _costs(request, "Give answers_per_cluster, or both costs to find the best number.")
    with pointing_at("/clusters/intraclass_correlation"):
        best = optimal_cluster_size(
            cluster_cost=cluster_cost, unit_cost=answer_cost, intraclass_correlation=request.intraclass_correlation
        )
    rho = request.intraclass_correlation
    arithmetic = f"√({cluster_cost:g} / {answer_cost:g} × (1 - {rho:g}) / {rho:g})"
    return max(1, round(best)), (Step("answers_per_cluster", "√(C₁ / C₂ × (1 - rho) / rho)", arithmetic, best),)


def effect_of(request: ClusterRequest, per_cluster: int) -> Step:
    """The design effect of the clusters."""
    rho = request.intraclass_correlation
    with pointing_at("/clusters"):
        effect = cluster_design_effect(per_cluster, rho)
    return Step("cluster_design_effect", "1 + (m - 1) rho", f"1 + ({per_cluster} - 1) × {rho:g}", effect)


def visited(
    request: ClusterRequest, per_cluster: int, effect: float, answers: int, wanted: Wanted, level: float, other: float
) -> tuple[ClustersPlan, Step]:
    """The clusters that give ``answers``, and what the budget buys.

    Args:
        request: as asked for.
        per_cluster: answers in each.
        effect: design effect of the clusters.
        answers: needed, of each group.
        wanted: what the goal takes.
        level: of the interval.
        other: design effect of everything else.

    Raises:
        NotPlannable: there are not so many clusters, or the budget buys less than two.
    """
    clusters = math.ceil(answers / per_cluster)
    if request.available is not None and clusters > request.available:
        detail = (
            f"It takes {clusters} clusters of {per_cluster} answers, and there are {request.available}: take more "
            "answers per cluster, or accept a wider margin."
        )
        raise NotPlannable("/clusters/available", detail)
    cost = None
    if request.cluster_cost is not None and request.answer_cost is not None:
        cost = clusters * (request.cluster_cost + per_cluster * request.answer_cost)
    budget = None
    if request.budget is not None:
        budget = _within_budget(request, per_cluster, wanted, level, other)
    plan = ClustersPlan(per_cluster, effect, clusters, clusters * per_cluster, cost, budget)
    return plan, Step("clusters", "answers / m, rounded up", f"{answers} / {per_cluster}", float(clusters))


def _within_budget(
    request: ClusterRequest, per_cluster: int, wanted: Wanted, level: float, other: float
) -> WithinBudget:
    cluster_cost, answer_cost = _costs(request, "A budget needs the costs of a cluster and of an answer.")
    if wanted.half_width is None:
        raise NotPlannable("/clusters/budget", "What a budget buys is told for one figure, not for a comparison.")
    with pointing_at("/clusters/budget"):
        bought = plan_clusters(
            # Whole clusters only: what is left over buys nothing.
            _whole_clusters(request, cluster_cost + per_cluster * answer_cost),
            cluster_cost=cluster_cost,
            unit_cost=answer_cost,
            intraclass_correlation=request.intraclass_correlation,
            standard_deviation=wanted.spread * math.sqrt(other),
            answers_per_cluster=per_cluster,
        )
    clusters = round(bought.clusters)
    margin = normal_quantile(level) * bought.standard_error
    return WithinBudget(clusters, clusters * per_cluster, bought.standard_error, margin, bought.cost)


def _whole_clusters(request: ClusterRequest, cost: float) -> float:
    """What the whole clusters of the budget cost; a budget for less than two as it is, to be refused."""
    budget = request.budget or 0.0
    if budget < 2.0 * cost:
        return budget
    bought = math.floor(budget / cost * (1.0 + _ROUNDING))
    return cost * (bought if request.available is None else min(bought, request.available))


def _costs(request: ClusterRequest, detail: str) -> tuple[float, float]:
    if request.cluster_cost is None:
        raise NotPlannable("/clusters/cluster_cost", detail)
    if request.answer_cost is None:
        raise NotPlannable("/clusters/answer_cost", detail)
    return request.cluster_cost, request.answer_cost
