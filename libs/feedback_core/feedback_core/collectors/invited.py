"""What the hosted questionnaire asks of invitations: who somebody is that follows a personal link, and what they did.

The page knows nothing else of invitations; what implements this is handed to it where the API is wired.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent


class InvitedState(StrEnum):
    """Whether a personal link leads to questions.

    ``open``: it does, from the beginning or from where its person stopped. ``answered``: they have answered.
    ``opted_out``: they do not want to be asked. ``ended``: its time is over, or it was taken back.
    """

    OPEN = "open"
    ANSWERED = "answered"
    OPTED_OUT = "opted_out"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who follows a personal link.

    Attributes:
        collector_id: whose page they are shown.
        state: whether they may answer.
        respondent: who they are, as given when their response is opened; kept only as far as the survey allows.
        method: that their response is counted under; ``None``: the collector's.
        language: in which they are asked; ``None``: the collector's, or what their browser asks for.
        attributes: of theirs, beside those of the collector.
        resumable: whether whoever has the link goes on where its person stopped; else only the browser that began.
        opt_out_path: where they say that they do not want to be asked; shown at the foot of each page.
    """

    collector_id: UUID
    state: InvitedState
    respondent: Respondent | None = None
    method: CollectionMethod | None = None
    language: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    resumable: bool = True
    opt_out_path: str | None = None


class Invitations(Protocol):
    """Who knows of the invited; each call happens in the transaction of the page."""

    async def invited(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, hold: bool
    ) -> Invited | None:
        """Who is invited; ``hold``: kept from others until the transaction ends. ``None``: there is no such."""
        ...

    async def note_started(self, session: Session, organisation_id: UUID, invitation_id: UUID, *, at: datetime) -> None:
        """They gave a first answer; an invitation that is held, told once for each response that is opened."""
        ...

    async def note_completed(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, response_id: UUID | None, at: datetime
    ) -> None:
        """They submitted; an invitation that is held, told once.

        ``response_id`` is ``None`` if the response is anonymous: nothing may lead from the invited to what they said.
        """
        ...


class NobodyInvited:
    """Where there are no invitations: no personal link leads anywhere."""

    async def invited(
        self,
        session: Session,  # noqa: ARG002 - as of whoever knows some
        organisation_id: UUID,  # noqa: ARG002
        invitation_id: UUID,  # noqa: ARG002
        *,
        hold: bool,  # noqa: ARG002
    ) -> Invited | None:
        """Nobody is."""
        return None

    async def note_started(self, session: Session, organisation_id: UUID, invitation_id: UUID, *, at: datetime) -> None:
        """Never happens: nobody is invited."""

    async def note_completed(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, response_id: UUID | None, at: datetime
    ) -> None:
        """Never happens: nobody is invited."""
