"""Vocabulary of proposals from analyses."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback_core.kit.errors import Conflict


class ProposesNothing(Conflict):
    """The analysis has found nothing yet, or is of a kind from which no recommendation follows."""

    code = "proposes_nothing"


@dataclass(frozen=True, slots=True)
class Subjects:
    """What recommendations are about.

    Attributes:
        features: question key to the key of its feature.
        names: key of a feature to what people call it.
        higher_is_better: of the KPI of the analysis; ``None``: it has none, or no direction.
    """

    features: Mapping[str, str]
    names: Mapping[str, str]
    higher_is_better: bool | None = None

    def feature_of(self, question: str | None) -> str | None:
        """The feature that a question, or a row of it, is about."""
        return None if question is None else self.features.get(question.partition(".")[0])

    def name_of(self, feature: str | None, otherwise: str) -> str:
        """What people call a feature."""
        return otherwise if feature is None else self.names.get(feature, feature)
