"""Pure planning arithmetic: how large a sample, how spread over strata and clusters, at what cost."""

from feedback_core.planning.calc.allocation import (
    Allocation,
    Bounds,
    Stratum,
    allocate,
    allocate_to_budget,
    allocate_to_standard_error,
    whole_allocation,
)
from feedback_core.planning.calc.clusters import (
    ClusterPlan,
    cluster_design_effect,
    optimal_cluster_size,
    plan_clusters,
)
from feedback_core.planning.calc.comparison_size import (
    Sides,
    TwoSampleSize,
    sample_size_for_t_test,
    sample_size_to_compare_means,
    sample_size_to_compare_proportions,
)
from feedback_core.planning.calc.plans import plan_sample
from feedback_core.planning.calc.sample_size import (
    Invitations,
    PopulationCorrection,
    SampleSize,
    finite_population_size,
    invitations_needed,
    sample_size_for_mean,
    sample_size_for_nps,
    sample_size_for_proportion,
    sample_size_for_proportion_by_cv,
    wilson_sample_size,
)
from feedback_core.planning.types import AllocationRule

__all__ = [
    "Allocation",
    "AllocationRule",
    "Bounds",
    "ClusterPlan",
    "Invitations",
    "PopulationCorrection",
    "SampleSize",
    "Sides",
    "Stratum",
    "TwoSampleSize",
    "allocate",
    "allocate_to_budget",
    "allocate_to_standard_error",
    "cluster_design_effect",
    "finite_population_size",
    "invitations_needed",
    "optimal_cluster_size",
    "plan_clusters",
    "plan_sample",
    "sample_size_for_mean",
    "sample_size_for_nps",
    "sample_size_for_proportion",
    "sample_size_for_proportion_by_cv",
    "sample_size_for_t_test",
    "sample_size_to_compare_means",
    "sample_size_to_compare_proportions",
    "whole_allocation",
    "wilson_sample_size",
]
