"""What can be done with definitions: read them, and replace one by its next version."""

from dataclasses import replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.definitions import faults_of
from feedback_core.kpis.queries import definitions as queries
from feedback_core.kpis.queries.definitions import StoredDefinition
from feedback_core.kpis.queries.ratio_folding import want_pairs
from feedback_core.kpis.types import KpiDefinition

_BUILT_IN = {definition.key: StoredDefinition(definition, None, None) for definition in BUILT_IN}


async def list_definitions(session: Session, organisation_id: UUID) -> list[StoredDefinition]:
    """The definition of every KPI that holds now: those of the organisation's own after the built-in ones."""
    own = {stored.definition.key: stored for stored in await queries.latest_definitions(session, organisation_id)}
    return list({**_BUILT_IN, **own}.values())


async def get_definition(session: Session, organisation_id: UUID, key: str) -> StoredDefinition:
    """The definition of a KPI that holds now.

    Raises:
        NotFound: there is none of that name.
    """
    found = await queries.latest_definition(session, organisation_id, key) or _BUILT_IN.get(key)
    if found is None:
        raise NotFound("KPI", key)
    return found


async def definition_versions(session: Session, organisation_id: UUID, key: str) -> list[StoredDefinition]:
    """Every definition that a KPI has had, the one that holds now first.

    Raises:
        NotFound: there is none of that name.
    """
    found = await queries.versions_of(session, organisation_id, key)
    if key in _BUILT_IN:
        found.append(_BUILT_IN[key])
    if not found:
        raise NotFound("KPI", key)
    return found


async def put_definition(
    session: Session,
    organisation_id: UUID,
    definition: KpiDefinition,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredDefinition, bool]:
    """Have a KPI defined so from now on, and whether it is new; the same definition again changes nothing.

    Args:
        session: bound to the organisation.
        organisation_id: whose KPI it is.
        definition: its version is ignored: it becomes the next one.
        if_version: the version that the caller has edited; ``None`` for a KPI that is not there yet.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        Invalid: the definition contradicts itself; the pointers say where.
        PreconditionRequired: there is such a KPI, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    built_in = _BUILT_IN.get(definition.key)
    faults = faults_of(definition)
    if built_in and (definition.measure, definition.question) != (built_in.definition.measure, None):
        detail = f"{definition.key} stays a {built_in.definition.measure} of any question: define another KPI."
        faults.append(Fault("/measure", "measure_fixed", detail))
    if faults:
        raise Invalid(faults)
    current = await queries.latest_definition(session, organisation_id, definition.key) or built_in
    require_current("KPI", current.definition.version if current else None, if_version)
    if current and replace(definition, version=current.definition.version) == current.definition:
        return current, False
    following = replace(definition, version=1 if current is None else current.definition.version + 1)
    at = clock.now()
    if not await queries.add_version(session, organisation_id, following, by=by, at=at):
        raise PreconditionFailed("The KPI has just been changed by somebody else: read it again.")
    await want_pairs(session, organisation_id)
    return StoredDefinition(following, by, at), current is None
