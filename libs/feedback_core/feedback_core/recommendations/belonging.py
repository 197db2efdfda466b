"""Where recommendations belong: feature, process, offers and touchpoints, as the catalogue of the service now says."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.recommendations.types import Recommendation
from feedback_core.service.parts import links_of
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.evidence import links_of_standards
from feedback_core.standards.queries import latest_standards


async def links_of_recommendations(
    session: Session, organisation_id: UUID, found: Sequence[Recommendation]
) -> Mapping[UUID, ServiceLinks]:
    """Of each, by the feature that it is about; of one that is about none, by the standard that it is to reach."""
    features, _ = await links_of(session, organisation_id, {one.feature_key for one in found if one.feature_key})
    keys = {one.standard_key for one in found if one.feature_key is None and one.standard_key}
    standards = await latest_standards(session, organisation_id, keys) if keys else []
    by_standard = await links_of_standards(session, organisation_id, standards) if standards else {}
    nothing = ServiceLinks()
    return {
        one.id: features.get(one.feature_key, nothing)
        if one.feature_key
        else by_standard.get(one.standard_key or "", nothing)
        for one in found
    }
