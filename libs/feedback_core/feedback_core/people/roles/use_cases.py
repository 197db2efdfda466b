"""Stating roles, sending them, and acknowledging them."""

import re
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.types import JobStatus
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import (
    id_in_cursor,
    key_in_cursor,
    numbers_in_cursor,
    page_of,
)
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.mail import require_mail
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.roles import queries
from feedback_core.people.roles.types import (
    Assignment,
    AssignmentState,
    AssignmentWay,
    RoleDetails,
    SendRole,
    SharedRole,
    StaffRole,
)
from feedback_core.people.staff.types import TEAM_KEY
from feedback_core.people.staff.use_cases import get_staff, require_staff
from feedback_core.people.subjects_named import check_there
from feedback_core.standards.use_cases import get_standard

_KEY: Final = re.compile(TEAM_KEY)
_FAILED: Final = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


async def put_role(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: RoleDetails,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StaffRole, bool]:
    """Have a role be this from now on, and whether it is new; the same again changes nothing.

    Raises:
        PreconditionRequired: it is there, and ``if_version`` is ``None``.
        PreconditionFailed: it has changed since, or is not there.
        Invalid: a responsibility names a standard that is not there.
    """
    await queries.hold_roles(session, organisation_id)
    found = await queries.role_version(session, organisation_id, key)
    require_current("role", None if found is None else found.version, if_version)
    if found is not None and found.details == details:
        return found, False
    for place, each in enumerate(details.responsibilities):
        if each.standard is not None:
            await _check_standard(session, organisation_id, each.standard, f"/responsibilities/{place}/standard")
    made = StaffRole(key, 1 if found is None else found.version + 1, details, by, clock.now())
    await queries.add_role(session, organisation_id, made)
    return made, found is None


async def get_role(session: Session, organisation_id: UUID, key: str) -> StaffRole:
    """The latest version of a role.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.role_version(session, organisation_id, key)
    if found is None:
        raise NotFound("role", key)
    return found


async def list_roles(
    session: Session, organisation_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[StaffRole], str | None]:
    """A page of roles by key, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "roles", "organisation": organisation_id}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.roles_after(session, organisation_id, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.key)


async def list_versions(
    session: Session, organisation_id: UUID, key: str, *, cursor: str | None, limit: int
) -> tuple[list[StaffRole], str | None]:
    """A page of the versions of a role, the latest first, and the cursor of the next one.

    Raises:
        NotFound: there is no such role.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_role(session, organisation_id, key)
    query = {"list": "role_versions", "organisation": organisation_id, "role": key}
    before = None
    if cursor is not None:
        (before,) = numbers_in_cursor(cursor, query)
    found = await queries.versions_before(session, organisation_id, key, before=before, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.version)


async def send_role(
    session: Session,
    organisation_id: UUID,
    key: str,
    staff_id: UUID,
    way: AssignmentWay,
    *,
    by: str,
    seal: Seal,
    smtp: SmtpSettings,
    settings: ReportSettings,
    clock: Clock,
) -> Assignment:
    """Send a role, in its latest version, to somebody; what was sent to them of it before counts no more.

    Raises:
        NotFound: no such role or member of staff here.
        Invalid: a mail needs an address, and they have none.
        MailNotConfigured: nothing can be sent by mail.
    """
    await queries.hold_roles(session, organisation_id)
    role = await get_role(session, organisation_id, key)
    await require_staff(session, organisation_id, [staff_id])
    job_id, assignment_id, now = None, new_id(), clock.now()
    if way is AssignmentWay.EMAIL:
        require_mail(smtp, settings.link_base_url)
        member = await get_staff(session, organisation_id, staff_id, seal=seal)
        if member.details.person.email is None:
            detail = "They have no e-mail address here: add one, or hand the link over."
            raise Invalid([Fault("/way", "address_needed", detail)])
        job_id = await request_job(session, organisation_id, SendRole(assignment_id), now=now)
    await queries.end_assignments(session, organisation_id, key, staff_id, at=now)
    await queries.add_assignment(
        session,
        organisation_id,
        assignment_id,
        role_key=key,
        role_version=role.version,
        staff_id=staff_id,
        way=way.value,
        job_id=job_id,
        requested_by=by,
        created_at=now,
        sent_at=now if way is AssignmentWay.LINK else None,
    )
    return await get_assignment(session, organisation_id, assignment_id)


async def get_assignment(session: Session, organisation_id: UUID, assignment_id: UUID) -> Assignment:
    """A role that was sent to somebody.

    Raises:
        NotFound: no such assignment here.
    """
    found = await queries.assignment_by_id(session, organisation_id, assignment_id)
    if found is None:
        raise NotFound("role assignment", assignment_id)
    return found


async def list_assignments(
    session: Session,
    organisation_id: UUID,
    *,
    role: str | None,
    staff_id: UUID | None,
    acknowledged: bool | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Assignment], str | None]:
    """A page of the roles that people have, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such role or member of staff here.
        InvalidCursor: the cursor belongs to another query.
    """
    if role is not None:
        await get_role(session, organisation_id, role)
    if staff_id is not None:
        await check_there(session, organisation_id, staff_id=staff_id, team_id=None)
    query = {
        "list": "role_assignments",
        "organisation": organisation_id,
        "role": role,
        "staff": staff_id,
        "acknowledged": acknowledged,
    }
    found = await queries.assignments_before(
        session,
        organisation_id,
        role=role,
        staff_id=staff_id,
        acknowledged=acknowledged,
        before=id_in_cursor(cursor, query),
        limit=limit + 1,
    )
    return page_of(found, limit, query)


async def end_assignment(session: Session, organisation_id: UUID, assignment_id: UUID, *, clock: Clock) -> None:
    """Somebody has a role no more; its link ends. That they had it stays on record.

    Raises:
        NotFound: no such assignment here.
    """
    if await queries.assignment_by_id(session, organisation_id, assignment_id, for_update=True) is None:
        raise NotFound("role assignment", assignment_id)
    await queries.note(session, organisation_id, assignment_id, ended_at=clock.now())


async def shared_role(session: Session, organisation_id: UUID, assignment_id: UUID) -> SharedRole:
    """What a link leads to: the version that was sent.

    Raises:
        NotFound: the link has ended.
    """
    found = await queries.assignment_by_id(session, organisation_id, assignment_id)
    if found is None or found.ended_at is not None:
        raise NotFound("shared role", "under this link")
    role = await queries.role_version(session, organisation_id, found.role, found.role_version)
    assert role is not None  # versions stay
    organisation = await get_organisation(session, organisation_id)
    return SharedRole(organisation.name, role, found)


async def acknowledge(session: Session, organisation_id: UUID, assignment_id: UUID, *, clock: Clock) -> SharedRole:
    """Whom it was sent to says to have understood it; saying so again changes nothing.

    Raises:
        NotFound: the link has ended.
    """
    await shared_role(session, organisation_id, assignment_id)
    await queries.note(session, organisation_id, assignment_id, acknowledged_at=clock.now())
    return await shared_role(session, organisation_id, assignment_id)


def state_of(found: Assignment) -> AssignmentState:
    """How far it came."""
    if found.ended_at is not None:
        return AssignmentState.ENDED
    if found.role_version < found.latest_version:
        return AssignmentState.OUTDATED
    if found.acknowledged_at is not None:
        return AssignmentState.ACKNOWLEDGED
    if found.sent_at is not None:
        return AssignmentState.SENT
    failed = found.job is not None and found.job.status in _FAILED
    return AssignmentState.FAILED if failed else AssignmentState.WAITING


async def _check_standard(session: Session, organisation_id: UUID, key: str, pointer: str) -> None:
    try:
        await get_standard(session, organisation_id, key)
    except NotFound as unknown:
        raise Invalid([Fault(pointer, "unknown_standard", unknown.detail)]) from unknown
