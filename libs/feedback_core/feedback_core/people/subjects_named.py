"""People and teams as requests name them: exactly one, and one whom the caller may see."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.people.access import Entitlement, refuse_others
from feedback_core.people.performance.types import Subject, SubjectKind
from feedback_core.people.staff.queries import known_staff, staff_by_id, team_by_id


async def subject_named(
    session: Session,
    organisation_id: UUID,
    entitled: Entitlement,
    *,
    staff_id: UUID | None,
    team_id: UUID | None,
) -> Subject:
    """The person or team that a request names.

    Raises:
        Invalid: it names none, or both.
        NotFound: there is none, or the caller may not see them.
    """
    if (staff_id is None) == (team_id is None):
        raise Invalid([Fault("/staff_id", "one_of_both", "Name a member of staff or a team: one of both.")])
    await check_there(session, organisation_id, staff_id=staff_id, team_id=team_id)
    if staff_id is not None and not await known_staff(session, organisation_id, [staff_id]):
        raise NotFound("member of staff", staff_id)
    refuse_others(entitled, staff_id=staff_id, team_id=team_id)
    if staff_id is not None:
        return Subject(SubjectKind.PERSON, staff_id)
    assert team_id is not None
    return Subject(SubjectKind.TEAM, team_id)


async def check_there(session: Session, organisation_id: UUID, *, staff_id: UUID | None, team_id: UUID | None) -> None:
    """Refuse whom the organisation does not have.

    Raises:
        NotFound: there is no such person or team.
    """
    if staff_id is not None and await staff_by_id(session, organisation_id, staff_id) is None:
        raise NotFound("member of staff", staff_id)
    if team_id is not None and await team_by_id(session, organisation_id, team_id) is None:
        raise NotFound("team", team_id)


def refuse_unseen(entitled: Entitlement, subject: Subject, thing: str, identifier: UUID) -> None:
    """Refuse what is about somebody whom the caller may not see, as if it were not there.

    Raises:
        NotFound: they may not be seen.
    """
    is_person = subject.kind is SubjectKind.PERSON
    if not entitled.covers(subject.id if is_person else None, None if is_person else subject.id):
        raise NotFound(thing, identifier)
