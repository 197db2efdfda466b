"""What can be done with features."""

from collections.abc import Collection
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.service import queries
from feedback_core.service.parts import unknown_parts
from feedback_core.service.types import FEATURE_KEY, Feature, FeatureDetails, PartKind


async def list_features(
    session: Session, organisation_id: UUID, *, limit: int, cursor: str | None
) -> tuple[list[Feature], str | None]:
    """A page of features by key, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list.
    """
    query = {"list": "features", "organisation": organisation_id}
    after = key_in_cursor(cursor, query, FEATURE_KEY)
    found = await queries.features_after(session, organisation_id, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.key)


async def get_feature(session: Session, organisation_id: UUID, key: str) -> Feature:
    """One feature.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.feature_by_key(session, organisation_id, key)
    if found is None:
        raise NotFound("feature", key)
    return found


async def put_feature(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: FeatureDetails,
    *,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Feature, bool]:
    """The feature with exactly these details, and whether it is new.

    Args:
        session: bound to the organisation.
        organisation_id: whose feature it is.
        key: matches ``FEATURE_KEY``.
        details: what is said of it from now on.
        if_revision: the revision that the caller has edited; ``None`` for a feature that is not there yet.
        clock: for the time of creation.

    Raises:
        Invalid: it is tied to a process, offer or touchpoint that is not there; the pointer says which.
        PreconditionRequired: it is there, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since, or it is gone.
    """
    await _hold_ties(session, organisation_id, details)
    current = await queries.feature_by_key(session, organisation_id, key, for_update=True)
    if current is None and if_revision is not None:
        raise PreconditionFailed("There is no such feature any more: leave If-Match out to create it.")
    added = current is None and await queries.add_feature(session, organisation_id, key, details, at=clock.now())
    if not added:
        if if_revision is None:
            raise PreconditionRequired("There is such a feature: send If-Match with the ETag that you read.")
        if current is None or current.revision != if_revision:
            raise PreconditionFailed("The feature has changed since you read it: read it again.")
        await queries.update_feature(session, organisation_id, key, details)
    return await get_feature(session, organisation_id, key), added


async def _hold_ties(session: Session, organisation_id: UUID, details: FeatureDetails) -> None:
    named = {
        PartKind.PROCESS: [("/process", details.process)] if details.process else [],
        PartKind.OFFER: [(f"/offers/{place}", key) for place, key in enumerate(details.offers)],
        PartKind.TOUCHPOINT: [(f"/touchpoints/{place}", key) for place, key in enumerate(details.touchpoints)],
    }
    faults = [
        fault for kind, places in named.items() for fault in await unknown_parts(session, organisation_id, kind, places)
    ]
    if faults:
        raise Invalid(faults)


async def delete_feature(session: Session, organisation_id: UUID, key: str) -> None:
    """Delete a feature that nothing refers to.

    Raises:
        NotFound: there is none with this key.
        FeatureInUse: questions of a published survey, or a standard, are about it.
    """
    if not await queries.delete_feature(session, organisation_id, key):
        raise NotFound("feature", key)


async def features_among(session: Session, organisation_id: UUID, keys: Collection[str]) -> set[str]:
    """Those of the keys that features of the organisation have."""
    return await queries.features_among(session, organisation_id, keys)


async def ensure_features(session: Session, organisation_id: UUID, keys: Collection[str], *, clock: Clock) -> None:
    """Have a feature for each key, held against deletion until the transaction ends.

    One that is missing is created and named by its key: ``waiting_time`` becomes "Waiting time".
    """
    await queries.ensure_features(session, organisation_id, keys, at=clock.now())


async def hold_feature(session: Session, organisation_id: UUID, key: str) -> bool:
    """Whether there is such a feature; it is then held against deletion until the transaction ends."""
    return bool(await queries.hold_features(session, organisation_id, [key]))


async def assumed_importances(session: Session, organisation_id: UUID, keys: Collection[str]) -> dict[str, int]:
    """How much each of these features is thought to matter, of those of which somebody has said so."""
    found = await queries.features_by_key(session, organisation_id, keys)
    said = {key: feature.details.assumed_importance for key, feature in found.items()}
    return {key: importance for key, importance in said.items() if importance is not None}


async def feature_names(session: Session, organisation_id: UUID) -> dict[str, str]:
    """The name of every feature, by key."""
    return await queries.feature_names(session, organisation_id)


async def features_named(session: Session, organisation_id: UUID, keys: Collection[str]) -> dict[str, str]:
    """What people call those of the features with these keys that are there."""
    return await queries.features_named(session, organisation_id, keys)
