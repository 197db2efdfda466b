"""Pure calculations on coded comments; they run in the worker only."""

from feedback_core.themes.calc.coder_agreement import (
    CohenKappa,
    FleissKappa,
    KappaWeights,
    cohen_kappa,
    fleiss_agreement,
    percent_agreement,
)
from feedback_core.themes.calc.krippendorff import KrippendorffAlpha, Metric, krippendorff_alpha

__all__ = [
    "CohenKappa",
    "FleissKappa",
    "KappaWeights",
    "KrippendorffAlpha",
    "Metric",
    "cohen_kappa",
    "fleiss_agreement",
    "krippendorff_alpha",
    "percent_agreement",
]
