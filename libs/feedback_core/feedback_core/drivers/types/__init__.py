"""Vocabulary of drivers."""

from feedback_core.drivers.types.analysis import DriversOutcome, DriversParameters
from feedback_core.drivers.types.findings import (
    DriverFinding,
    DriverQuestion,
    DriversResult,
    ModelFinding,
    OutcomeModel,
    Performance,
)
from feedback_core.drivers.types.importance import (
    MOST_DRIVERS_OF_LMG,
    BootstrappedImportance,
    DriverRank,
    ImportanceMethod,
    Quadrant,
    RelativeImportance,
)
from feedback_core.drivers.types.regression import Coefficient, DriverTest

__all__ = [
    "MOST_DRIVERS_OF_LMG",
    "BootstrappedImportance",
    "Coefficient",
    "DriverFinding",
    "DriverQuestion",
    "DriverRank",
    "DriverTest",
    "DriversOutcome",
    "DriversParameters",
    "DriversResult",
    "ImportanceMethod",
    "ModelFinding",
    "OutcomeModel",
    "Performance",
    "Quadrant",
    "RelativeImportance",
]
