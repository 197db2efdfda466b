"""Pure calculations on comments and their codes; they run in the worker only."""

from feedback_core.themes.calc.coding_model import CodingModel, learn_coding
from feedback_core.themes.calc.suggestions import suggest_themes
from feedback_core.themes.codings.calc.coder_agreement import (
    CohenKappa,
    FleissKappa,
    KappaWeights,
    cohen_kappa,
    fleiss_agreement,
    percent_agreement,
)
from feedback_core.themes.codings.calc.krippendorff import KrippendorffAlpha, Metric, krippendorff_alpha
from feedback_core.themes.reading.calc.languages import detect_language
from feedback_core.themes.reading.calc.sentiment import LANGUAGES_WITH_SENTIMENT, sentiment_of, what_is_asked

__all__ = [
    "LANGUAGES_WITH_SENTIMENT",
    "CodingModel",
    "CohenKappa",
    "FleissKappa",
    "KappaWeights",
    "KrippendorffAlpha",
    "Metric",
    "cohen_kappa",
    "detect_language",
    "fleiss_agreement",
    "krippendorff_alpha",
    "learn_coding",
    "percent_agreement",
    "sentiment_of",
    "suggest_themes",
    "what_is_asked",
]
