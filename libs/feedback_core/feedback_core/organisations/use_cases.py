"""What can be done with organisations and their keys."""

import zoneinfo
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, Unauthenticated
from feedback_core.kit.ids import new_id
from feedback_core.organisations import queries
from feedback_core.organisations.credentials import Credential
from feedback_core.organisations.types import ApiKey, Caller, Organisation, Scope

DEFAULT_MINIMUM_CELL_SIZE = 5


def check_time_zone(time_zone: str, pointer: str = "/time_zone") -> str:
    """The name, if the IANA database has it.

    Raises:
        Invalid: it has not.
    """
    if time_zone not in zoneinfo.available_timezones():
        fault = Fault(pointer, "unknown_time_zone", "Use an IANA name such as Europe/Paris.")
        raise Invalid([fault])
    return time_zone


async def create_organisation(
    session: Session,
    organisation_id: UUID,
    *,
    key: str,
    name: str,
    time_zone: str,
    minimum_cell_size: int = DEFAULT_MINIMUM_CELL_SIZE,
    clock: Clock,
) -> Organisation:
    """A new tenant, in a session already bound to its id.

    Raises:
        Invalid: the time zone is unknown.
    """
    row = Organisation(
        organisation_id=organisation_id,
        key=key,
        name=name,
        time_zone=check_time_zone(time_zone),
        minimum_cell_size=minimum_cell_size,
        created_at=clock.now(),
        revision=1,
    )
    await queries.add_organisation(session, row)
    return row


async def get_organisation(session: Session, organisation_id: UUID) -> Organisation:
    """The caller's organisation.

    Raises:
        NotFound: it is not there.
    """
    found = await queries.organisation_by_id(session, organisation_id)
    if found is None:
        raise NotFound("organisation", organisation_id)
    return found


async def change_organisation(
    session: Session, organisation_id: UUID, *, name: str, minimum_cell_size: int, if_revision: int
) -> Organisation:
    """Change the name or the minimum cell size.

    The time zone is fixed when the organisation is created: every cell is counted by days in it.

    Raises:
        PreconditionFailed: somebody else changed it since ``if_revision``.
    """
    if not await queries.update_organisation(
        session, organisation_id, name=name, minimum_cell_size=minimum_cell_size, if_revision=if_revision
    ):
        raise PreconditionFailed("The organisation has changed since you read it: read it again.")
    return await get_organisation(session, organisation_id)


async def create_api_key(
    session: Session,
    organisation_id: UUID,
    *,
    name: str,
    scopes: Sequence[Scope],
    secret: bytes,
    lifetime: timedelta | None = None,
    roles: Sequence[str] = (),
    clock: Clock,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown here and never again.

    Args:
        session: bound to the organisation.
        organisation_id: whose key it is.
        name: what its owner calls it.
        scopes: what it may do.
        secret: 24 random bytes, passed in.
        lifetime: until it expires; for ever if ``None``.
        roles: in the organisation's procedures, that its holder has.
        clock: for the time of creation.
    """
    credential = Credential(organisation_id, new_id(), secret)
    token = credential.token()
    now = clock.now()
    row = ApiKey(
        id=credential.api_key_id,
        name=name,
        hint=token[-4:],
        scopes=tuple(sorted(set(scopes))),
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
        revoked_at=None,
        roles=tuple(sorted(set(roles))),
    )
    await queries.add_api_key(session, organisation_id, row, credential.secret_hash())
    return row, token


async def revoke_api_key(session: Session, organisation_id: UUID, key_id: UUID, *, clock: Clock) -> None:
    """Revoke a key; every process refuses it within seconds.

    Raises:
        NotFound: no such key here.
    """
    if not await queries.revoke_api_key(session, organisation_id, key_id, at=clock.now()):
        raise NotFound("API key", key_id)


async def authenticate(session: Session, credential: Credential, *, clock: Clock) -> Caller:
    """Who holds this credential, in a session bound to the organisation that it names.

    Raises:
        Unauthenticated: unknown, revoked or expired; the answer does not say which.
    """
    found = await queries.api_key_with_hash(session, credential.organisation_id, credential.api_key_id)
    if found is None or not credential.matches(found[1]) or not is_valid(found[0], clock.now()):
        raise Unauthenticated("This API key is not valid.")
    row = found[0]
    return Caller(
        credential.organisation_id,
        row.id,
        row.name,
        frozenset(row.scopes),
        row.expires_at,
        roles=frozenset(row.roles),
    )


async def key_is_valid(session: Session, organisation_id: UUID, key_id: UUID, *, clock: Clock) -> bool:
    """Whether there is such a key, and it is neither revoked nor expired."""
    found = await queries.api_key_with_hash(session, organisation_id, key_id)
    return found is not None and is_valid(found[0], clock.now())


def is_valid(key: ApiKey, now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)
