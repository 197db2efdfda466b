"""Pure calculations of key figures: from counts to estimates, comparisons, and what must be withheld."""

from feedback_core.kpis.calc.anonymity import Anonymity, SmallCells, assess_anonymity, small_cells
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.contingency import AssociationTest, pearson_independence, pearson_residuals
from feedback_core.kpis.calc.heterogeneity import HeterogeneityMethod
from feedback_core.kpis.calc.mean_comparison import cohens_d, compare_means, hedges_g
from feedback_core.kpis.calc.means import Moments, mean_estimate, moments
from feedback_core.kpis.calc.multiplicity import (
    AdjustmentMethod,
    EqualSharesTest,
    PairOfShares,
    adjust_p_values,
    compare_all_shares,
    equal_shares_test,
)
from feedback_core.kpis.calc.nps import (
    NpsCounts,
    NpsMethod,
    net_promoter_score,
    nps_adjusted_wald_interval,
    nps_points,
    nps_score_interval,
    nps_variance,
    nps_wald_interval,
)
from feedback_core.kpis.calc.nps_comparison import NpsDifferenceMethod, compare_nps
from feedback_core.kpis.calc.proportion_comparison import ProportionTest, compare_proportions
from feedback_core.kpis.calc.proportion_differences import DifferenceMethod, Share, proportion_difference_interval
from feedback_core.kpis.calc.proportion_tests import PearsonTest, cohens_h, fisher_exact_p, pearson_test
from feedback_core.kpis.calc.proportions import ProportionMethod, proportion_estimate, proportion_interval
from feedback_core.kpis.calc.scales import customer_effort, customer_satisfaction, top_box_share, top_box_values
from feedback_core.kpis.calc.shrinkage import (
    RatingShrinkage,
    Shrinkage,
    ShrunkMean,
    WithinVariance,
    pooled_within_variance,
    shrink_by,
    shrink_group_means,
    shrink_means,
    shrink_nps,
    shrink_ratings,
)
from feedback_core.kpis.calc.shrinkage_of_shares import ShareShrinkage, ShrunkShare, shrink_shares
from feedback_core.kpis.calc.suppression import GroupSuppression, Reason, suppress_groups
from feedback_core.kpis.calc.table_suppression import TableSuppression, suppress_table

__all__ = [
    "AdjustmentMethod",
    "Anonymity",
    "AssociationTest",
    "Comparison",
    "DifferenceMethod",
    "EqualSharesTest",
    "GroupSuppression",
    "HeterogeneityMethod",
    "Moments",
    "NpsCounts",
    "NpsDifferenceMethod",
    "NpsMethod",
    "PairOfShares",
    "PearsonTest",
    "ProportionMethod",
    "ProportionTest",
    "RatingShrinkage",
    "Reason",
    "Share",
    "ShareShrinkage",
    "Shrinkage",
    "ShrunkMean",
    "ShrunkShare",
    "SmallCells",
    "TableSuppression",
    "WithinVariance",
    "adjust_p_values",
    "assess_anonymity",
    "cohens_d",
    "cohens_h",
    "compare_all_shares",
    "compare_means",
    "compare_nps",
    "compare_proportions",
    "customer_effort",
    "customer_satisfaction",
    "equal_shares_test",
    "fisher_exact_p",
    "hedges_g",
    "mean_estimate",
    "moments",
    "net_promoter_score",
    "nps_adjusted_wald_interval",
    "nps_points",
    "nps_score_interval",
    "nps_variance",
    "nps_wald_interval",
    "pearson_independence",
    "pearson_residuals",
    "pearson_test",
    "pooled_within_variance",
    "proportion_difference_interval",
    "proportion_estimate",
    "proportion_interval",
    "shrink_by",
    "shrink_group_means",
    "shrink_means",
    "shrink_nps",
    "shrink_ratings",
    "shrink_shares",
    "small_cells",
    "suppress_groups",
    "suppress_table",
    "top_box_share",
    "top_box_values",
]
