"""Personal links: what the page asks of invitations, and what it tells them."""
# ruff: noqa: ARG002 - more is told of an invited person than this book keeps

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from feedback_core.collectors.invited import Invited, InvitedState, NobodyInvited
from feedback_core.collectors.links import SurveyLinks, path_of
from feedback_core.db.session import Database, Session
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent
from tests.support.api import Api
from tests.support.hosted import EVERY_TYPE, Visitor, answered, collector
from tests.support.open_responses import close_overdue
from tests.support.surveys import Json, publish

SHORT: list[Json] = [
    {"key": "nps", "type": "nps", "text": {"en": "Recommend us?", "de": "Weiterempfehlen?"}, "required": True}
]


@dataclass
class Book(NobodyInvited):
    """Who is invited, and what was told of them."""

    people: dict[UUID, Invited] = field(default_factory=dict)
    started: list[UUID] = field(default_factory=list)
    completed: list[tuple[UUID, UUID | None]] = field(default_factory=list)

    async def invited(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, hold: bool
    ) -> Invited | None:
        return self.people.get(invitation_id)

    async def note_started(self, session: Session, organisation_id: UUID, invitation_id: UUID, *, at: datetime) -> None:
        self.started.append(invitation_id)

    async def note_completed(
        self, session: Session, organisation_id: UUID, invitation_id: UUID, *, response_id: UUID | None, at: datetime
    ) -> None:
        self.completed.append((invitation_id, response_id))
        self.people[invitation_id] = replace(self.people[invitation_id], state=InvitedState.ANSWERED)


@pytest.fixture
def book(app: FastAPI) -> Iterator[Book]:
    """Invitations of this test, where the API knows of them."""
    before, made = app.state.invitations, Book()
    app.state.invitations = made
    yield made
    app.state.invitations = before


ADA = Respondent(id="customer-7", name="Ada", email="ada@example.org", phone=None)


async def invite(
    app: FastAPI,
    api: Api,
    book: Book,
    *,
    questions: list[Json] = SHORT,
    confidentiality: str = "identified",
    **said: Any,
) -> tuple[UUID, str, str]:
    """An invitation: its id, its link, and the survey's id."""
    survey = await publish(api, questions=questions, confidentiality=confidentiality)
    at = UUID((await collector(api, survey))["id"])
    invitation = uuid4()
    book.people[invitation] = Invited(at, InvitedState.OPEN, respondent=ADA, method=CollectionMethod.EMAIL)
    book.people[invitation] = replace(book.people[invitation], **said)
    links: SurveyLinks = app.state.survey_links
    return invitation, path_of(links.of_invitation(api.organisation.organisation_id, invitation)), survey.id


async def recorded(api: Api, survey_id: str) -> list[Json]:
    found: list[Json] = (await api.get(f"/v1/surveys/{survey_id}/responses")).json()["items"]
    return found


async def test_the_response_is_the_invited_persons_and_both_are_told_once(app: FastAPI, api: Api, book: Book) -> None:
    invitation, link, survey_id = await invite(
        app, api, book, language="de", attributes={"region": "north"}, opt_out_path="/o/x"
    )
    visitor = Visitor(app, link)
    page = await visitor.open()
    assert page.language == "de"
    assert page.links == ["/o/x"]
    assert "Ihre Antworten werden zusammen mit Angaben zu Ihrer Person gespeichert." in page.words

    thanked = await visitor.send(page, {"nps": "9"})
    again = await visitor.send(page, {"nps": "1"})
    elsewhere = await Visitor(app, link).open()

    (kept,) = await recorded(api, survey_id)
    assert (kept["method"], kept["attributes"], kept["answers"]) == ("email", {"region": "north"}, {"nps": 9})
    identity = (await api.get(f"/v1/surveys/{survey_id}/responses/{kept['id']}/identity")).json()
    assert identity["id"] == "customer-7"
    assert book.started == [invitation]
    assert book.completed == [(invitation, UUID(kept["id"]))]
    assert thanked.url == again.url == f"http://test{link}?page=thanks"
    assert (elsewhere.status, (await visitor.open()).status) == (410, 410)
    assert "Sie haben schon geantwortet" in elsewhere.words


async def test_nothing_leads_from_the_invited_to_an_anonymous_response(app: FastAPI, api: Api, book: Book) -> None:
    invitation, link, survey_id = await invite(app, api, book, confidentiality="anonymous")

    await answered(Visitor(app, link), {"nps": "9"})

    assert book.completed == [(invitation, None)]
    assert [each["respondent_ref"] for each in await recorded(api, survey_id)] == [None]


async def test_a_link_that_may_be_resumed_goes_on_on_another_device(app: FastAPI, api: Api, book: Book) -> None:
    _, link, survey_id = await invite(app, api, book, questions=EVERY_TYPE)
    await Visitor(app, link).send(await Visitor(app, link).open(), {"nps": "9"})
    phone = Visitor(app, link)

    page = await phone.open()
    assert "staff" in page.asks
    await answered(phone, {"again": "yes"})

    assert [each["answers"] for each in await recorded(api, survey_id)] == [{"nps": 9, "again": True}]
    assert len(book.started) == 1


async def test_a_link_that_may_not_be_resumed_goes_on_in_its_own_browser_only(
    app: FastAPI, api: Api, book: Book
) -> None:
    _, link, survey_id = await invite(app, api, book, questions=EVERY_TYPE, resumable=False)
    own = Visitor(app, link)
    await own.send(await own.open(), {"nps": "9"})

    other = await Visitor(app, link).open()
    await answered(own, {})

    assert other.status == 403
    assert "Begun in another browser" in other.words
    assert len(await recorded(api, survey_id)) == 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InvitedState.OPTED_OUT, "You will not be asked"),
        (InvitedState.ENDED, "This link has expired"),
        (InvitedState.ANSWERED, "You have answered already"),
    ],
)
async def test_a_link_that_is_over_says_why(
    app: FastAPI, api: Api, book: Book, state: InvitedState, words: str
) -> None:
    invitation, link, survey_id = await invite(app, api, book)
    visitor = Visitor(app, link)
    page = await visitor.open()
    book.people[invitation] = replace(book.people[invitation], state=state)

    assert (await visitor.open()).status == 410
    late = await visitor.send(page, {"nps": "9"})

    assert late.status == 410
    assert words in late.words
    assert await recorded(api, survey_id) == []


async def test_an_invitation_that_is_not_there_is_an_unknown_link(app: FastAPI, api: Api, book: Book) -> None:
    invitation, link, _ = await invite(app, api, book)
    del book.people[invitation]

    assert (await Visitor(app, link).open()).status == 404


async def test_who_sent_nothing_in_time_may_begin_again(app: FastAPI, api: Api, book: Book, database: Database) -> None:
    _, link, survey_id = await invite(app, api, book)
    visitor = Visitor(app, link)
    await visitor.send(await visitor.open())
    await close_overdue(database, api.organisation.organisation_id, later=timedelta(hours=25))

    await answered(visitor, {"nps": "9"})

    assert [each["status"] for each in await recorded(api, survey_id)] == ["complete"]
