"""Agreement of coders; light enough for the API, which answers with it at once."""

from feedback_core.themes.codings.calc.coder_agreement import (
    CohenKappa,
    FleissKappa,
    KappaWeights,
    cohen_kappa,
    fleiss_agreement,
    percent_agreement,
)
from feedback_core.themes.codings.calc.krippendorff import KrippendorffAlpha, Metric, Verdict, krippendorff_alpha

__all__ = [
    "CohenKappa",
    "FleissKappa",
    "KappaWeights",
    "KrippendorffAlpha",
    "Metric",
    "Verdict",
    "cohen_kappa",
    "fleiss_agreement",
    "krippendorff_alpha",
    "percent_agreement",
]
