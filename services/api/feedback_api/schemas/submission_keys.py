"""Shapes of submission keys, and of what is sent with one."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output
from feedback_api.schemas.responses import Instant, Moment, RespondentIn
from feedback_api.schemas.surveys import Asks, fields_of
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.submission_keys.types import MOST_ORIGINS, MOST_PER_MINUTE, NewSubmissionKey
from feedback_core.responses.types import NewResponse, Respondent
from feedback_core.surveys.types import Confidentiality, PublishedSurvey, ResponseStatus, without_features

_SUBMISSION: Final[dict[str, Any]] = {
    "started_at": "2026-03-01T09:58:00Z",
    "attributes": {"region": "north"},
    "answers": {"nps": 9, "wait": 4, "why": "Quick and kind."},
}


class SubmissionKeyIn(Input):
    """A new key that may stand in a page."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Website", "origins": ["https://www.example.org"], "requests_per_minute": 300}]
        }
    )

    name: Line
    origins: list[Annotated[str, Field(min_length=8, max_length=300)]] = Field(
        default_factory=list,
        max_length=MOST_ORIGINS,
        description="Exact origins of the pages that may use it, as browsers write them; none: only servers may",
    )
    requests_per_minute: Annotated[int, Field(strict=True, ge=1, le=MOST_PER_MINUTE), AS_WHOLE] = Field(
        default=600, description="Of everybody who calls with it"
    )
    expires_at: Moment | None = Field(default=None, description="Null: it does not end by itself")

    def key(self) -> NewSubmissionKey:
        """For the domain."""
        return NewSubmissionKey(self.name, tuple(self.origins), self.requests_per_minute, self.expires_at)


class SubmissionKeyOut(Output):
    """A key, without its secret."""

    id: UUID
    survey_id: UUID
    name: str
    hint: str = Field(description="Its last characters")
    origins: list[str]
    requests_per_minute: int
    created_by: str = Field(description="Name of the API key")
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewSubmissionKeyOut(SubmissionKeyOut):
    """A key just made: the only time that it is shown."""

    submission_key: str = Field(description="It may stand in a page; it lets answer this survey and read nothing")


class SubmissionKeysOut(Output):
    """Every key of the survey, oldest first."""

    items: list[SubmissionKeyOut]


class SubmissionIn(Input):
    """What a respondent said, sent by a page. It has no `external_id` and no time of submission: it is said now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUBMISSION]})

    started_at: Instant | None = Field(
        default=None, description="When the respondent saw the first question; tells who answered too fast to have read"
    )
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    confidentiality: Confidentiality | None = Field(
        default=None, description="The survey's, if left out; never one that keeps more of the respondent"
    )
    status: ResponseStatus | None = Field(
        default=None, description="If left out: complete when every required question that was shown has an answer"
    )
    respondent: RespondentIn | None = Field(
        default=None, description="Refused if the response is anonymous; nobody vouches for it"
    )
    attributes: dict[str, Any] = Field(default_factory=dict, description="Values that the survey declares")
    answers: dict[str, Any] = Field(description="By question key; kept as said")

    def said(self, sent_by: UUID, request_id: str, idempotency_key: str | None) -> NewResponse:
        """For the domain."""
        who = self.respondent
        return NewResponse(
            answers=self.answers,
            attributes=self.attributes,
            idempotency_key=idempotency_key,
            started_at=self.started_at,
            method=self.method,
            confidentiality=self.confidentiality,
            status=self.status,
            respondent=Respondent(who.id, who.name, who.email, who.phone) if who else None,
            sent_by=sent_by,
            request_id=request_id,
        )


class FormOut(Asks, Output):
    """What a page needs to draw the form: the version that takes answers, and what is promised to who answers."""

    survey_id: UUID
    version: int = Field(description="Its ETag; 1 for the first version of the survey")
    confidentiality: Confidentiality = Field(description="The most that is kept of who answers")

    @classmethod
    def of(cls, survey: PublishedSurvey) -> Self:
        """From the domain; what the questions are to the organisation is left out."""
        return cls(
            **fields_of(without_features(survey.questionnaire)),
            survey_id=survey.survey_id,
            version=survey.number,
            confidentiality=survey.confidentiality,
        )
