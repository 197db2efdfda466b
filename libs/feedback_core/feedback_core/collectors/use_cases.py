"""Making, changing and finding collectors."""

from collections.abc import Iterator
from uuid import UUID

from feedback_core.collectors import queries
from feedback_core.collectors.languages import is_offered, languages_of
from feedback_core.collectors.types import (
    MOST_COLLECTORS,
    Collector,
    CollectorDetails,
    CollectorEnded,
    CollectorFault,
    CollectorState,
    TooManyCollectors,
)
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.pointers import step
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import check_survey


async def create_collector(
    session: Session, organisation_id: UUID, survey_id: UUID, said: CollectorDetails, *, by: str, clock: Clock
) -> Collector:
    """A new collector of a survey; its link can be given away before the survey is published.

    Raises:
        NotFound: no such survey here.
        Invalid: something of it does not fit the survey; the pointers say what.
        TooManyCollectors: the survey has enough of them.
    """
    await _check(session, organisation_id, survey_id, said)
    await surveys.hold_survey(session, organisation_id, survey_id)
    if await queries.count_collectors(session, organisation_id, survey_id) >= MOST_COLLECTORS:
        raise TooManyCollectors(f"The survey has {MOST_COLLECTORS} collectors: change one that is not used any more.")
    now = clock.now()
    made = Collector(new_id(), survey_id, said, created_by=by, created_at=now, updated_at=now, revision=1)
    await queries.add_collector(session, organisation_id, made)
    return made


async def get_collector(session: Session, organisation_id: UUID, survey_id: UUID, collector_id: UUID) -> Collector:
    """A collector.

    Raises:
        NotFound: no such collector of this survey here.
    """
    found = await queries.collector_of_survey(session, organisation_id, survey_id, collector_id)
    if found is None:
        raise NotFound("collector", collector_id)
    return found


async def edit_collector(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    collector_id: UUID,
    said: CollectorDetails,
    *,
    if_revision: int,
    clock: Clock,
) -> Collector:
    """A collector as it is to be from now on; its link stays the same.

    Raises:
        NotFound: no such collector of this survey here.
        PreconditionFailed: it has changed since ``if_revision``.
        CollectorEnded: it has ended, and is to be open or paused.
        Invalid: something of it does not fit the survey; the pointers say what.
    """
    found = await queries.collector_of_survey(session, organisation_id, survey_id, collector_id, for_update=True)
    if found is None:
        raise NotFound("collector", collector_id)
    require_current("collector", found.revision, if_revision)
    if found.details.state is CollectorState.ENDED and said.state is not CollectorState.ENDED:
        raise CollectorEnded("The collector has ended, and its link with it: make another.")
    await _check(session, organisation_id, survey_id, said)
    await queries.save_collector(session, organisation_id, collector_id, said, at=clock.now())
    return await get_collector(session, organisation_id, survey_id, collector_id)


async def list_collectors(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Collector], str | None]:
    """A page of the collectors of a survey, oldest first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "collectors", "organisation": organisation_id, "survey": survey_id}
    after = id_in_cursor(cursor, query)
    found = await queries.collectors_after(session, organisation_id, survey_id, after=after, limit=limit + 1)
    return page_of(found, limit, query)


async def _check(session: Session, organisation_id: UUID, survey_id: UUID, said: CollectorDetails) -> None:
    stored = await surveys.stored_survey(session, organisation_id, survey_id)
    if stored is None:
        raise NotFound("survey", survey_id)
    asked = stored.latest or stored.draft
    assert asked is not None
    if faults := [*_faults(said, asked)]:
        raise Invalid(faults)


def _faults(said: CollectorDetails, asked: Questionnaire) -> Iterator[Fault]:
    if said.opens_at and said.closes_at and said.closes_at <= said.opens_at:
        detail = "Give a time after opens_at."
        yield Fault("/closes_at", CollectorFault.CLOSES_BEFORE_OPENING.value, detail)
    if said.language and not is_offered(said.language, asked):
        detail = f"The survey is not written in it; give one of: {', '.join(languages_of(asked))}."
        yield Fault("/language", CollectorFault.NOT_ITS_LANGUAGE.value, detail)
    declared = {each.key: {value.key for value in each.values} for each in asked.attributes}
    for key, value in said.attributes.items():
        pointer = f"/attributes{step(key)}"
        if key not in declared:
            yield Fault(pointer, CollectorFault.UNKNOWN_ATTRIBUTE.value, "The survey declares no such attribute.")
        elif value not in declared[key]:
            detail = "The survey declares no such value of this attribute."
            yield Fault(pointer, CollectorFault.UNKNOWN_VALUE.value, detail)
