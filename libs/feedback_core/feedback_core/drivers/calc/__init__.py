"""Pure calculations on drivers; they run in the worker only."""

from feedback_core.drivers.calc.bootstrap import bootstrap_importance
from feedback_core.drivers.calc.correlations import (
    Correlations,
    collinearity_warnings,
    correlations_given,
    correlations_of,
)
from feedback_core.drivers.calc.cumulative import Link
from feedback_core.drivers.calc.importance import relative_importance, subset_r_squared
from feedback_core.drivers.calc.linear import LinearFit, fit_linear
from feedback_core.drivers.calc.ordinal import OrdinalFit, fit_ordinal, fit_top_box, predicted_probabilities
from feedback_core.drivers.calc.ordinal_tests import driver_tests, proportional_odds_tests
from feedback_core.drivers.calc.outcome_model import ModelledOutcome, model_outcome
from feedback_core.drivers.calc.patterns import AnswerPatterns, Driver, categorical_driver, numeric_driver
from feedback_core.drivers.calc.performance import performance_of, weighted_performances
from feedback_core.drivers.calc.quadrants import FeaturePosition, Placement, Quadrants, importance_performance
from feedback_core.drivers.calc.summary import DriversQuestion, analyse_drivers
from feedback_core.drivers.types import (
    BootstrappedImportance,
    Coefficient,
    DriverRank,
    DriverTest,
    ImportanceMethod,
    Quadrant,
    RelativeImportance,
)

__all__ = [
    "AnswerPatterns",
    "BootstrappedImportance",
    "Coefficient",
    "Correlations",
    "Driver",
    "DriverRank",
    "DriverTest",
    "DriversQuestion",
    "FeaturePosition",
    "ImportanceMethod",
    "LinearFit",
    "Link",
    "ModelledOutcome",
    "OrdinalFit",
    "Placement",
    "Quadrant",
    "Quadrants",
    "RelativeImportance",
    "analyse_drivers",
    "bootstrap_importance",
    "categorical_driver",
    "collinearity_warnings",
    "correlations_given",
    "correlations_of",
    "driver_tests",
    "fit_linear",
    "fit_ordinal",
    "fit_top_box",
    "importance_performance",
    "model_outcome",
    "numeric_driver",
    "performance_of",
    "predicted_probabilities",
    "proportional_odds_tests",
    "relative_importance",
    "subset_r_squared",
    "weighted_performances",
]
