"""What can be done with surveys.

A survey has at most one draft, which may be changed and may have faults, and any number of published versions, which
never change. It is a draft until its first version is published; published while it takes answers, and then a draft of
the next version may stand beside the version that takes them; closed when it takes none.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.service.use_cases import ensure_features
from feedback_core.surveys import queries
from feedback_core.surveys.audience import check_audience
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.faults import find_contradictions, find_faults
from feedback_core.surveys.queries import StoredSurvey
from feedback_core.surveys.types import (
    SURVEY_KEY,
    Confidentiality,
    ConfidentialityLoosened,
    DraftExists,
    NoDraft,
    PublishedSurvey,
    Questionnaire,
    Survey,
    SurveyKeyFixed,
    SurveyKeyTaken,
    SurveyNotPublishable,
    SurveyNotPublished,
    SurveySettings,
    SurveyState,
    SurveySummary,
    SurveyVersion,
)

_ID: Final = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


async def survey_id_of(session: Session, organisation_id: UUID, reference: str) -> UUID:
    """The survey that is meant by an id or a key.

    Raises:
        NotFound: the organisation has no such survey.
    """
    if _ID.fullmatch(reference):
        survey_id = UUID(reference)
        if await queries.survey_exists(session, organisation_id, survey_id):
            return survey_id
    elif SURVEY_KEY.fullmatch(reference):
        found = await queries.survey_id_by_key(session, organisation_id, reference)
        if found is not None:
            return found
    raise NotFound("survey", reference)


async def check_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Make sure that the organisation has this survey.

    Raises:
        NotFound: it has not.
    """
    if not await queries.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)


async def published_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> PublishedSurvey:
    """The survey as last published, open or closed.

    Raises:
        NotFound: the organisation has no such survey.
        SurveyNotPublished: it never was.
    """
    found = await queries.published(session, organisation_id, survey_id)
    if found is None and await queries.survey_exists(session, organisation_id, survey_id):
        raise SurveyNotPublished
    if found is None:
        raise NotFound("survey", survey_id)
    return found


async def list_surveys(
    session: Session, organisation_id: UUID, *, state: SurveyState | None, limit: int, cursor: str | None
) -> tuple[list[SurveySummary], str | None]:
    """A page of surveys, newest first, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list with this filter.
    """
    query = {"list": "surveys", "organisation": organisation_id, "state": state}
    before = id_in_cursor(cursor, query)
    found = await queries.surveys_before(session, organisation_id, before=before, state=state, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.survey_id)


async def get_survey(session: Session, organisation_id: UUID, survey_id: UUID) -> Survey:
    """A survey with its draft, and why that cannot be published; without a draft, with its latest version.

    Raises:
        NotFound: the organisation has no such survey.
    """
    stored = await _stored(session, organisation_id, survey_id)
    faults = await _faults(session, organisation_id, stored, stored.draft) if stored.draft else []
    questionnaire = stored.draft or stored.latest
    assert questionnaire is not None
    return Survey(
        survey_id=stored.survey_id,
        key=stored.key,
        state=stored.state,
        confidentiality=stored.confidentiality,
        published_version=stored.published_version,
        questionnaire=questionnaire,
        has_draft=stored.draft is not None,
        faults=tuple(faults),
        settings=stored.settings,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        closed_at=stored.closed_at,
        revision=stored.revision,
    )


async def get_version(session: Session, organisation_id: UUID, survey_id: UUID, number: int) -> SurveyVersion:
    """A published version.

    Raises:
        NotFound: no such survey, or no such version of it.
    """
    found = await queries.version_by_number(session, organisation_id, survey_id, number)
    if found is None:
        raise NotFound("survey version", f"{survey_id}/{number}")
    return found


async def create_survey(
    session: Session,
    organisation_id: UUID,
    questionnaire: Questionnaire,
    *,
    key: str,
    confidentiality: Confidentiality = Confidentiality.IDENTIFIED,
    clock: Clock,
) -> Survey:
    """A new survey with its first draft, faults and all.

    Raises:
        Invalid: the key cannot be a survey's key.
        SurveyKeyTaken: the organisation has a survey with this key.
    """
    if not SURVEY_KEY.fullmatch(key) or _ID.fullmatch(key):
        detail = "Write a key of lower-case letters, digits and hyphens that does not look like an id."
        raise Invalid([Fault("/key", FaultCode.INVALID_KEY.value, detail)])
    survey_id = new_id()
    added = await queries.add_survey(
        session,
        organisation_id,
        survey_id,
        key=key,
        confidentiality=confidentiality,
        draft=questionnaire,
        at=clock.now(),
    )
    if not added:
        detail = f"There is a survey with the key {key}: choose another."
        raise SurveyKeyTaken(detail, [Fault("/key", SurveyKeyTaken.code, detail)])
    return await get_survey(session, organisation_id, survey_id)


async def replace_draft(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    questionnaire: Questionnaire,
    *,
    key: str,
    confidentiality: Confidentiality | None,
    if_revision: int,
    clock: Clock,
) -> Survey:
    """Another draft in the place of the one that is there, faults and all.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: which survey.
        questionnaire: the new draft.
        key: the survey's key, which stays.
        confidentiality: as for ``change_confidentiality``; ``None``: as it is.
        if_revision: the revision that the caller has edited.
        clock: for the time of the change.

    Raises:
        NotFound: the organisation has no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        NoDraft: the survey has versions only, and those never change.
        SurveyKeyFixed: the key is not the survey's.
        ConfidentialityLoosened: the survey was published under a stricter promise.
    """
    stored = await _held(session, organisation_id, survey_id, if_revision)
    if stored.draft is None:
        raise NoDraft("A published version never changes: start a new version, and change that.")
    if key != stored.key:
        detail = f"The key of a survey stays: it is {stored.key}."
        raise SurveyKeyFixed([Fault("/key", SurveyKeyFixed.code, detail)])
    promise = confidentiality or stored.confidentiality
    _check_promise(stored, promise)
    await queries.save_draft(
        session, organisation_id, survey_id, questionnaire, confidentiality=promise, at=clock.now()
    )
    return await get_survey(session, organisation_id, survey_id)


async def publish_survey(
    session: Session, organisation_id: UUID, survey_id: UUID, *, if_revision: int | None = None, clock: Clock
) -> SurveyVersion:
    """Freeze the draft as the next version: its questions never change, and answers come in to it from now on.

    A closed survey takes answers again. Features that questions are about and that are not there yet are created.

    Raises:
        NotFound: the organisation has no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        NoDraft: there is nothing to publish.
        SurveyNotPublishable: the draft has faults, or contradicts an earlier version; each is named with a pointer.
    """
    stored = await _held(session, organisation_id, survey_id, if_revision)
    if stored.draft is None:
        raise NoDraft("There is no draft to publish: start a new version first.")
    faults = await _faults(session, organisation_id, stored, stored.draft)
    if faults:
        raise SurveyNotPublishable(faults, "The draft cannot be published yet: mend what is named.")
    version = SurveyVersion(
        version_id=new_id(),
        survey_id=survey_id,
        number=(stored.published_version or 0) + 1,
        published_at=clock.now(),
        questionnaire=stored.draft,
    )
    features = {question.feature for question in stored.draft.questions if question.feature is not None}
    await ensure_features(session, organisation_id, features, clock=clock)
    await queries.save_published(session, organisation_id, version)
    return version


async def start_new_version(session: Session, organisation_id: UUID, survey_id: UUID, *, clock: Clock) -> Survey:
    """A draft of the next version, made from the latest one; answers keep coming in to that.

    Raises:
        NotFound: the organisation has no such survey.
        DraftExists: there is a draft already.
    """
    stored = await _held(session, organisation_id, survey_id)
    if stored.draft is not None or stored.latest is None:
        raise DraftExists("There is a draft already: change that one, or publish it first.")
    await queries.save_draft(
        session, organisation_id, survey_id, stored.latest, confidentiality=stored.confidentiality, at=clock.now()
    )
    return await get_survey(session, organisation_id, survey_id)


async def close_survey(session: Session, organisation_id: UUID, survey_id: UUID, *, clock: Clock) -> Survey:
    """End the taking of answers; closing again changes nothing. A draft of a next version stays.

    Raises:
        NotFound: the organisation has no such survey.
        SurveyNotPublished: it has no version yet.
    """
    stored = await _held(session, organisation_id, survey_id)
    if stored.state is SurveyState.DRAFT:
        raise SurveyNotPublished
    if stored.state is SurveyState.PUBLISHED:
        await queries.save_closed(session, organisation_id, survey_id, at=clock.now())
    return await get_survey(session, organisation_id, survey_id)


async def change_confidentiality(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    confidentiality: Confidentiality,
    *,
    if_revision: int,
    by: str,
    clock: Clock,
) -> Survey:
    """Set the most identifying mode in which a response may be recorded.

    Once the survey has been published the mode may only become stricter: respondents answered under a promise.
    Responses already recorded stay as they are.

    Raises:
        NotFound: the organisation has no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        ConfidentialityLoosened: the survey was published under a stricter promise.
    """
    stored = await _held(session, organisation_id, survey_id, if_revision)
    _check_promise(stored, confidentiality)
    if confidentiality is not stored.confidentiality:
        await queries.save_confidentiality(session, organisation_id, survey_id, confidentiality, at=clock.now())
        await record_event(
            session,
            organisation_id,
            AuditAction.CONFIDENTIALITY_CHANGED,
            by=by,
            thing="survey",
            thing_id=survey_id,
            clock=clock,
            details={"from": stored.confidentiality, "to": confidentiality},
        )
    return await get_survey(session, organisation_id, survey_id)


async def change_settings(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    settings: SurveySettings,
    *,
    if_revision: int,
    keep_audience: bool = False,
    clock: Clock,
) -> Survey:
    """Gather and count answers otherwise; open responses keep the time at which they close.

    With ``keep_audience`` the audience stays as it is, whatever ``settings`` says.

    Raises:
        NotFound: the organisation has no such survey.
        PreconditionFailed: it has changed since ``if_revision``.
        AudienceFixed: it was published for others.
        Invalid: staff would be asked who they are.
    """
    stored = await _held(session, organisation_id, survey_id, if_revision)
    if keep_audience:
        settings = replace(settings, audience=stored.settings.audience)
    check_audience(
        settings.audience,
        stored.confidentiality,
        before=stored.settings.audience,
        is_published=stored.published_version is not None,
        pointer="/audience",
    )
    if settings != stored.settings:
        await queries.save_settings(session, organisation_id, survey_id, settings, at=clock.now())
    return await get_survey(session, organisation_id, survey_id)


async def _stored(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredSurvey:
    stored = await queries.stored_survey(session, organisation_id, survey_id)
    if stored is None:
        raise NotFound("survey", survey_id)
    return stored


async def _held(
    session: Session, organisation_id: UUID, survey_id: UUID, if_revision: int | None = None
) -> StoredSurvey:
    """The survey, kept from others until the transaction ends, at the revision that the caller has seen."""
    await queries.hold_survey(session, organisation_id, survey_id)
    stored = await _stored(session, organisation_id, survey_id)
    if if_revision is not None and stored.revision != if_revision:
        raise PreconditionFailed("The survey has changed since you read it: read it again.")
    return stored


async def _faults(session: Session, organisation_id: UUID, stored: StoredSurvey, draft: Questionnaire) -> list[Fault]:
    former: Sequence[Questionnaire] = ()
    if stored.published_version is not None:
        former = await queries.former_questionnaires(session, organisation_id, stored.survey_id)
    # Conditions are tried out, for up to a tenth of a second: other requests go on meanwhile.
    return await asyncio.to_thread(lambda: [*find_faults(draft), *find_contradictions(draft, former)])


def _check_promise(stored: StoredSurvey, confidentiality: Confidentiality) -> None:
    audience = stored.settings.audience
    check_audience(audience, confidentiality, before=audience, is_published=False, pointer="/confidentiality")
    if stored.published_version is not None and not confidentiality.is_at_least_as_strict_as(stored.confidentiality):
        detail = f"Answers came in under the promise {stored.confidentiality}: it can only become stricter."
        fault = Fault("/confidentiality", ConfidentialityLoosened.code, detail)
        raise ConfidentialityLoosened(detail, [fault])
