"""What can be done with the quotas of a survey: read, set, followed; and places kept for who is answering."""

from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.responses.open_responses.changes import check_open, pinned_survey, values_of
from feedback_core.responses.open_responses.queries import answering
from feedback_core.responses.quotas import queries
from feedback_core.responses.quotas.calc import Described, Places
from feedback_core.responses.quotas.checks import find_quota_faults
from feedback_core.responses.quotas.types import CellCount, QuotaFull, Reservation, StoredQuotas, SurveyQuotas
from feedback_core.surveys.use_cases import check_survey, get_survey, published_survey


async def get_quotas(
    session: Session, organisation_id: UUID, survey_id: UUID, *, now: datetime
) -> tuple[StoredQuotas, list[CellCount]]:
    """The quotas of a survey, and how the places of each cell stand.

    Raises:
        NotFound: no such survey here.
    """
    await check_survey(session, organisation_id, survey_id)
    stored = await queries.stored(session, organisation_id, survey_id)
    return stored, await queries.counts(session, organisation_id, survey_id, now=now)


async def put_quotas(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    quotas: SurveyQuotas,
    *,
    if_revision: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredQuotas, list[CellCount]]:
    """Set quotas; responses that were recorded before take their places in them.

    A cell that holds more than its target by then, or whose target is lowered, takes nobody more. Nobody is turned
    away afterwards, and nobody who was is let in.

    Raises:
        NotFound: no such survey here.
        PreconditionRequired: there are quotas, and the caller does not say which were edited.
        PreconditionFailed: they have changed since.
        Invalid: they ask for what the questionnaire does not know; each fault is named.
    """
    survey = await get_survey(session, organisation_id, survey_id)
    asked = survey.questionnaire
    if survey.published_version is not None:
        asked = (await published_survey(session, organisation_id, survey_id)).questionnaire
    faults = find_quota_faults(quotas.quotas, asked)
    if faults:
        raise Invalid(faults)
    before = await queries.stored(session, organisation_id, survey_id, hold="alone")
    if if_revision is None and before.revision:
        raise PreconditionRequired("There are quotas: send If-Match with the ETag that you read.")
    if if_revision is not None and if_revision != before.revision:
        raise PreconditionFailed("The quotas have changed since you read them: read them again.")
    now = clock.now()
    await queries.hold_cells(session, organisation_id, survey_id)
    await queries.save(session, organisation_id, survey_id, quotas, by=by, at=now)
    return await get_quotas(session, organisation_id, survey_id, now=now)


async def reserve_places(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID, *, clock: Clock
) -> Reservation:
    """Keep a place for an open response in every cell that it is of by now, for as long as the survey says.

    Reserving again renews it, with what was said meanwhile. Cells that only later answers tell of are not reserved.

    Raises:
        NotFound: no such open response of this survey here.
        OpenResponseClosed: it takes no more answers.
        SurveyClosed: its survey takes no more answers.
        QuotaFull: one of the cells has no place left.
    """
    now = clock.now()
    opened = await answering.hold(session, organisation_id, survey_id, open_id)
    if opened is None:
        raise NotFound("open response", open_id)
    check_open(opened, open_id, await pinned_survey(session, organisation_id, opened), now)
    answers = values_of(await answering.answers_of(session, organisation_id, open_id))
    stored = await queries.stored(session, organisation_id, survey_id, hold="shared")
    await queries.hold_cells(session, organisation_id, survey_id)
    counts = await queries.counts(session, organisation_id, survey_id, now=now, but=open_id)
    places = Places(stored.quotas.quotas, counts)
    verdict = places.reserve(Described(opened.attributes, answers, opened.method))
    names = {count.id: (count.quota, count.cell) for count in counts}
    if verdict.full:
        full = ", ".join("/".join(names[cell_id]) for cell_id in verdict.full)
        raise QuotaFull(f"No place is left in: {full}.")
    until = min(now + timedelta(minutes=stored.quotas.reserve_minutes), opened.closes_at)
    await queries.reserve(session, organisation_id, open_id, verdict.taken, until=until)
    cells = tuple(names[cell_id] for cell_id in verdict.taken)
    return Reservation(open_id, cells, until if cells else None)
