"""What an edition is made from: the frozen result of a review, and the names of what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.recommendations.types import Candidate, FeatureReview, ReviewOutcome, ReviewParameters
from feedback_core.reports.types import Audience
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
    """

    place: int
    review: FeatureReview
    question_text: str
    process: str | None
    owner: str | None

    @property
    def asked(self) -> str:
        """Key of the question, with the row of a matrix."""
        return self.review.question if self.review.item is None else f"{self.review.question}.{self.review.item}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a recommendation stands: who decided that, why and when; ``None``: nobody has decided."""

    state: str
    decided_by: str | None
    reason: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recommendation of the review, and where it stands.

    Attributes:
        standing: ``None``: nothing is known of it any more.
    """

    candidate: Candidate
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run of an analysis, as it was kept."""

    id: UUID
    result_sha256: str
    data_version: str
    libraries: Mapping[str, str]


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

    def takes(self, process: str | None, owner: str | None) -> bool:
        """Whether a feature belongs to the part."""
        fits_process = self.process is None or (process or "").casefold() == self.process.casefold()
        return fits_process and (self.owner is None or (owner or "").casefold() == self.owner.casefold())
