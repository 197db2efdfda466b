"""By what a response is known to be of a unit: the keyed hash of its respondent in the survey of the sample.

A response names its unit by the respondent's id, which is the unit's ref. What stands beside the unit is the same
keyed hash that responses of known respondents have; responses of anonymous ones have none, and are linked to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.sampling.queries.samples import refs_of
from feedback_core.sampling.types.samples import Sample
from feedback_core.sampling.vault import ContactVault


@dataclass(frozen=True, slots=True)
class _Respondent:
    id: str
    email: None = None


async def respondent_refs(
    session: Session, organisation_id: UUID, sample: Sample, units: Sequence[UUID], vault: ContactVault
) -> dict[UUID, bytes]:
    """The keyed hash of each unit; none where the sample is of no survey."""
    if sample.survey_id is None:
        return {}
    references = vault.references.of_survey(organisation_id, sample.survey_id)
    refs = await refs_of(session, organisation_id, units)
    made = {unit: references.respondent(_Respondent(ref)) for unit, ref in refs.items() if ref is not None}
    return {unit: ref for unit, ref in made.items() if ref is not None}
