"""Storing and reading procedures, and who left."""

from collections.abc import Collection, Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.recommendations.procedures import queries
from feedback_core.recommendations.procedures.built_in import BUILT_IN
from feedback_core.recommendations.procedures.calc import faults_of
from feedback_core.recommendations.procedures.types import Departure, Departures, Procedure, StoredProcedure


async def list_procedures(session: Session, organisation_id: UUID) -> list[StoredProcedure]:
    """The latest version of each procedure, by key; the built-in one where nothing was stored under its key."""
    found = await queries.latest_procedures(session, organisation_id)
    if all(stored.key != BUILT_IN.key for stored in found):
        found.append(BUILT_IN)
    return sorted(found, key=lambda stored: stored.key)


async def get_procedure(
    session: Session, organisation_id: UUID, key: str, version: int | None = None
) -> StoredProcedure:
    """A procedure, in its latest version or in that one.

    Raises:
        NotFound: there is no such procedure, or no such version of it.
    """
    if version is not None:
        return (await procedures_of(session, organisation_id, [(key, version)]))[key, version]
    found = await queries.latest_procedure(session, organisation_id, key)
    if found is None and key == BUILT_IN.key:
        return BUILT_IN
    if found is None:
        raise NotFound("procedure", key)
    return found


async def procedures_of(
    session: Session, organisation_id: UUID, versions: Collection[tuple[str, int]]
) -> dict[tuple[str, int], StoredProcedure]:
    """These versions of procedures (key, number).

    Raises:
        NotFound: one of them is not there.
    """
    found = await queries.procedure_versions(session, organisation_id, versions)
    found.setdefault((BUILT_IN.key, BUILT_IN.version), BUILT_IN)
    for key, version in versions:
        if (key, version) not in found:
            raise NotFound("procedure", f"{key}, version {version},")
    return found


async def put_procedure(
    session: Session,
    organisation_id: UUID,
    key: str,
    procedure: Procedure,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredProcedure, bool]:
    """Decide so from now on, and whether the procedure is new; the same again changes nothing.

    Recommendations that have entered stay under the version that they entered under.

    Raises:
        Invalid: a recommendation could not find its way through it; each fault has a pointer.
        PreconditionRequired: it is there, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    gone = (await queries.people_who_left(session, organisation_id)).names
    faults = faults_of(procedure, gone)
    if faults:
        raise Invalid(faults)
    current = await queries.latest_procedure(session, organisation_id, key) or (
        BUILT_IN if key == BUILT_IN.key else None
    )
    require_current("procedure", current.version if current else None, if_version)
    if current and current.procedure == procedure:
        return current, False
    version, at = (current.version + 1 if current else 1), clock.now()
    if not await queries.add_version(session, organisation_id, key, version, procedure, by=by, at=at):
        raise PreconditionFailed("The procedure has just been changed by somebody else: read it again.")
    return StoredProcedure(key, version, procedure, by, at), current is None


async def get_departures(session: Session, organisation_id: UUID) -> Departures:
    """Everybody who left."""
    return await queries.people_who_left(session, organisation_id)


async def put_departures(
    session: Session,
    organisation_id: UUID,
    people: Sequence[Departure],
    *,
    if_revision: int | None,
    by: str,
    clock: Clock,
) -> Departures:
    """Replace the list of those who left: they decide nothing any more, and nobody can name them.

    Raises:
        Invalid: somebody is named twice.
        PreconditionRequired: there is a list, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since.
    """
    names = [person.name for person in people]
    faults = [
        Fault(f"/people/{place}/name", "duplicate_key", f"{name} is named already.")
        for place, name in enumerate(names)
        if name in names[:place]
    ]
    if faults:
        raise Invalid(faults)
    current = await queries.people_who_left(session, organisation_id, for_update=True)
    require_current("list of departures", current.revision or None, if_revision)
    if not await queries.put_departures(
        session, organisation_id, people, edited=current.revision, by=by, at=clock.now()
    ):
        raise PreconditionFailed("The list has just been changed by somebody else: read it again.")
    return await queries.people_who_left(session, organisation_id)
