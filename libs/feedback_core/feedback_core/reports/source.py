"""What an edition is made from: the frozen result of a review, and the names of what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from feedback_core.recommendations.actions.types import ActionOutcome, ActionState
from feedback_core.recommendations.effect.types import EffectOutcome
from feedback_core.recommendations.types import Candidate, FeatureReview, ReviewOutcome, ReviewParameters
from feedback_core.reports.types import Audience
from feedback_core.service.types import Linked, ServiceLinks
from feedback_core.standards.types import StandardVerdict
from feedback_core.themes.analysis.types import ThemesOutcome


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as customers read it, in the language of the survey."""

    key: str
    text: str
    feature_key: str | None


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """The survey as it was published when the review read its answers.

    Attributes:
        attributes: label by key of the attribute, and of its values by ``attribute=value``.
    """

    key: str
    title: str
    language: str
    version: int
    confidentiality: str
    questions: tuple[AskedQuestion, ...]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FeatureFact:
    """A feature as it was reviewed, and whose it is.

    Attributes:
        place: of it in the result of the review.
        question_text: as customers read it; of a matrix with the row.
        standard: the verdict on the standard that asks this of the feature; ``None``: there is none.
    """

    place: int
    review: FeatureReview
    question_text: str
    standard: StandardVerdict | None

    @property
    def process(self) -> str | None:
        """Name of the process that produces it."""
        process = self.review.links.process
        return process.name if process else None

    @property
    def owner(self) -> str | None:
        """Who answers for it, or else for its process."""
        return next((found.owner for found in _owned(self.review.links) if found.owner), None)

    @property
    def asked(self) -> str:
        """Key of the question, with the row of a matrix."""
        return self.review.question if self.review.item is None else f"{self.review.question}.{self.review.item}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a recommendation stands: who decided that, why and when; ``None``: nobody has decided."""

    recommendation_id: UUID
    state: str
    decided_by: str | None
    reason: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run of an analysis, as it was kept.

    Attributes:
        read_at: when it read the data.
    """

    id: UUID
    result_sha256: str
    data_version: str
    read_at: datetime
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EffectFacts:
    """An analysis of the effect of an action."""

    run: RunFacts
    outcome: EffectOutcome


@dataclass(frozen=True, slots=True)
class ActionFact:
    """What is done about a recommendation, and what became of it.

    Attributes:
        change_on: first day on which it could have an effect; ``None`` until it is completed.
        outcome: whether it worked, as was said when it was closed.
        changed_at: when it, or what the public is told of it, last changed.
        effect: the analysis that it was closed with, or else the newest of its effect.
        public: what everybody may read that was done, in the words in which it was published.
    """

    title: str
    owner: str
    due_on: date
    state: ActionState
    change_on: date | None
    outcome: ActionOutcome | None
    changed_at: datetime
    effect: EffectFacts | None = None
    public: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recommendation of the review, and where it stands.

    Attributes:
        standing: ``None``: nothing is known of it any more.
        actions: about it, those due first first.
    """

    candidate: Candidate
    standing: Standing | None
    actions: tuple[ActionFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ThemesFacts:
    """An analysis of themes beside the review."""

    run: RunFacts
    outcome: ThemesOutcome


@dataclass(frozen=True, slots=True)
class ReportSource:
    """All of it.

    Attributes:
        minimum_cell_size: figures from fewer respondents are withheld.
        features: of the review, in its order.
    """

    organisation: str
    minimum_cell_size: int
    survey: SurveyFacts
    run: RunFacts
    parameters: ReviewParameters
    outcome: ReviewOutcome
    features: tuple[FeatureFact, ...]
    proposals: tuple[Proposal, ...]
    themes: ThemesFacts | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom an edition is, and of which part of the service.

    Attributes:
        process: only features of this process; with ``owner`` those that fit both.
    """

    audience: Audience
    process: str | None = None
    owner: str | None = None

    def takes(self, links: ServiceLinks) -> bool:
        """Whether a finding belongs to the part: by key or name of its process, by the owner of that or the feature."""
        process = links.process
        processes = () if process is None else (process.key, process.name)
        owners = [found.owner for found in _owned(links) if found.owner]
        return _names(self.process, processes) and _names(self.owner, owners)


def _owned(links: ServiceLinks) -> tuple[Linked, ...]:
    return tuple(found for found in (links.feature, links.process) if found is not None)


def _names(wanted: str | None, names: Iterable[str]) -> bool:
    return wanted is None or wanted.casefold() in {name.casefold() for name in names}
