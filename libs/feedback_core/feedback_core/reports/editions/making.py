"""What every section of an edition is made from: the source, cut to what the audience is told of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedback_core.recommendations.types import ReviewOutcome
from feedback_core.reports.editions.profiles import PROFILES, Profile
from feedback_core.reports.source import ActionFact, FeatureFact, Proposal, ReportSource, Wanted
from feedback_core.standards.types import StandardVerdict


@dataclass(frozen=True, slots=True)
class Making:
    """An edition under way.

    Attributes:
        features: that the audience is told of.
        proposals: about these features, and for an audience of the whole also those about none.
    """

    source: ReportSource
    wanted: Wanted
    profile: Profile
    features: tuple[FeatureFact, ...]
    proposals: tuple[Proposal, ...]

    @property
    def level(self) -> float:
        """Of the intervals."""
        return self.source.parameters.level

    def name(self, feature: FeatureFact) -> str:
        """What a feature is called here; where several questions are about it, with the key of the question."""
        called = feature.review.feature_name
        alone = sum(other.review.feature_name == called for other in self.features) == 1
        return called if alone else f"{called} ({feature.asked})"

    @property
    def is_of_a_part(self) -> bool:
        """Whether there are features that the audience is not told of."""
        return len(self.features) < len(self.source.features)

    def standards(self) -> list[StandardVerdict]:
        """The standards that the review has judged; of a part of the service, those that belong there."""
        judged = self.source.outcome.standards
        return [each for each in judged if not self.is_of_a_part or self.wanted.takes(each.links)]

    def actions(self) -> Iterator[ActionFact]:
        """Every action about the recommendations that the audience is told of."""
        return (action for proposal in self.proposals for action in proposal.actions)

    def outcome(self) -> ReviewOutcome:
        """The review of these features and standards alone, for its charts."""
        reviews = tuple(feature.review for feature in self.features)
        return replace(self.source.outcome, features=reviews, standards=tuple(self.standards()), sentence="")


def begin(source: ReportSource, wanted: Wanted) -> Making:
    """What the audience is told of."""
    features = tuple(feature for feature in source.features if wanted.takes(feature.review.links))
    keys = {feature.review.feature_key for feature in features}
    whole = len(features) == len(source.features)
    profile = PROFILES[wanted.audience]
    proposals = tuple(
        proposal
        for proposal in source.proposals
        if proposal.candidate.feature_key in keys or (whole and proposal.candidate.feature_key is None)
    )
    return Making(source, wanted, profile, features, proposals)
