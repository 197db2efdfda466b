"""The lint of surveys: what makes a questionnaire ask badly, and a better way; own words, and waivers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.lint import (
    LintIn,
    LintOut,
    LintRuleOut,
    LintRulesOut,
    LintWordListsOut,
    LintWordsIn,
    LintWordsOut,
    WaiverIn,
    WaiverOut,
    WaiverPage,
    WaiverReasonIn,
)
from feedback_api.security import CanReadSurveys, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.recommendations.procedures.deciding import actor_of
from feedback_core.standards.aims import aims_of
from feedback_core.surveys.lint import waivers, words
from feedback_core.surveys.lint.rules import RULES
from feedback_core.surveys.lint.types import StoredWords, Waiver, WordList
from feedback_core.surveys.lint.use_cases import lint_survey

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Surveys"])


def _words(stored: StoredWords, response: Response) -> LintWordsOut:
    if stored.revision:
        response.headers["ETag"] = etag(stored.revision)
    return LintWordsOut.of(stored)


def _waiver(waiver: Waiver, response: Response) -> WaiverOut:
    response.headers["ETag"] = etag(waiver.revision)
    return WaiverOut.model_validate(waiver)


@router.post(
    "/surveys/{survey_id}/lint",
    operation_id="lintSurvey",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid),
)
async def lint(survey_id: UUID, body: LintIn, caller: CanReadSurveys, session: SessionDep) -> LintOut:
    """Hold a draft or a version against the rules: what is found, where, why, and a better wording.

    Nothing is kept, and nothing that is found keeps the survey from being published. What cannot be published is
    another matter: see `faults` of the survey.
    """
    aims = await aims_of(session, caller.organisation_id, survey_id)
    report = await lint_survey(session, caller.organisation_id, survey_id, version=body.version, aims=aims)
    return LintOut.of(report)


@router.get("/lint-rules", operation_id="listLintRules", responses=problems())
async def list_rules(caller: CanReadSurveys) -> LintRulesOut:  # noqa: ARG001 - whoever may read surveys
    """Every rule: what it looks for, why, who has shown it, and in which languages it can be applied."""
    return LintRulesOut(items=[LintRuleOut.of(rule) for rule in RULES.values()])


@router.get("/lint-words", operation_id="listLintWords", responses=problems())
async def list_words(caller: CanReadSurveys, session: SnapshotDep) -> LintWordListsOut:
    """Every list of words of the organisation's own."""
    found = await words.list_words(session, caller.organisation_id)
    return LintWordListsOut(items=[LintWordsOut.of(stored) for stored in found])


@router.get("/lint-words/{word_list}", operation_id="getLintWords", responses=problems())
async def get_words(
    word_list: WordList, caller: CanReadSurveys, session: SnapshotDep, response: Response
) -> LintWordsOut:
    """One list; empty, and without an ETag, until somebody puts it."""
    return _words(await words.get_words(session, caller.organisation_id, word_list), response)


@router.put(
    "/lint-words/{word_list}",
    operation_id="putLintWords",
    responses={
        201: {"model": LintWordsOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_words(
    word_list: WordList,
    body: LintWordsIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> LintWordsOut:
    """Put a list, or replace it (with If-Match): words found beside the service's own, or, in `allowed`, never.

    They are found as whole words, in capitals or not.
    """
    revision = None if if_match is None else matched_revision(if_match)
    stored, is_new = await words.put_words(
        session, caller.organisation_id, word_list, body.said(), by=caller.name, if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    return _words(stored, response)


@router.post(
    "/surveys/{survey_id}/lint-waivers",
    operation_id="waiveLintFinding",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid, Forbidden),
)
async def waive(
    survey_id: UUID, body: WaiverIn, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep, response: Response
) -> WaiverOut:
    """Leave a finding as it is, with the reason. It lapses when the words there change."""
    by = actor_of(caller, body.on_behalf_of).name
    aims = await aims_of(session, caller.organisation_id, survey_id)
    this = (session, caller.organisation_id, survey_id, body.rule, body.place)
    made = await waivers.waive(*this, reason=body.reason, by=by, aims=aims, clock=clock)
    response.headers["Location"] = f"/v1/surveys/{survey_id}/lint-waivers/{made.id}"
    return _waiver(made, response)


@router.get("/surveys/{survey_id}/lint-waivers", operation_id="listLintWaivers", responses=problems(NotFound, Invalid))
async def list_waivers(
    survey_id: UUID,
    caller: CanReadSurveys,
    session: SnapshotDep,
    ended: Annotated[bool | None, Query(description="Only those that were ended, or only those that were not")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> WaiverPage:
    """Waivers on a survey, the newest first; those that were ended are kept."""
    found, following = await waivers.list_waivers(
        session, caller.organisation_id, survey_id, ended=ended, limit=limit, cursor=cursor
    )
    return WaiverPage(items=[WaiverOut.model_validate(waiver) for waiver in found], next_cursor=following)


@router.get("/surveys/{survey_id}/lint-waivers/{waiver_id}", operation_id="getLintWaiver", responses=problems(NotFound))
async def get_waiver(
    survey_id: UUID, waiver_id: UUID, caller: CanReadSurveys, session: SnapshotDep, response: Response
) -> WaiverOut:
    """One waiver."""
    return _waiver(await waivers.get_waiver(session, caller.organisation_id, survey_id, waiver_id), response)


@router.put(
    "/surveys/{survey_id}/lint-waivers/{waiver_id}",
    operation_id="changeLintWaiver",
    responses=problems(NotFound, Conflict, Invalid, Forbidden, PreconditionFailed, PreconditionRequired),
)
async def change_waiver(
    survey_id: UUID,
    waiver_id: UUID,
    body: WaiverReasonIn,
    caller: CanWriteSurveys,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> WaiverOut:
    """Say anew why the finding is left as it is."""
    by, revision = actor_of(caller, body.on_behalf_of).name, matched_revision(if_match)
    this = (session, caller.organisation_id, survey_id, waiver_id)
    changed = await waivers.change_reason(*this, body.reason, by=by, if_revision=revision, clock=clock)
    return _waiver(changed, response)


@router.delete(
    "/surveys/{survey_id}/lint-waivers/{waiver_id}",
    operation_id="endLintWaiver",
    status_code=204,
    responses=problems(NotFound),
)
async def end_waiver(
    survey_id: UUID, waiver_id: UUID, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep
) -> None:
    """Have the finding named again; the waiver is kept, with who ended it and when."""
    this = (session, caller.organisation_id, survey_id, waiver_id)
    await waivers.end_waiver(*this, by=caller.name, clock=clock)
