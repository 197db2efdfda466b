"""Quality of the answers: carelessness, speed, missing answers, duplicates, and reliability of scales; worker only."""

from feedback_core.responses.quality.consistency import even_odd_inconsistency
from feedback_core.responses.quality.duplicates import repeated_senders, repeated_texts
from feedback_core.responses.quality.flags import CombinedFlags, combine_flags
from feedback_core.responses.quality.nonresponse import ItemNonresponse, item_nonresponse_rates
from feedback_core.responses.quality.one_factor import FactorMethod, OneFactorModel, one_factor_model
from feedback_core.responses.quality.outliers import MahalanobisDistances, MissingAnswers, mahalanobis_distances
from feedback_core.responses.quality.reliability import ScaleReliability, scale_reliability
from feedback_core.responses.quality.speed import CompletionSpeed, completion_speed
from feedback_core.responses.quality.straightlining import AnswerStrings, answer_strings, response_variability

__all__ = [
    "AnswerStrings",
    "CombinedFlags",
    "CompletionSpeed",
    "FactorMethod",
    "ItemNonresponse",
    "MahalanobisDistances",
    "MissingAnswers",
    "OneFactorModel",
    "ScaleReliability",
    "answer_strings",
    "combine_flags",
    "completion_speed",
    "even_odd_inconsistency",
    "item_nonresponse_rates",
    "mahalanobis_distances",
    "one_factor_model",
    "repeated_senders",
    "repeated_texts",
    "response_variability",
    "scale_reliability",
]
