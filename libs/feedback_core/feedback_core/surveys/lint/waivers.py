"""What can be done with waivers: leave a finding as it is, say why anew, end that."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.surveys import queries as survey_queries
from feedback_core.surveys.lint import queries
from feedback_core.surveys.lint.types import (
    MAX_WAIVERS,
    Aim,
    AlreadyWaived,
    NothingToWaive,
    RuleId,
    TooManyWaivers,
    Waiver,
    WaiverEnded,
)
from feedback_core.surveys.lint.use_cases import lint_survey


async def waive(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    rule: RuleId,
    place: str,
    *,
    reason: str,
    by: str,
    aims: Sequence[Aim],
    clock: Clock,
) -> Waiver:
    """Leave what a rule finds at a place as it is, for as long as the words there stay the same.

    A waiver that has lapsed is ended by the new one.

    Raises:
        NotFound: no such survey.
        NothingToWaive: the rule finds nothing there, in the draft or in the version that takes answers.
        AlreadyWaived: a waiver holds for it.
        TooManyWaivers: the survey has as many as it may have.
    """
    await survey_queries.hold_survey(session, organisation_id, survey_id)
    report = await lint_survey(session, organisation_id, survey_id, aims=aims)
    judged = next((one for one in report.judged if one.finding.rule is rule and one.finding.place == place), None)
    if judged is None:
        detail = f"The rule {rule} finds nothing at this place: give rule and place as the lint does."
        raise NothingToWaive([Fault("/place", NothingToWaive.code, detail)])
    if judged.is_waived:
        raise AlreadyWaived("A waiver for this finding holds: change its reason, or end it.")
    if judged.waiver is not None:
        await _end(session, organisation_id, judged.waiver, by=by, clock=clock)
    if await queries.count_in_force(session, organisation_id, survey_id) >= MAX_WAIVERS:
        raise TooManyWaivers(f"At most {MAX_WAIVERS} waivers hold on a survey: end some.")
    fingerprint = judged.finding.fingerprint
    waiver = Waiver(
        new_id(), survey_id, rule, place, fingerprint, reason, by, clock.now(), None, None, None, None, revision=1
    )
    if not await queries.add_waiver(session, organisation_id, waiver):
        raise AlreadyWaived("Somebody has just waived this finding.")
    return waiver


async def list_waivers(
    session: Session, organisation_id: UUID, survey_id: UUID, *, ended: bool | None, limit: int, cursor: str | None
) -> tuple[list[Waiver], str | None]:
    """A page of waivers on a survey, the newest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey.
        InvalidCursor: the cursor is not one of this list.
    """
    if not await survey_queries.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    query = {"list": "lint waivers", "organisation": organisation_id, "survey": survey_id, "ended": ended}
    before = id_in_cursor(cursor, query)
    found = await queries.waivers_before(
        session, organisation_id, survey_id, ended=ended, before=before, limit=limit + 1
    )
    return page_of(found, limit, query)


async def get_waiver(session: Session, organisation_id: UUID, survey_id: UUID, waiver_id: UUID) -> Waiver:
    """One waiver, ended or not.

    Raises:
        NotFound: the survey has none with this id.
    """
    found = await queries.waiver_by_id(session, organisation_id, survey_id, waiver_id)
    if found is None:
        raise NotFound("lint waiver", waiver_id)
    return found


async def change_reason(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    waiver_id: UUID,
    reason: str,
    *,
    by: str,
    if_revision: int | None,
    clock: Clock,
) -> Waiver:
    """Say anew why a finding is left as it is.

    Raises:
        NotFound: the survey has none with this id.
        PreconditionRequired: the caller does not say which revision was edited.
        PreconditionFailed: it has changed since.
        WaiverEnded: it does not hold any more.
    """
    waiver = await _held(session, organisation_id, survey_id, waiver_id)
    require_current("lint waiver", waiver.revision, if_revision)
    if waiver.ended_at is not None:
        raise WaiverEnded("The waiver was ended, and stays as it was: waive the finding anew.")
    values = {"reason": reason, "changed_by": by, "changed_at": clock.now()}
    await queries.change_waiver(session, organisation_id, waiver, values)
    return await get_waiver(session, organisation_id, survey_id, waiver_id)


async def end_waiver(
    session: Session, organisation_id: UUID, survey_id: UUID, waiver_id: UUID, *, by: str, clock: Clock
) -> None:
    """Have the finding named again; who waived it and why is kept. Ending it again changes nothing.

    Raises:
        NotFound: the survey has none with this id.
    """
    waiver = await _held(session, organisation_id, survey_id, waiver_id)
    if waiver.ended_at is None:
        await _end(session, organisation_id, waiver, by=by, clock=clock)


async def _held(session: Session, organisation_id: UUID, survey_id: UUID, waiver_id: UUID) -> Waiver:
    found = await queries.waiver_by_id(session, organisation_id, survey_id, waiver_id, for_update=True)
    if found is None:
        raise NotFound("lint waiver", waiver_id)
    return found


async def _end(session: Session, organisation_id: UUID, waiver: Waiver, *, by: str, clock: Clock) -> None:
    await queries.change_waiver(session, organisation_id, waiver, {"ended_by": by, "ended_at": clock.now()})
