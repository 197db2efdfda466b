"""What becomes of a form that is sent: its answers are kept, the next page is found, and at the end it is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from feedback_core.collectors.invited import Invitations
from feedback_core.collectors.page.fields import Fields, Trouble, read_form
from feedback_core.collectors.page.troubles import missing, troubles_of
from feedback_core.collectors.page.walk import END, Walk, number_of
from feedback_core.collectors.visits import Visit, opener_of, secret_of
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.responses.open_responses.changes import check_open, pinned_survey, validator_of
from feedback_core.responses.open_responses.opening import open_response
from feedback_core.responses.open_responses.types import Draft, Opening, OpenState
from feedback_core.responses.open_responses.use_cases import change_draft, submit
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import Confidentiality, PublishedSurvey, Question, ResponseStatus
from feedback_core.surveys.validation import RefusedAnswers

FIRST: Final = "1"
THANKS: Final = "thanks"
NEXT: Final = "next"
BACK: Final = "back"


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent.

    Attributes:
        fields: its answers.
        nonce: by which the browser is known; a form that is sent again begins no second response.
        version: number of the version whose questions it showed.
        page: which page it was.
        go: ``next`` or ``back``; ``None``: it only goes over to another language.
        answered: keys of the questions whose answers it showed.
        language: in which it was read.
    """

    fields: Fields
    nonce: bytes
    version: int | None
    page: str
    go: str | None
    answered: frozenset[str]
    language: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form.

    Attributes:
        page: where to go; ``None``: this page is shown again, for what is wrong with it.
        draft: as it stands now; ``survey`` is the version that it is given to.
        is_begun: whether this form began the draft.
        is_incomplete: the page to go to lacks a required answer.
        is_lost: a later page was sent without the response that it belongs to.
        is_changed: the questions are not those that the form had shown.
    """

    page: str | None
    draft: Draft | None = None
    survey: PublishedSurvey | None = None
    is_begun: bool = False
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    is_incomplete: bool = False
    is_lost: bool = False
    is_changed: bool = False


async def take_form(
    session: Session,
    visit: Visit,
    posted: Posted,
    *,
    invitations: Invitations,
    request_id: str,
    privacy: Privacy,
    clock: Clock,
) -> Taken:
    """Keep what a form says; what is right is kept even if something else is wrong with the page.

    Args:
        session: bound to the organisation of the link.
        visit: of somebody who finds questions; of an invited person, with the invitation held.
        posted: the form.
        invitations: who is told that an invited person began or submitted.
        request_id: of the request.
        privacy: for what identifies people.
        clock: for the time of it.

    Raises:
        SurveyClosed, OpenResponseClosed: it takes no more answers, since a moment ago.
    """
    survey, draft = visit.survey, visit.draft
    assert survey is not None
    is_begun = draft is None
    if draft is None:
        if posted.page != FIRST:
            return Taken(None, is_lost=True)
        draft = await _open(session, visit, survey, posted, privacy=privacy, clock=clock)
        if draft.opened.state is OpenState.SUBMITTED:
            return Taken(THANKS, draft, survey, is_begun=True)
        check_open(draft.opened, draft.opened.id, None, clock.now())
        if visit.link.invitation_id is not None:
            await invitations.note_started(
                session, visit.link.organisation_id, visit.link.invitation_id, at=clock.now()
            )
        survey = await pinned_survey(session, visit.link.organisation_id, draft.opened)
    taken = await _keep(session, visit, survey, draft, posted, clock=clock)
    if taken.page == THANKS:
        page = await _submit(
            session, visit, survey, taken, invitations=invitations, request_id=request_id, privacy=privacy, clock=clock
        )
        taken = replace(taken, page=page, is_incomplete=page != THANKS)
    return replace(taken, survey=survey, is_begun=is_begun)


async def _open(
    session: Session,
    visit: Visit,
    survey: PublishedSurvey,
    posted: Posted,
    *,
    privacy: Privacy,
    clock: Clock,
) -> Draft:
    """The draft that this form begins, or that it began when it was sent before."""
    details, invited = visit.link.collector.details, visit.link.invited
    declared = {each.key: {value.key for value in each.values} for each in survey.questionnaire.attributes}
    wanted = {**details.attributes, **(invited.attributes if invited else {})}
    opened = await open_response(
        session,
        visit.link.organisation_id,
        survey.survey_id,
        Opening(
            # What a later version does not declare any more is not said of responses to it.
            attributes={key: value for key, value in wanted.items() if value in declared.get(key, ())},
            idempotency_key=visit.opening_key,
            method=invited.method if invited and invited.method else details.method,
            respondent=_kept(invited.respondent, survey.confidentiality) if invited else None,
        ),
        by=opener_of(visit.link),
        secret=secret_of(posted.nonce),
        privacy=privacy,
        clock=clock,
    )
    return opened.draft


def _kept(who: Respondent | None, confidentiality: Confidentiality) -> Respondent | None:
    """As much of who answers as the survey lets be said."""
    if who is None or confidentiality is Confidentiality.ANONYMOUS:
        return None
    is_named = who.id is not None or who.email is not None
    return who if is_named or confidentiality is Confidentiality.IDENTIFIED else None


async def _keep(
    session: Session, visit: Visit, survey: PublishedSurvey, draft: Draft, posted: Posted, *, clock: Clock
) -> Taken:
    """Keep the answers of the form's page, and say where to go from it."""
    walk = Walk(survey.questionnaire, draft.progress)
    if posted.page == END:
        return Taken(_from_end(walk, posted), draft)
    number = number_of(posted.page)
    if number is None or not walk.exists(number):
        return Taken(walk.resumed(), draft)
    questions = walk.questions(number)
    read = read_form(questions, posted.fields, answered=posted.answered, language=posted.language)
    troubles = dict(read.troubles)
    checked = validator_of(survey).check_values(read.answers, {})
    if isinstance(checked, RefusedAnswers):
        found = troubles_of(checked.faults, survey.questionnaire, read.answers, posted.language)
        troubles.update(found)
    right = {key: value for key, value in read.answers.items() if key not in troubles}
    draft = await change_draft(
        session,
        visit.link.organisation_id,
        survey.survey_id,
        draft.opened.id,
        answers=right,
        attributes={},
        clock=clock,
    )
    is_changed = posted.version not in {None, survey.number}
    if posted.go == NEXT and not is_changed:
        troubles = _with_missing(questions, draft, troubles)
    if is_changed:
        return Taken(None, draft, troubles=troubles, is_changed=True)
    if troubles:
        return Taken(None, draft, troubles=troubles)
    return Taken(_from(number, Walk(survey.questionnaire, draft.progress), posted), draft)


def _with_missing(questions: tuple[Question, ...], draft: Draft, troubles: dict[str, Trouble]) -> dict[str, Trouble]:
    """With what is required and missing, in the order of the page."""
    found = {}
    for question in questions:
        trouble = troubles.get(question.key) or missing(question, draft.progress.answers.get(question.key))
        if trouble is not None:
            found[question.key] = trouble
    return found


def _from(number: int, walk: Walk, posted: Posted) -> str:
    if posted.go is None:
        return posted.page
    if posted.go == BACK:
        return walk.before(number) or posted.page
    return THANKS if walk.is_last(number) else walk.after(number)


def _from_end(walk: Walk, posted: Posted) -> str:
    if posted.go is None:
        return END
    if posted.go == BACK:
        return walk.before(None) or END
    return THANKS


async def _submit(
    session: Session,
    visit: Visit,
    survey: PublishedSurvey,
    taken: Taken,
    *,
    invitations: Invitations,
    request_id: str,
    privacy: Privacy,
    clock: Clock,
) -> str:
    """Make a response of the draft, if nothing that is required is missing; else the page where it is."""
    draft = taken.draft
    assert draft is not None
    incomplete = Walk(survey.questionnaire, draft.progress).incomplete()
    if incomplete is not None:
        return incomplete
    outcome = await submit(
        session,
        visit.link.organisation_id,
        survey.survey_id,
        draft.opened.id,
        status=ResponseStatus.COMPLETE,
        answers={},
        attributes={},
        request_id=request_id,
        privacy=privacy,
        clock=clock,
    )
    if visit.link.invitation_id is not None:
        kept = draft.opened.confidentiality.stricter(survey.confidentiality)
        response_id: UUID | None = None if kept is Confidentiality.ANONYMOUS else outcome.receipt.id
        await invitations.note_completed(
            session, visit.link.organisation_id, visit.link.invitation_id, response_id=response_id, at=clock.now()
        )
    return THANKS
