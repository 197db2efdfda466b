"""Links to the hosted questionnaire: ``fbq_`` of a collector, for everybody; ``fbi_`` of an invitation, for one person.

A link says by its signature alone that it was made here; which collector is behind, and who is invited, is looked up.
"""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from feedback_core.collectors import queries
from feedback_core.collectors.invited import Invitations, Invited
from feedback_core.collectors.types import Collector
from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.kit.settings import SecretSettings
from feedback_core.kit.signed_links import SignedLinks

COLLECTOR_PREFIX: Final = "fbq_"
INVITATION_PREFIX: Final = "fbi_"
_SIGNED_CHARACTERS: Final = 76
"""Of organisation, thing and signature in base64, with its padding."""


class LinkUnknown(NotFound):
    """The link was not made here, or what it leads to is not there any more."""

    def __init__(self) -> None:
        super().__init__("questionnaire", "under this link")


@dataclass(frozen=True, slots=True)
class NamedLink:
    """What a link names, once its signature is verified: a collector, or an invitation of one of its collectors."""

    organisation_id: UUID
    collector_id: UUID | None
    invitation_id: UUID | None

    @property
    def holder(self) -> bytes:
        """Whose quota a request with it is taken from."""
        named = self.collector_id or self.invitation_id
        assert named is not None
        return named.bytes


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """What a link leads to: a collector, and who is invited to it; ``invited`` is ``None`` for everybody else."""

    organisation_id: UUID
    collector: Collector
    invitation_id: UUID | None
    invited: Invited | None


class SurveyLinks:
    """Makes links to the hosted questionnaire, and tells those that it has made from all others."""

    def __init__(self, pepper: bytes) -> None:
        self._collectors = SignedLinks(pepper, purpose=b"collector_links", prefix=COLLECTOR_PREFIX)
        self._invitations = SignedLinks(pepper, purpose=b"invitation_links", prefix=INVITATION_PREFIX)

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets."""
        return cls(settings.pepper.get_secret_value().encode())

    def of_collector(self, organisation_id: UUID, collector_id: UUID) -> str:
        """What stands in the link of a collector: anybody may have it."""
        return self._collectors.token(organisation_id, collector_id).rstrip("=")

    def of_invitation(self, organisation_id: UUID, invitation_id: UUID) -> str:
        """What stands in the link of one invited person."""
        return self._invitations.token(organisation_id, invitation_id).rstrip("=")

    def named(self, token: str) -> NamedLink | None:
        """What a link names; ``None``: it was not made here."""
        # Without padding a link survives mail programs that end it at the first sign they do not know.
        whole = token + "=" * (-len(token) % 4) if len(token) <= _SIGNED_CHARACTERS + len(COLLECTOR_PREFIX) else token
        if ids := self._collectors.ids_of(whole):
            return NamedLink(ids[0], collector_id=ids[1], invitation_id=None)
        if ids := self._invitations.ids_of(whole):
            return NamedLink(ids[0], collector_id=None, invitation_id=ids[1])
        return None


def path_of(token: str) -> str:
    """Where the API shows the questionnaire."""
    return f"/s/{token}"


async def follow(session: Session, named: NamedLink, *, invitations: Invitations, hold: bool = False) -> FollowedLink:
    """What a link leads to.

    Args:
        session: bound to the organisation of the link.
        named: what the link names.
        invitations: who knows of the invited.
        hold: whether the invitation is kept from others until the transaction ends.

    Raises:
        LinkUnknown: the collector, or the invitation, is not there.
    """
    organisation_id, invited = named.organisation_id, None
    if named.invitation_id is not None:
        invited = await invitations.invited(session, organisation_id, named.invitation_id, hold=hold)
        if invited is None:
            raise LinkUnknown
    collector_id = invited.collector_id if invited else named.collector_id
    assert collector_id is not None
    found = await queries.collector_by_id(session, organisation_id, collector_id)
    if found is None:
        raise LinkUnknown
    return FollowedLink(organisation_id, found, named.invitation_id, invited)
