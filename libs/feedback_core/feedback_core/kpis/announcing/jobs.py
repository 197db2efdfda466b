"""The worker's part: telling of responses part by part, each part in a transaction that moves the survey on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events import queries as events
from feedback_core.events.calc import Numbered, event_id
from feedback_core.events.types import Event, EventKind
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.announcing import queries
from feedback_core.kpis.announcing.calc import low_scores
from feedback_core.kpis.announcing.queries import NewResponse
from feedback_core.kpis.announcing.ticks import AnnounceResponses
from feedback_core.kpis.queries.folding import lock_watermark
from feedback_core.surveys.queries import version_questionnaire
from feedback_core.surveys.types import Questionnaire, ResponseStatus

RESPONSES_PER_PART: Final = 1_000

_VERSION: Final = 1
"""A response is written once: there is one version of it."""


async def run_announce(run: JobRun[AnnounceResponses]) -> None:
    """Tell part by part, until nothing is left that can be told now."""
    more = True
    while more:
        async with run.transaction() as session:
            more = await announce_part(session, run.organisation_id, run.payload.survey_id)


async def announce_part(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int = RESPONSES_PER_PART
) -> bool:
    """Record the events of about ``most`` responses; whether more can be told now.

    Holds the watermark, as erasures do: of a response that was erased nothing is told. What came with a file is not
    told of one by one: ``import.finished`` says it.
    """
    await lock_watermark(session, organisation_id, survey_id)
    before = await queries.hold_reached(session, organisation_id, survey_id)
    below = await events.oldest_open(session)
    found, reached = await queries.next_responses(session, organisation_id, survey_id, before, below=below, most=most)
    if found:
        asked = await _questionnaires(session, organisation_id, found)
        xid = await events.own_xid(session)
        rows = [row for response in found for row in _events(organisation_id, survey_id, response, asked, xid)]
        await events.add_events(session, organisation_id, rows)
    if reached != before:
        await queries.move_on(session, organisation_id, survey_id, reached)
    return len(found) == most


async def _questionnaires(
    session: Session, organisation_id: UUID, responses: Sequence[NewResponse]
) -> dict[UUID, Questionnaire]:
    found = {}
    for version_id in {response.version_id for response in responses}:
        questionnaire = await version_questionnaire(session, organisation_id, version_id)
        assert questionnaire is not None
        found[version_id] = questionnaire
    return found


def _events(
    organisation_id: UUID, survey_id: UUID, response: NewResponse, asked: dict[UUID, Questionnaire], xid: int
) -> list[tuple[Numbered, datetime]]:
    told = []
    about: dict[str, object] = {
        "survey_id": str(survey_id),
        "survey_version_id": str(response.version_id),
        "status": response.status,
        "method": response.method,
        "submitted_at": response.submitted_at.isoformat(),
    }
    if response.status == ResponseStatus.COMPLETE:
        told.append(Event(EventKind.RESPONSE_COMPLETED, response.id, about, _VERSION))
    if low := low_scores(asked[response.version_id], response.answers):
        data = {**about, "scores": [asdict(score) for score in low]}
        told.append(Event(EventKind.RESPONSE_LOW_SCORE, response.id, data, _VERSION))
    mark = f"version {_VERSION}"
    return [
        (
            Numbered(event_id(organisation_id, event.kind, response.id, mark), event, sequence, xid),
            response.received_at,
        )
        for sequence, event in enumerate(told, start=1)
    ]
