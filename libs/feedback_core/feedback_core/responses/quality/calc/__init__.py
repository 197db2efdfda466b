"""Pure calculations on the quality of answers: carelessness, speed, gaps, duplicates, reliability; worker only."""

from feedback_core.responses.quality.calc.consistency import even_odd_inconsistency
from feedback_core.responses.quality.calc.duplicates import plain_text, repeated_senders, repeated_texts
from feedback_core.responses.quality.calc.flags import CombinedFlags, combine_flags
from feedback_core.responses.quality.calc.nonresponse import ItemNonresponse, item_nonresponse_rates
from feedback_core.responses.quality.calc.one_factor import (
    FactorMethod,
    OneFactorModel,
    one_factor_model,
    one_factor_of_moments,
)
from feedback_core.responses.quality.calc.outliers import (
    AnswerDistribution,
    MahalanobisDistances,
    MissingAnswers,
    answer_distribution,
    mahalanobis_distances,
)
from feedback_core.responses.quality.calc.reliability import (
    AnswerMoments,
    ScaleReliability,
    reliability_of_moments,
    scale_reliability,
)
from feedback_core.responses.quality.calc.speed import CompletionSpeed, completion_speed
from feedback_core.responses.quality.calc.straightlining import AnswerStrings, answer_strings, response_variability

__all__ = [
    "AnswerDistribution",
    "AnswerMoments",
    "AnswerStrings",
    "CombinedFlags",
    "CompletionSpeed",
    "FactorMethod",
    "ItemNonresponse",
    "MahalanobisDistances",
    "MissingAnswers",
    "OneFactorModel",
    "ScaleReliability",
    "answer_distribution",
    "answer_strings",
    "combine_flags",
    "completion_speed",
    "even_odd_inconsistency",
    "item_nonresponse_rates",
    "mahalanobis_distances",
    "one_factor_model",
    "one_factor_of_moments",
    "plain_text",
    "reliability_of_moments",
    "repeated_senders",
    "repeated_texts",
    "response_variability",
    "scale_reliability",
]
