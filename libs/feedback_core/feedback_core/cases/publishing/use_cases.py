"""Writing, publishing and reading what is told back to customers."""

from uuid import UUID

from feedback_core.analyses.types import AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.cases.publishing import queries
from feedback_core.cases.publishing.types import (
    MOST_SHOWN,
    Feed,
    FigureLink,
    Item,
    NothingDone,
    PublicFigure,
    Written,
)
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.regions import regions_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.recommendations.evidence.calc import linked
from feedback_core.responses.masking.calc import find_personal_data
from feedback_core.surveys.queries import published
from feedback_core.surveys.types.texts import text_in
from feedback_core.surveys.use_cases import check_survey, published_survey


async def write_item(
    session: Session, organisation_id: UUID, survey_id: UUID, written: Written, *, by: str, clock: Clock
) -> Item:
    """A new item; published at once if it says so.

    Raises:
        NotFound: no such survey, action or run here.
        SurveyNotPublished: it never was.
        NothingDone: it is to be published, and its action is neither under way nor done.
        Invalid: it holds personal data, or a figure that may not be shown; the pointers say where.
    """
    figures = await _checked(session, organisation_id, survey_id, written)
    item_id, now = new_id(), clock.now()
    await queries.add_item(
        session,
        organisation_id,
        item_id,
        survey_id=survey_id,
        action_id=written.action_id,
        you_said=written.you_said,
        we_did=written.we_did,
        figures=figures,
        published_at=now if written.published else None,
        written_by=by,
        created_at=now,
        updated_at=now,
    )
    return await get_item(session, organisation_id, survey_id, item_id)


async def edit_item(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    item_id: UUID,
    written: Written,
    *,
    if_revision: int,
    by: str,
    clock: Clock,
) -> Item:
    """An item as it is to be from now on; unpublished, it is gone from the public page at once.

    Raises:
        PreconditionFailed: it has changed since ``if_revision``.
        NotFound, SurveyNotPublished, NothingDone, Invalid: as of a new one.
    """
    found = await _held(session, organisation_id, survey_id, item_id)
    require_current("item", found.revision, if_revision)
    figures = await _checked(session, organisation_id, survey_id, written)
    now = clock.now()
    await queries.replace_item(
        session,
        organisation_id,
        item_id,
        action_id=written.action_id,
        you_said=written.you_said,
        we_did=written.we_did,
        figures=figures,
        published_at=(found.published_at or now) if written.published else None,
        written_by=by,
        updated_at=now,
    )
    return await get_item(session, organisation_id, survey_id, item_id)


async def drop_item(session: Session, organisation_id: UUID, survey_id: UUID, item_id: UUID) -> None:
    """Delete an item.

    Raises:
        NotFound: no such item of this survey here.
    """
    await _held(session, organisation_id, survey_id, item_id)
    await queries.delete_item(session, organisation_id, item_id)


async def get_item(session: Session, organisation_id: UUID, survey_id: UUID, item_id: UUID) -> Item:
    """An item.

    Raises:
        NotFound: no such item of this survey here.
    """
    found = await queries.item_by_id(session, organisation_id, survey_id, item_id)
    if found is None:
        raise NotFound("item", item_id)
    return found


async def list_items(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Item], str | None]:
    """A page of items, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "you said", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await queries.items_before(session, organisation_id, survey_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def public_feed(session: Session, organisation_id: UUID, survey_id: UUID) -> Feed:
    """What everybody may read of a survey.

    Raises:
        NotFound: there is nothing; whether there is a survey is not said.
    """
    survey = await published(session, organisation_id, survey_id)
    items = await queries.shown_items(session, organisation_id, survey_id, most=MOST_SHOWN) if survey else []
    if survey is None or not items:
        raise NotFound("page", "of this address")
    asked = survey.questionnaire
    return Feed(text_in(asked.title, asked.language, fallback=asked.language), asked.language, tuple(items))


async def _checked(
    session: Session, organisation_id: UUID, survey_id: UUID, written: Written
) -> tuple[PublicFigure, ...]:
    survey = await published_survey(session, organisation_id, survey_id)
    of_action = await queries.survey_of_action(session, organisation_id, written.action_id)
    if of_action is None or of_action[0] != survey_id:
        raise NotFound("action about this survey", written.action_id)
    if written.published and not of_action[1]:
        raise NothingDone("The action is neither under way nor done: there is nothing to tell yet.")
    organisation = await get_organisation(session, organisation_id)
    regions = regions_of(organisation.time_zone, survey.questionnaire.language)
    said = {"/you_said": written.you_said, "/we_did": written.we_did}
    said |= {f"/figures/{place}/label": link.label for place, link in enumerate(written.figures)}
    faults = [
        Fault(pointer, "personal_data", "An address, number or id stands in it: everybody will read this.")
        for pointer, text in said.items()
        if find_personal_data(text, regions)
    ]
    runs = {link.run_id: await get_run(session, organisation_id, link.run_id) for link in written.figures}
    figures = []
    for place, link in enumerate(written.figures):
        shown = _figure(f"/figures/{place}", link, runs[link.run_id], survey_id, organisation.minimum_cell_size)
        if isinstance(shown, Fault):
            faults.append(shown)
        else:
            figures.append(shown)
    if faults:
        raise Invalid(faults)
    return tuple(figures)


def _figure(pointer: str, link: FigureLink, run: AnalysisRun, survey_id: UUID, minimum: int) -> PublicFigure | Fault:
    if run.survey_id != survey_id:
        return Fault(f"{pointer}/analysis_id", "run_of_another_survey", "Link a run of this survey.")
    if run.result is None:
        detail = f"The run is {run.job.status}: link it once it has succeeded."
        return Fault(f"{pointer}/analysis_id", "run_without_result", detail)
    found = linked(run.result, link.pointer)
    if found is None or found.value is None:
        return Fault(f"{pointer}/pointer", "evidence_not_found", "The pointer leads to no figure of the run.")
    if found.n is None or found.n < minimum:
        detail = f"Only figures that say that they rest on {minimum} answers or more are shown to everybody."
        return Fault(f"{pointer}/pointer", "figure_withheld", detail)
    return PublicFigure(link.run_id, link.pointer, link.label, found.value, found.low, found.high, found.n)


async def _held(session: Session, organisation_id: UUID, survey_id: UUID, item_id: UUID) -> Item:
    found = await queries.item_by_id(session, organisation_id, survey_id, item_id, for_update=True)
    if found is None:
        raise NotFound("item", item_id)
    return found
