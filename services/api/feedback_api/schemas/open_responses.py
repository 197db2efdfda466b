"""Shapes of open responses."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from fastapi import Path, Query
from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Output, Page
from feedback_api.schemas.responses import Name, RespondentIn
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.open_responses.types import Draft, GivenAnswer, Opened, Opening, OpenState, OpenSummary
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import QUESTION_KEY, Confidentiality, ResponseStatus

QuestionKey = Annotated[str, Path(pattern=QUESTION_KEY.pattern, description="Key of a question of its version")]
InState = Annotated[OpenState | None, Query(description="Only those in this state")]

_CHANGE: Final[dict[str, Any]] = {"answers": {"nps": 9, "why": None}, "attributes": {"region": "north"}}


class OpenResponseIn(Input):
    """What is known of a response when it is opened; anything may come later but who answers."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"attributes": {"region": "north"}, "answers": {"nps": 9}}]}
    )

    external_id: Name | None = Field(
        default=None,
        description="Your own name for it, recorded once per survey; the same opening again gets the same one."
        " Not with a submission key",
    )
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    confidentiality: Confidentiality | None = Field(
        default=None, description="The survey's, if left out; never one that keeps more of the respondent"
    )
    respondent: RespondentIn | None = Field(default=None, description="Refused if the response is anonymous")
    attributes: dict[str, Any] = Field(default_factory=dict, description="Values that the survey declares")
    answers: dict[str, Any] = Field(default_factory=dict, description="First answers, by question key")
    reserve: Flag = Field(
        default=False,
        description="Keep a place in every quota cell that it is of by now; 409 `quota_full` if one has none left",
    )

    def opening(self, idempotency_key: str | None) -> Opening:
        """For the domain."""
        who = self.respondent
        return Opening(
            answers=self.answers,
            attributes=self.attributes,
            external_id=self.external_id,
            idempotency_key=idempotency_key,
            method=self.method,
            confidentiality=self.confidentiality,
            respondent=Respondent(who.id, who.name, who.email, who.phone) if who else None,
            reserve=self.reserve,
        )


class AnswerIn(Input):
    """The answer to one question; null takes an earlier one away."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": 9}]})

    answer: Any


class OpenResponseChangeIn(Input):
    """Answers and attributes; null takes one away, what is not named stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHANGE]})

    answers: dict[str, Any] = Field(default_factory=dict, description="By question key")
    attributes: dict[str, Any] = Field(default_factory=dict, description="Values that the survey declares")


class SubmitIn(OpenResponseChangeIn):
    """How the respondent ended, and last answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"nps": 9}}]})

    status: ResponseStatus = Field(
        default=ResponseStatus.COMPLETE, description="Complete only with an answer to every required question shown"
    )


class OpenResponseOut(Output):
    """How far an open response has come; its ETag is its revision."""

    id: UUID
    survey_id: UUID
    survey_version_id: UUID = Field(description="The version it is given to, whatever is published meanwhile")
    state: OpenState = Field(description="`open` takes answers; treat what you don't know as closed")
    opened_at: datetime
    updated_at: datetime
    closes_at: datetime = Field(description="When it is closed as it stands")
    closed_at: datetime | None
    response_id: UUID | None = Field(description="Of the response that it became")
    answered: dict[str, int] = Field(description="Version of each answer, by question key")
    hidden: list[str] = Field(description="Questions whose answers are left out, since other answers hide them")
    unanswered: list[str] = Field(description="Questions that are put and have no answer yet, in order")

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """From the domain."""
        return cls.model_validate(cls.fields(draft))

    @classmethod
    def fields(cls, draft: Draft) -> dict[str, object]:
        """The fields that tell how far it is."""
        opened = draft.opened
        return {
            **{name: getattr(opened, name) for name in OpenResponseOut.model_fields if hasattr(opened, name)},
            "answered": {key: given.version for key, given in draft.answers.items() if given.value is not None},
            "hidden": list(draft.progress.hidden),
            "unanswered": list(draft.progress.unanswered),
        }


class OpenedOut(OpenResponseOut):
    """An open response, and the token with which its respondent answers."""

    respondent_token: str = Field(description="Shown once: Authorization: Bearer fbr_…; it reaches only this response")
    reserved_until: datetime | None = Field(description="Until when places in quotas are kept; null: none are")

    @classmethod
    def of_opened(cls, opened: Opened) -> Self:
        """From the domain."""
        shown = {"respondent_token": opened.token, "reserved_until": opened.reserved_until}
        return cls.model_validate({**cls.fields(opened.draft), **shown})


class GivenAnswerOut(Output):
    """An answer as it stands."""

    value: Any
    version: int = Field(description="1 for the first; earlier ones are kept")
    answered_at: datetime

    @classmethod
    def of(cls, given: GivenAnswer) -> Self:
        """From the domain."""
        return cls.model_validate(given)


class OpenResponseWithAnswersOut(OpenResponseOut):
    """An open response, to go on with it."""

    method: CollectionMethod
    confidentiality: Confidentiality
    attributes: dict[str, str]
    answers: dict[str, GivenAnswerOut] = Field(description="Those that stand, by question key")

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """From the domain."""
        opened = draft.opened
        return cls.model_validate(
            {
                **cls.fields(draft),
                "method": opened.method,
                "confidentiality": opened.confidentiality,
                "attributes": opened.attributes,
                "answers": {
                    key: GivenAnswerOut.of(given) for key, given in draft.answers.items() if given.value is not None
                },
            }
        )


class OpenSummaryOut(Output):
    """A line of the list: whether somebody should be reminded, read it here."""

    id: UUID
    state: OpenState
    external_id: str | None
    respondent_ref: str | None = Field(description="The same for the same respondent of this survey; null if not known")
    opened_by: UUID = Field(description="Id of the API key or submission key")
    opened_at: datetime
    updated_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    answered: int = Field(description="Questions that have an answer")
    response_id: UUID | None

    @classmethod
    def of(cls, summary: OpenSummary) -> Self:
        """From the domain."""
        opened = summary.opened
        given = {name: getattr(opened, name) for name in cls.model_fields if hasattr(opened, name)}
        reference = opened.respondent_ref
        return cls.model_validate(
            {**given, "answered": summary.answered, "respondent_ref": None if reference is None else reference.hex()}
        )


class OpenResponsesOut(Page[OpenSummaryOut]):
    """A page of open responses, and of those that were, in the order in which they were opened."""
