"""Whatever reading deliveries of a source needs: the source, its mapping, its survey."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.connectors import queries as connectors
from feedback_core.inbound.mapping import queries as mappings
from feedback_core.inbound.mapping.definition import find_faults
from feedback_core.inbound.mapping.mapper import Mapper
from feedback_core.inbound.mapping.queries import StoredMapping
from feedback_core.inbound.processing.types import ProcessingReason
from feedback_core.inbound.types import DeliveryReason, DeliveryState, Source
from feedback_core.inbound.use_cases.sources import get_source
from feedback_core.kit.errors import Conflict
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.use_cases import survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything that reading needs.

    Attributes:
        time_zone: of times that say none.
        can_fetch: whether the source has a connector.
    """

    source: Source
    stored: StoredMapping
    survey: PublishedSurvey
    time_zone: str
    can_fetch: bool

    def is_like(self, other: "Ready") -> bool:
        """Whether what was read with the other is still right."""
        return (self.stored.version, self.survey.version_id, self.survey.confidentiality) == (
            other.stored.version,
            other.survey.version_id,
            other.survey.confidentiality,
        )


@dataclass(frozen=True, slots=True)
class NotReady:
    """Why nothing of a source can be read as things are; its deliveries are set aside with this."""

    state: DeliveryState
    reason: DeliveryReason


async def look(session: Session, organisation_id: UUID, source_id: UUID) -> Ready | NotReady | None:
    """What reading needs, as it is now; ``None``: the source has no mapping yet.

    Raises:
        NotFound: no such source here.
    """
    found = await get_source(session, organisation_id, source_id)
    stored = await mappings.newest_mapping(session, organisation_id, source_id)
    if stored is None:
        return None
    try:
        survey = await survey_taking_answers(session, organisation_id, found.survey_id)
    except Conflict as closed:
        return NotReady(DeliveryState.FAILED, DeliveryReason(closed.code, closed.detail))
    organisation = await get_organisation(session, organisation_id)
    can_fetch = await connectors.connector_of(session, organisation_id, source_id) is not None
    return Ready(found, stored, survey, organisation.time_zone, can_fetch)


def compiled(ready: Ready) -> Mapper | NotReady:
    """The mapping, compiled; it may not fit any more what the survey asks now."""
    faults = find_faults(ready.stored.mapping, ready.survey)
    if faults:
        first = faults[0]
        detail = f"The survey has changed, and the mapping does not fit it any more. {first.pointer}: {first.detail}"
        return NotReady(DeliveryState.UNMAPPED, DeliveryReason(ProcessingReason.MAPPING_OUTDATED.value, detail))
    return Mapper(ready.stored.mapping, ready.survey, time_zone=ready.time_zone)
