"""Whose figures a caller may see: everybody's, or their own and those of the teams whose roles their key carries."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.organisations.types import Caller, Scope
from feedback_core.people import access_queries as queries


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Who may be seen.

    Attributes:
        everybody: whether there is no limit.
        own: of the staff, whose key it is that calls.
        staff: others of the staff, by the teams that may be seen.
        teams: that their key's roles are for, or that they lead.
    """

    everybody: bool
    own: UUID | None
    staff: frozenset[UUID]
    teams: frozenset[UUID]

    def is_own(self, subject_id: UUID) -> bool:
        """Whether this is the person whose key calls, or a team that is theirs to speak for."""
        return subject_id == self.own or subject_id in self.teams

    def covers(self, staff_id: UUID | None, team_id: UUID | None) -> bool:
        """Whether this person or team may be seen; nobody here is seen by those only who see everybody."""
        return self.everybody or staff_id in self.staff or team_id in self.teams


async def entitlement_of(session: Session, caller: Caller) -> Entitlement:
    """Whom this caller may see."""
    own = await queries.staff_of_key(session, caller.organisation_id, caller.api_key_id)
    teams = await queries.teams_of(session, caller.organisation_id, caller.roles, led_by=own)
    members = await queries.members_of(session, caller.organisation_id, teams)
    staff = members | ({own} if own is not None else set())
    everybody = Scope.PERFORMANCE_EVERYBODY in caller.scopes
    return Entitlement(everybody, own, frozenset(staff), frozenset(teams))


def refuse_others(entitled: Entitlement, *, staff_id: UUID | None, team_id: UUID | None) -> None:
    """Refuse a person or team who may not be seen, as if there were none.

    Raises:
        NotFound: they may not be seen.
    """
    if not entitled.covers(staff_id, team_id):
        named = ("member of staff", staff_id) if staff_id is not None else ("team", team_id)
        raise NotFound(*named)
