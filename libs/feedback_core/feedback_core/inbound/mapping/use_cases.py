"""Mappings of sources: define, look at, and try before use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.connectors import queries as connectors
from feedback_core.inbound.connectors.use_cases import parameter_faults
from feedback_core.inbound.mapping import queries
from feedback_core.inbound.mapping.definition import find_faults
from feedback_core.inbound.mapping.documents import BodyUnreadable, document_of
from feedback_core.inbound.mapping.mapper import Item, Mapper
from feedback_core.inbound.mapping.queries import StoredMapping
from feedback_core.inbound.mapping.types import (
    InboundMapping,
    ItemFault,
    ItemOutcome,
    NotMapped,
    PayloadUnreadable,
    Said,
)
from feedback_core.inbound.types import SourceRetired, SourceState
from feedback_core.inbound.use_cases.deliveries import read_body
from feedback_core.inbound.use_cases.sources import get_source
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, NotFound, require_current
from feedback_core.kit.sealing import Seal
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.imports.types import MappingInvalid
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Rejected
from feedback_core.responses.use_cases import check_responses, survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey


@dataclass(frozen=True, slots=True)
class Sample:
    """A payload to try a mapping on.

    Attributes:
        payload: JSON.
        fetched: what would be fetched for each of its items; ``None``: they would be fetched.
    """

    payload: Any
    fetched: Any = None


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """What would become of an item.

    Attributes:
        outcome: what the mapping makes of it.
        row: the response as it would be recorded; ``None``: none would be.
        faults: what keeps a response from being recorded, beside those of the mapping itself.
    """

    number: int
    outcome: ItemOutcome
    row: ResponseRow | None
    faults: tuple[ItemFault, ...]


async def define_mapping(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    mapping: InboundMapping,
    *,
    by: str,
    edited_version: int | None,
    clock: Clock,
) -> StoredMapping:
    """Another version of a source's mapping, from now on in force; deliveries that wait for it are replayed on demand.

    Raises:
        NotFound: no such source here.
        SourceRetired: it was retired.
        SurveyNotPublished: there are no questions yet to hold it against.
        MappingInvalid: it does not fit the survey; each fault is named.
        PreconditionRequired: there is a mapping, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since.
    """
    found = await get_source(session, organisation_id, source_id)
    if found.state is SourceState.RETIRED:
        raise SourceRetired("The source was retired: it takes no changes.")
    survey = await survey_taking_answers(session, organisation_id, found.survey_id)
    await _check(session, organisation_id, source_id, mapping, survey)
    await queries.lock_mappings(session, organisation_id, source_id)
    newest = await queries.newest_mapping(session, organisation_id, source_id)
    version = None if newest is None else newest.version
    require_current("mapping", version, edited_version)
    stored = StoredMapping(source_id, (version or 0) + 1, mapping, by, clock.now())
    await queries.add_mapping(session, organisation_id, stored)
    return stored


async def get_mapping(
    session: Session, organisation_id: UUID, source_id: UUID, *, version: int | None = None
) -> StoredMapping:
    """The mapping of a source, or one version of it.

    Raises:
        NotFound: no such source here, or no such mapping of it.
    """
    await get_source(session, organisation_id, source_id)
    if version is None:
        stored = await queries.newest_mapping(session, organisation_id, source_id)
    else:
        stored = await queries.mapping_version(session, organisation_id, source_id, version)
    if stored is None:
        raise NotFound("mapping of source", source_id)
    return stored


async def sample_of_delivery(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID, *, seal: Seal
) -> Sample:
    """What a delivery holds.

    Raises:
        NotFound: no such delivery of that source here.
        BodyRedacted: its body was taken away.
        PayloadUnreadable: it is no document.
    """
    found, body = await read_body(session, organisation_id, source_id, delivery_id, seal=seal)
    try:
        return Sample(document_of(body, found.content_type))
    except BodyUnreadable as wrong:
        raise PayloadUnreadable(str(wrong)) from None


async def preview(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    mapping: InboundMapping | None,
    sample: Sample,
    *,
    privacy: Privacy,
    clock: Clock,
) -> list[PreviewItem]:
    """What a mapping makes of a payload, item by item; changes nothing.

    Args:
        session: open.
        organisation_id: the caller's.
        source_id: of the source.
        mapping: to be tried; ``None``: the one in force.
        sample: the payload.
        privacy: for the check of what would be recorded.
        clock: says when.

    Raises:
        NotFound: no such source here, or it has no mapping and none was given.
        MappingInvalid: the mapping does not fit the survey; each fault is named.
        PayloadUnreadable: the payload cannot be taken apart as the mapping says.
    """
    found = await get_source(session, organisation_id, source_id)
    if mapping is None:
        mapping = (await get_mapping(session, organisation_id, source_id)).mapping
    survey = await survey_taking_answers(session, organisation_id, found.survey_id)
    await _check(session, organisation_id, source_id, mapping, survey)
    zone = (await get_organisation(session, organisation_id)).time_zone
    mapper = Mapper(mapping, survey, time_zone=zone)
    items = mapper.items(sample.payload)
    if isinstance(items, NotMapped):
        raise PayloadUnreadable(items.faults[0].detail)
    outcomes = [mapper.read(Item(item.number, item.value, item.payload, sample.fetched)) for item in items]
    said = [outcome.response for outcome in outcomes if isinstance(outcome, Said)]
    checked = iter(check_responses(organisation_id, survey, said, privacy=privacy, received_at=clock.now()))
    shown = []
    for item, outcome in zip(items, outcomes, strict=True):
        row = next(checked) if isinstance(outcome, Said) else None
        faults = _placed(row, mapper) if isinstance(row, Rejected) else ()
        shown.append(PreviewItem(item.number, outcome, row if isinstance(row, ResponseRow) else None, faults))
    return shown


async def _check(
    session: Session, organisation_id: UUID, source_id: UUID, mapping: InboundMapping, survey: PublishedSurvey
) -> None:
    faults: Sequence[Fault] = find_faults(mapping, survey)
    connector = await connectors.connector_of(session, organisation_id, source_id)
    if mapping.fetch is not None and connector is not None:
        faults = [
            *faults,
            *parameter_faults(connector[0].url, mapping.fetch.parameters, "/fetch/parameters"),
        ]
    if faults:
        raise MappingInvalid(faults)


def _placed(rejected: Rejected, mapper: Mapper) -> tuple[ItemFault, ...]:
    """Faults of a response, at the fields that they come from."""
    faults = []
    for fault in rejected.faults:
        pointer = mapper.pointers.get("/".join(fault.pointer.split("/")[:3]), "")
        faults.append(ItemFault(pointer, fault.code, fault.detail, mapper.place(pointer)))
    return tuple(faults)
