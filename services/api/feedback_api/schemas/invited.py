"""Shapes of what whoever has a personal link sees and sends, and of what providers say of messages."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Output
from feedback_api.schemas.open_responses import OpenResponseChangeIn, SubmitIn
from feedback_api.schemas.responses import Moment
from feedback_core.invitations.notices import Notice, NoticeKind
from feedback_core.invitations.types.invitations import PersonalLink
from feedback_core.invitations.types.states import InvitationState
from feedback_core.surveys.types import Confidentiality


class InvitedOut(Output):
    """What a personal link leads to, and where to go from there."""

    organisation: str
    survey_id: UUID
    survey_title: str
    confidentiality: Confidentiality = Field(description="The most that is kept of who answers")
    state: InvitationState = Field(description="Treat what you don't know as ended")
    language: str | None
    expires_at: datetime
    may_answer: bool
    links: dict[str, str]

    @classmethod
    def of(cls, link: PersonalLink, path: str) -> Self:
        """From the domain."""
        own = {name: getattr(link, name) for name in cls.model_fields if hasattr(link, name)}
        names = ("open-response", "submission", "refusal", "opt-out", "erasure")
        return cls.model_validate({**own, "links": {name: f"{path}/{name}" for name in names}})


class InvitedOpeningIn(OpenResponseChangeIn):
    """First answers, where there are any; of a response that was begun before, nothing is changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"nps": 9}}]})


class InvitedSubmissionIn(SubmitIn):
    """Everything that was answered."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"nps": 9}}]})


class OptedOutOut(Output):
    """That somebody is asked no more."""

    organisation: str
    opted_out: bool


class NoticeIn(Input):
    """What became of one message."""

    message_id: str = Field(
        min_length=1, max_length=998, description="The Message-ID of the mail, or the id that the gateway was given"
    )
    event: NoticeKind
    at: Moment | None = None

    def notice(self) -> Notice:
        """For the domain."""
        return Notice(self.message_id, self.event, self.at)


class NoticesIn(Input):
    """What became of messages."""

    items: list[NoticeIn] = Field(min_length=1, max_length=1_000)


class NoticesOut(Output):
    """How many were of messages that were sent from here, and of how many something was new."""

    known: int
    changed: int


NOTICES: dict[str, Any] = {
    "items": [{"message_id": f"<{UUID(int=1).hex}.{UUID(int=2).hex}.0@example.org>", "event": "bounced"}]
}
