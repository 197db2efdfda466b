"""Personal links: of the hosted page or of a front end, and the one by which somebody is asked no more."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from feedback_core.collectors.links import SurveyLinks, path_of


@dataclass(frozen=True, slots=True)
class PersonalLinks:
    """Makes the links of one organisation's invitations.

    Attributes:
        base_url: at which the invited reach the API.
    """

    signer: SurveyLinks
    organisation_id: UUID
    base_url: str

    def token(self, invitation_id: UUID) -> str:
        """What stands in the links of an invitation, and what a program answers with."""
        return self.signer.of_invitation(self.organisation_id, invitation_id)

    def questionnaire(self, invitation_id: UUID, link_url: str | None) -> str:
        """Where somebody answers: at ``link_url``, a front end of the organisation's own, or on the hosted page."""
        token = self.token(invitation_id)
        if link_url is not None:
            return link_url.replace("{token}", quote(token, safe=""))
        return f"{self.base_url.rstrip('/')}{path_of(token)}"

    def opt_out(self, invitation_id: UUID) -> str:
        """Where somebody says that they do not want to be asked."""
        return f"{self.base_url.rstrip('/')}{opt_out_path(self.token(invitation_id))}"


def opt_out_path(token: str) -> str:
    """Where the API takes it that somebody does not want to be asked."""
    return f"/v1/invited/{token}/opt-out"
