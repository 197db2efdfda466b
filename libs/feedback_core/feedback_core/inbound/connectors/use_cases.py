"""Connectors of sources: define, look at, take away; and the one that the worker fetches with."""

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.connectors import queries
from feedback_core.inbound.connectors.addresses import check_template, parameters_of
from feedback_core.inbound.connectors.http import HttpConnector
from feedback_core.inbound.connectors.types import Connector, ConnectorInvalid, StoredConnector
from feedback_core.inbound.mapping import queries as mappings
from feedback_core.inbound.mapping.types import MappingFault
from feedback_core.inbound.secret_forms import hint_of
from feedback_core.inbound.types import SourceRetired, SourceState
from feedback_core.inbound.use_cases.sources import get_source
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, NotFound, require_current
from feedback_core.kit.pinned_http import AddressInvalid
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ConnectorSettings

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


async def define_connector(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    *,
    url: str,
    token: str,
    by: str,
    edited_revision: int | None,
    seal: Seal,
    settings: ConnectorSettings,
    clock: Clock,
) -> StoredConnector:
    """Say how the rest of an event of a source is fetched; the token is sealed.

    Raises:
        NotFound: no such source here.
        SourceRetired: it was retired.
        ConnectorInvalid: the address is not one that may be called, or has parameters that the mapping does not give.
        PreconditionRequired: there is a connector, and the caller does not say which was edited.
        PreconditionFailed: it has changed since.
    """
    source = await get_source(session, organisation_id, source_id)
    if source.state is SourceState.RETIRED:
        raise SourceRetired("The source was retired: it takes no changes.")
    faults = [*_address_faults(url, settings), *_token_faults(token)]
    if faults:
        raise ConnectorInvalid(faults)
    stored = await mappings.newest_mapping(session, organisation_id, source_id)
    if stored is not None and stored.mapping.fetch is not None:
        faults = parameter_faults(url, stored.mapping.fetch.parameters.keys(), "/url")
        if faults:
            raise ConnectorInvalid(faults)
    found = await queries.connector_of(session, organisation_id, source_id, for_update=True)
    revision = None if found is None else found[0].revision
    require_current("connector", revision, edited_revision)
    await queries.save_connector(
        session,
        organisation_id,
        source_id,
        url=url,
        sealed=seal.seal(token.encode()),
        hint=hint_of(token),
        by=by,
        at=clock.now(),
        revision=revision,
    )
    return await get_connector(session, organisation_id, source_id)


async def get_connector(session: Session, organisation_id: UUID, source_id: UUID) -> StoredConnector:
    """How the rest of an event of a source is fetched.

    Raises:
        NotFound: no such source here, or it has no connector.
    """
    await get_source(session, organisation_id, source_id)
    found = await queries.connector_of(session, organisation_id, source_id)
    if found is None:
        raise NotFound("connector of source", source_id)
    return found[0]


async def delete_connector(session: Session, organisation_id: UUID, source_id: UUID) -> None:
    """Take the connector of a source away, and its token with it.

    Raises:
        NotFound: no such source here, or it has no connector.
    """
    await get_source(session, organisation_id, source_id)
    if not await queries.delete_connector(session, organisation_id, source_id):
        raise NotFound("connector of source", source_id)


async def open_connector(
    session: Session, organisation_id: UUID, source_id: UUID, *, seal: Seal, settings: ConnectorSettings
) -> Connector | None:
    """What the worker fetches with; ``None``: the source has no connector."""
    found = await queries.connector_of(session, organisation_id, source_id)
    if found is None:
        return None
    stored, sealed = found
    return HttpConnector(stored.url, seal.open(sealed).decode(), settings)


def parameter_faults(url: str, given: Iterable[str], pointer: str) -> list[Fault]:
    """Parameters of an address that a mapping does not give."""
    missing = sorted(parameters_of(url) - set(given))
    detail = f"The mapping gives no parameter {', '.join(missing)}: name it under fetch."
    return [Fault(pointer, MappingFault.UNKNOWN_PARAMETER.value, detail)] if missing else []


def _token_faults(token: str) -> list[Fault]:
    if _TOKEN.fullmatch(token):
        return []
    return [Fault("/token", ConnectorInvalid.code, "Give visible ASCII characters without spaces.")]


def _address_faults(url: str, settings: ConnectorSettings) -> list[Fault]:
    try:
        check_template(url, allow_http=settings.allow_private_networks)
    except AddressInvalid as wrong:
        return [Fault("/url", ConnectorInvalid.code, str(wrong))]
    return []
