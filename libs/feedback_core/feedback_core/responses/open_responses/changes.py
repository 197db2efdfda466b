"""What every change of an open response is made of: holding it, checking what is said, keeping versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, NotFound, PreconditionFailed
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.open_responses.types import (
    MOST_CHANGES,
    Draft,
    GivenAnswer,
    OpenResponse,
    OpenResponseClosed,
    OpenState,
    TooManyChanges,
)
from feedback_core.responses.types import Rejected, ResponseRefused, SurveyClosed
from feedback_core.responses.use_cases import refusal_of
from feedback_core.responses.versions import versions
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import PublishedSurvey, SurveyState
from feedback_core.surveys.validation import AnswerValidator, AnswerValue, RefusedAnswers

_CLOSED: Final[Mapping[OpenState, str]] = {
    OpenState.SUBMITTED: "This response was submitted: it takes no more answers.",
    OpenState.PARTIAL: "The time of this response ran out: it was recorded as it stood.",
    OpenState.DISCARDED: "The time of this response ran out before anything was answered: open another.",
    OpenState.SUPERSEDED: "Another response of this respondent was recorded: this one takes no more answers.",
}


def refuse(faults: Sequence[Fault]) -> ResponseRefused:
    """The refusal of what has these faults."""
    return refusal_of(Rejected(tuple(faults)))


async def pinned_survey(session: Session, organisation_id: UUID, opened: OpenResponse) -> PublishedSurvey:
    """The survey as it stands, with the version that an open response is given to."""
    return await survey_of_version(session, organisation_id, opened.survey_id, opened.survey_version_id)


async def survey_of_version(
    session: Session, organisation_id: UUID, survey_id: UUID, version_id: UUID
) -> PublishedSurvey:
    """The survey as it stands, with a version of it that was published once."""
    pinned = await answering.pinned_version(session, organisation_id, survey_id, version_id)
    questionnaire = versions.questionnaire(version_id)
    if questionnaire is None:
        questionnaire = await surveys.version_questionnaire(session, organisation_id, version_id)
        assert questionnaire is not None
    return PublishedSurvey(
        survey_id=survey_id,
        key=pinned.key,
        version_id=version_id,
        number=pinned.number,
        state=pinned.state,
        confidentiality=pinned.confidentiality,
        questionnaire=questionnaire,
    )


def validator_of(survey: PublishedSurvey) -> AnswerValidator:
    """The check of the version that an open response is given to."""
    return versions.validator(survey.version_id, survey.questionnaire)


async def draft_of(
    session: Session, organisation_id: UUID, opened: OpenResponse, answers: Mapping[str, GivenAnswer]
) -> Draft:
    """An open response with its answers, and how far they have come."""
    survey = await pinned_survey(session, organisation_id, opened)
    return Draft(opened, answers, validator_of(survey).progress(values_of(answers)))


def values_of(answers: Mapping[str, GivenAnswer]) -> dict[str, AnswerValue]:
    """What is said: without what was withdrawn."""
    return {key: given.value for key, given in answers.items() if given.value is not None}


def given_answers(
    said: Mapping[str, AnswerValue | None], current: Mapping[str, GivenAnswer], *, at: datetime
) -> dict[str, GivenAnswer]:
    """The next version of each answer that changes; saying the same again, or nothing still, makes none."""
    changed = {}
    for key, value in said.items():
        before = current.get(key)
        if (before and before.value) != value or type(before and before.value) is not type(value):
            changed[key] = GivenAnswer(value, before.version + 1 if before else 1, at)
    return changed


def check_open(opened: OpenResponse | None, open_id: UUID, survey: PublishedSurvey | None, now: datetime) -> None:
    """Make sure that an open response takes answers.

    Raises:
        NotFound: there is none.
        OpenResponseClosed: it is closed, or about to be.
        SurveyClosed: its survey takes no more answers.
    """
    if opened is None:
        raise NotFound("open response", open_id)
    if opened.state is not OpenState.OPEN:
        raise OpenResponseClosed(_CLOSED[opened.state])
    if opened.closes_at <= now:
        raise OpenResponseClosed("The time of this response has run out: it is recorded as it stands.")
    if survey is not None and survey.state is SurveyState.CLOSED:
        raise SurveyClosed("The survey is closed: it takes no more answers.")


async def change(
    session: Session,
    organisation_id: UUID,
    opened: OpenResponse,
    survey: PublishedSurvey,
    *,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    if_revision: int | None,
    now: datetime,
) -> Draft:
    """Give answers and attributes in an open response that is held; ``None`` takes one away. Others stay as they are.

    Raises:
        PreconditionFailed: it has changed since ``if_revision``.
        ResponseRefused: something is wrong; the pointers start at the body that has ``answers`` and ``attributes``.
        TooManyChanges: it was changed more often than may be.
    """
    if if_revision is not None and if_revision != opened.revision:
        raise PreconditionFailed("The open response has changed since you read it: read it again.")
    checked = validator_of(survey).check_values(answers, attributes)
    if isinstance(checked, RefusedAnswers):
        raise refuse(checked.faults)
    current = await answering.answers_of(session, organisation_id, opened.id)
    changed = given_answers(checked.answers, current, at=now)
    merged = {**opened.attributes, **checked.attributes}
    kept = {key: value for key, value in merged.items() if value is not None}
    if changed or kept != dict(opened.attributes):
        if opened.revision >= MOST_CHANGES:
            raise TooManyChanges(f"This response was changed {MOST_CHANGES} times: submit it.")
        await answering.add_answers(session, organisation_id, opened.id, changed)
        await answering.save_change(session, organisation_id, opened.id, kept, at=now)
        held = await answering.by_id(session, organisation_id, opened.survey_id, opened.id)
        assert held is not None
        opened = held
    latest = {**current, **changed}
    return Draft(opened, latest, validator_of(survey).progress(values_of(latest)))
