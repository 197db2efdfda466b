"""Pure weighting calculations; they run in the worker only."""

from feedback_core.weighting.calc.balance import Balance, LevelDifference, covariate_balance, margin_balance
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.capping import CAP, CappedRaking, rake_capped
from feedback_core.weighting.calc.cells import WeightedCells, weighted_mean_of_cells
from feedback_core.weighting.calc.contrasts import difference_of_means
from feedback_core.weighting.calc.counting import CountedCells, count_cells
from feedback_core.weighting.calc.design import Design, LonelyPsu
from feedback_core.weighting.calc.design_effect import (
    GroupDesignEffect,
    design_effect_by_group,
    kish_design_effect,
)
from feedback_core.weighting.calc.fixed_weights import mean_under_fixed_weights
from feedback_core.weighting.calc.generalised_raking import NumericTotal, calibrate
from feedback_core.weighting.calc.linearisation import (
    Linearised,
    weighted_mean,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from feedback_core.weighting.calc.margins import encode, faults_against_respondents
from feedback_core.weighting.calc.moments import (
    LinearisedMeans,
    mean_design_effect,
    total_design_effect,
    weighted_means,
    weighted_variance,
)
from feedback_core.weighting.calc.penalised_propensity import quantile_groups, weight_to_reference_penalised
from feedback_core.weighting.calc.people import People, people
from feedback_core.weighting.calc.poststratification import post_stratify
from feedback_core.weighting.calc.proportion_intervals import DesignProportionMethod, design_proportion_interval
from feedback_core.weighting.calc.raked import weight_by_raking
from feedback_core.weighting.calc.raking import (
    Raking,
    RakingDidNotConverge,
    WeightsUnusable,
    rake,
    weighted_shares,
)
from feedback_core.weighting.calc.reference_propensity import weight_to_reference
from feedback_core.weighting.calc.response_propensity import (
    PropensityClasses,
    propensity_classes,
    response_propensities,
    weight_by_response,
)
from feedback_core.weighting.calc.sampling_variance import covariance_of_totals
from feedback_core.weighting.calc.trimming import (
    BoundsImpossible,
    Trimmed,
    trim_to_mean_ratio,
    trim_to_percentiles,
    trim_weights,
)
from feedback_core.weighting.calc.weighting import Weighting
from feedback_core.weighting.margins import read_margins
from feedback_core.weighting.types import Convergence, DesignEffect, Margin, MarginsUnusable

__all__ = [
    "CAP",
    "Balance",
    "BoundsImpossible",
    "Calibration",
    "CappedRaking",
    "Convergence",
    "CountedCells",
    "Design",
    "DesignEffect",
    "DesignProportionMethod",
    "GroupDesignEffect",
    "LevelDifference",
    "Linearised",
    "LinearisedMeans",
    "LonelyPsu",
    "Margin",
    "MarginsUnusable",
    "NumericTotal",
    "People",
    "PropensityClasses",
    "Raking",
    "RakingDidNotConverge",
    "Trimmed",
    "WeightedCells",
    "Weighting",
    "WeightsUnusable",
    "calibrate",
    "count_cells",
    "covariance_of_totals",
    "covariate_balance",
    "design_effect_by_group",
    "design_proportion_interval",
    "difference_of_means",
    "encode",
    "faults_against_respondents",
    "kish_design_effect",
    "margin_balance",
    "mean_design_effect",
    "mean_under_fixed_weights",
    "people",
    "post_stratify",
    "propensity_classes",
    "quantile_groups",
    "rake",
    "rake_capped",
    "read_margins",
    "response_propensities",
    "total_design_effect",
    "trim_to_mean_ratio",
    "trim_to_percentiles",
    "trim_weights",
    "weight_by_raking",
    "weight_by_response",
    "weight_to_reference",
    "weight_to_reference_penalised",
    "weighted_mean",
    "weighted_mean_of_cells",
    "weighted_means",
    "weighted_proportion",
    "weighted_ratio",
    "weighted_shares",
    "weighted_total",
    "weighted_variance",
]
