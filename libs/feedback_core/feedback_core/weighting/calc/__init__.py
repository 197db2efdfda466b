"""Pure weighting calculations; they run in the worker only."""

from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.capping import CAP, CappedRaking, rake_capped
from feedback_core.weighting.calc.cells import WeightedCells, weighted_mean_of_cells
from feedback_core.weighting.calc.design_effect import (
    GroupDesignEffect,
    design_effect_by_group,
    kish_design_effect,
)
from feedback_core.weighting.calc.linearisation import (
    Design,
    Linearised,
    covariance_of_totals,
    weighted_mean,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from feedback_core.weighting.calc.margins import encode, faults_against_respondents
from feedback_core.weighting.calc.raking import (
    Raking,
    RakingDidNotConverge,
    WeightsUnusable,
    rake,
    weighted_shares,
)
from feedback_core.weighting.calc.trimming import (
    BoundsImpossible,
    Trimmed,
    trim_weights,
)
from feedback_core.weighting.margins import read_margins
from feedback_core.weighting.types import Convergence, DesignEffect, Margin, MarginsUnusable

__all__ = [
    "CAP",
    "BoundsImpossible",
    "Calibration",
    "CappedRaking",
    "Convergence",
    "Design",
    "DesignEffect",
    "GroupDesignEffect",
    "Linearised",
    "Margin",
    "MarginsUnusable",
    "Raking",
    "RakingDidNotConverge",
    "Trimmed",
    "WeightedCells",
    "WeightsUnusable",
    "covariance_of_totals",
    "design_effect_by_group",
    "encode",
    "faults_against_respondents",
    "kish_design_effect",
    "rake",
    "rake_capped",
    "read_margins",
    "trim_weights",
    "weighted_mean",
    "weighted_mean_of_cells",
    "weighted_proportion",
    "weighted_ratio",
    "weighted_shares",
    "weighted_total",
]
