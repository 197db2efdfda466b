"""Surveys over their life: one draft at most, and versions that never change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict, Fault, Invalid
from feedback_core.surveys.types.questionnaire import Questionnaire, QuestionType, Scale
from feedback_core.surveys.types.states import Audience, Confidentiality, SurveyState, Take


class SurveyKeyTaken(Conflict):
    """Another survey of the organisation has this key."""

    code = "survey_key_taken"


class SurveyKeyFixed(Invalid):
    """A survey keeps the key that it was created with."""

    code = "survey_key_fixed"


class NoDraft(Conflict):
    """The survey has no draft that could be changed or published: its versions never change."""

    code = "no_draft"


class DraftExists(Conflict):
    """The survey has a draft already; a second one would be lost or would overwrite it."""

    code = "draft_exists"


class SurveyNotPublished(Conflict):
    """The survey has no version yet: nothing takes answers, and nothing can be closed."""

    code = "survey_not_published"

    def __init__(self) -> None:
        super().__init__("The survey was never published: publish it first.")


class SurveyNotPublishable(Invalid):
    """The draft has faults; each is named with a pointer into its document."""

    code = "survey_not_publishable"


class ConfidentialityLoosened(Conflict):
    """Answers were given under a stricter promise than the one that is asked for."""

    code = "confidentiality_loosened"


SHORTEST_AUTO_CLOSE: Final = 1
LONGEST_AUTO_CLOSE: Final = 2_160
"""Hours after which an open response is closed by itself: an hour to ninety days."""


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """How answers are gathered and counted; it can be changed at any time, whatever is published.

    Attributes:
        auto_close_after_hours: so long after it was opened, an open response is closed as it stands.
        responses_per_respondent: which responses of one known respondent count in figures, unless a KPI's definition
            says otherwise.
        audience: who is asked; it stays once the survey was published.
    """

    auto_close_after_hours: int = 24
    responses_per_respondent: Take = Take.ALL
    audience: Audience = Audience.CUSTOMERS


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it stands.

    Attributes:
        confidentiality: the most identifying mode in which a response may be recorded.
        published_version: number of the version that takes answers, or took the last ones; ``None``: never published.
        questionnaire: the draft where there is one, else the latest version.
        has_draft: whether ``questionnaire`` is a draft.
        faults: why the draft cannot be published yet; empty where it can, or where there is no draft.
        settings: how answers are gathered and counted.
        revision: counts edits of any kind.
    """

    survey_id: UUID
    key: str
    state: SurveyState
    confidentiality: Confidentiality
    published_version: int | None
    questionnaire: Questionnaire
    has_draft: bool
    faults: tuple[Fault, ...]
    settings: SurveySettings
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class SurveySummary:
    """A line of the list of surveys.

    Attributes:
        title: of the draft where there is one, else of the latest version; in the survey's own language.
    """

    survey_id: UUID
    key: str
    title: str
    state: SurveyState
    confidentiality: Confidentiality
    published_version: int | None
    has_draft: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SurveyVersion:
    """What was published once, and never changes.

    Attributes:
        number: 1 for the first version of the survey.
    """

    version_id: UUID
    survey_id: UUID
    number: int
    published_at: datetime
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class PublishedSurvey:
    """The version of a survey that takes answers, or took the last ones if the survey is closed.

    Attributes:
        key: of the survey.
        number: of the version.
        state: published or closed; only a published survey takes answers.
        confidentiality: the most identifying mode in which a response may be recorded.
        settings: how answers are gathered and counted; the usual ones where capture, which needs none, made this.
        quotas_revision: of its quotas, as they were read with it; 0: none, or not read.
    """

    survey_id: UUID
    key: str
    version_id: UUID
    number: int
    state: SurveyState
    confidentiality: Confidentiality
    questionnaire: Questionnaire
    settings: SurveySettings = SurveySettings()
    quotas_revision: int = 0


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of a published version, as figures need it.

    Attributes:
        scale: what its answers are on (``Question.answer_scale``); ``None`` for a type without scale.
        feature_key: the feature of the service that it is about.
        position: from 0, in the order in which questions are put.
    """

    key: str
    type: QuestionType
    scale: Scale | None
    feature_key: str | None
    position: int
