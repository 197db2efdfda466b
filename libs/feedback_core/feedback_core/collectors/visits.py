"""Who follows a link, and what they find: questions, a thank you, or words about why there are none."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from feedback_core.collectors import queries
from feedback_core.collectors.invited import InvitedState
from feedback_core.collectors.links import FollowedLink
from feedback_core.collectors.types import Availability, availability_of
from feedback_core.db.session import Session
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.open_responses.changes import pinned_survey
from feedback_core.responses.open_responses.opening import opening_reference
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.open_responses.types import Draft, Opener, OpenResponse, OpenState
from feedback_core.responses.open_responses.use_cases import get_draft
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.submission_keys.credentials import SECRET_BYTES, PublicCredential, PublicKind
from feedback_core.responses.use_cases import survey_as_published
from feedback_core.surveys.types import PublishedSurvey, SurveyNotPublished, SurveyState

_MOST_OPENINGS: Final = 50
"""Of one person or browser, each after the one before had ended without an answer."""


class Finds(StrEnum):
    """What somebody finds behind a link; all but the first two are words about why there are no questions."""

    QUESTIONS = "questions"
    THANKS = "thanks"
    NOT_YET = "not_yet"
    PAUSED = "paused"
    ENDED = "ended"
    ANSWERED = "answered"
    OPTED_OUT = "opted_out"
    LINK_ENDED = "link_ended"
    TIMED_OUT = "timed_out"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who follows a link.

    Attributes:
        survey: the version that they answer; ``None``: the survey was never published.
        draft: what they have answered by now; ``None``: nothing.
        is_own_browser: whether this browser began, or submitted, that draft.
        opening_key: under which their draft is opened once; ``None``: nothing is known of them or their browser.
    """

    link: FollowedLink
    organisation: str
    finds: Finds
    survey: PublishedSurvey | None
    draft: Draft | None
    is_own_browser: bool
    opening_key: str | None

    def with_draft(self, draft: Draft | None, survey: PublishedSurvey | None) -> "Visit":
        """The same, as it stands after a form was taken."""
        return replace(self, draft=draft, survey=survey)


def opener_of(link: FollowedLink) -> Opener:
    """With what responses through a link are opened."""
    return Opener(link.collector.id, is_public=link.invited is None)


async def visit(session: Session, link: FollowedLink, *, nonce: bytes | None, privacy: Privacy, now: datetime) -> Visit:
    """What somebody finds who follows a link.

    Args:
        session: bound to the organisation of the link.
        link: as it was followed.
        nonce: by which their browser is known at this link; ``None``: it is not.
        privacy: for what identifies people.
        now: when.
    """
    organisation = await get_organisation(session, link.organisation_id)
    try:
        survey = await survey_as_published(session, link.organisation_id, link.collector.survey_id)
    except SurveyNotPublished:
        survey = None
    name = f"invitation:{link.invitation_id}" if link.invited else None if nonce is None else f"visit:{nonce.hex()}"
    opened, key = (None, None) if name is None else await _draft_under(session, link, name, privacy)
    is_own = opened is not None and nonce is not None and await _began(session, link, opened, nonce)
    finds = _finds(link, survey, opened, is_own_browser=is_own, now=now)
    draft = None
    if opened is not None:
        draft = await get_draft(session, link.organisation_id, link.collector.survey_id, opened.id)
        survey = await pinned_survey(session, link.organisation_id, opened)
    return Visit(link, organisation.name, finds, survey, draft, is_own, key)


def _finds(
    link: FollowedLink,
    survey: PublishedSurvey | None,
    opened: OpenResponse | None,
    *,
    is_own_browser: bool,
    now: datetime,
) -> Finds:
    invited = link.invited
    if opened is not None and opened.state is OpenState.SUBMITTED:
        return Finds.THANKS if is_own_browser else Finds.ANSWERED
    if invited is not None and invited.state is not InvitedState.OPEN:
        return _REFUSED[invited.state]
    availability = availability_of(link.collector, survey.state if survey else SurveyState.DRAFT, now)
    if availability is Availability.ENDED:
        return Finds.ENDED
    if opened is not None and opened.state is OpenState.OPEN and now < opened.closes_at:
        may_go_on = is_own_browser or (invited is not None and invited.resumable)
        return Finds.QUESTIONS if may_go_on else Finds.ELSEWHERE
    if opened is not None:
        return Finds.TIMED_OUT
    return _WITHOUT_DRAFT[availability]


def secret_of(nonce: bytes) -> bytes:
    """The secret of a draft that a browser began: kept by its hash, as that of every respondent."""
    return hashlib.sha256(b"hosted page" + nonce).digest()[:SECRET_BYTES]


async def _began(session: Session, link: FollowedLink, opened: OpenResponse, nonce: bytes) -> bool:
    """Whether a browser began a draft, or has gone on with it."""
    organisation_id, survey_id = link.organisation_id, link.collector.survey_id
    found = await answering.with_tokens(session, organisation_id, survey_id, opened.id)
    own = PublicCredential(PublicKind.RESPONDENT, organisation_id, survey_id, opened.id, secret_of(nonce))
    return found is not None and own.matches(found[1])


async def _draft_under(
    session: Session, link: FollowedLink, name: str, privacy: Privacy
) -> tuple[OpenResponse | None, str]:
    """The draft of an invited person or of a browser, and the key that it has, or that one will have.

    Nothing but a keyed hash leads from an invitation to what was said: of anonymous responses there may be no more.
    """
    organisation_id, survey_id = link.organisation_id, link.collector.survey_id
    hashes = privacy.references.of_survey(organisation_id, survey_id)
    for count in range(_MOST_OPENINGS):
        key = f"{name}:{count}"
        reference = opening_reference(hashes, opener_of(link), key)
        assert reference is not None
        open_id = await queries.opened_under(session, organisation_id, survey_id, reference)
        opened = None if open_id is None else await answering.by_id(session, organisation_id, survey_id, open_id)
        if opened is None or opened.state is not OpenState.DISCARDED:
            return opened, key
    return None, f"{name}:{_MOST_OPENINGS}"


_REFUSED: Final = {
    InvitedState.ANSWERED: Finds.ANSWERED,
    InvitedState.OPTED_OUT: Finds.OPTED_OUT,
    InvitedState.ENDED: Finds.LINK_ENDED,
}
_WITHOUT_DRAFT: Final = {
    Availability.OPEN: Finds.QUESTIONS,
    Availability.NOT_YET: Finds.NOT_YET,
    Availability.PAUSED: Finds.PAUSED,
    Availability.ENDED: Finds.ENDED,
}
