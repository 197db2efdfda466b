"""What can be done with weighting schemes: read them, and replace one by its next version."""

from dataclasses import replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.surveys.use_cases import published_survey
from feedback_core.weighting import queries
from feedback_core.weighting.margins import read_margins
from feedback_core.weighting.schemes import DESIGN_KEY, StoredScheme, WeightingScheme, faults_of


async def list_schemes(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredScheme]:
    """The schemes of a survey as they hold now, by key.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
    """
    await published_survey(session, organisation_id, survey_id)
    return await queries.latest_schemes(session, organisation_id, survey_id)


async def get_scheme(session: Session, organisation_id: UUID, survey_id: UUID, key: str) -> StoredScheme:
    """A scheme as it holds now.

    Raises:
        NotFound: the survey has none of that name.
    """
    return (await scheme_versions(session, organisation_id, survey_id, key))[0]


async def scheme_versions(session: Session, organisation_id: UUID, survey_id: UUID, key: str) -> list[StoredScheme]:
    """Every version of a scheme, the one that holds now first.

    Raises:
        NotFound: the survey has none of that name.
    """
    found = await queries.scheme_versions(session, organisation_id, survey_id, key)
    if not found:
        raise NotFound("weighting scheme", key)
    return found


async def put_scheme(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    scheme: WeightingScheme,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredScheme, bool]:
    """Have a survey weighted so under this name from now on, and whether it is new; the same again changes nothing.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: of a survey that was published.
        scheme: its version is ignored: it becomes the next one.
        if_version: the version that the caller has edited; ``None`` for a scheme that is not there yet.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
        Invalid: the scheme contradicts itself or the survey; the pointers say where.
        MarginsUnusable: the margins cannot be used as given.
        PreconditionRequired: there is such a scheme, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    declared = {one.key: [value.key for value in one.values] for one in survey.questionnaire.attributes}
    faults = faults_of(scheme, declared)
    if scheme.key == DESIGN_KEY:
        detail = f"{DESIGN_KEY} names weighting by the samples of the survey: call the scheme otherwise."
        faults.append(Fault("/path/scheme", "reserved_key", detail))
    if faults:
        raise Invalid(faults)
    if scheme.margins is not None:
        read_margins(scheme.margins)
    versions = await queries.scheme_versions(session, organisation_id, survey_id, scheme.key)
    current = versions[0] if versions else None
    require_current("weighting scheme", current.scheme.version if current else None, if_version)
    if current and replace(scheme, version=current.scheme.version) == current.scheme:
        return current, False
    following = replace(scheme, version=1 if current is None else current.scheme.version + 1)
    at = clock.now()
    if not await queries.add_scheme(session, organisation_id, survey_id, following, by=by, at=at):
        raise PreconditionFailed("The weighting scheme has just been changed by somebody else: read it again.")
    return StoredScheme(following, by, at), current is None
