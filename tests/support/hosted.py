"""A reader of the hosted questionnaire, as a browser without scripts is one: forms, redirects, a cookie jar."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from fastapi import FastAPI

from tests.support.api import Api
from tests.support.surveys import POST_VISIT, Json, PublishedSurvey

VOID = frozenset({"input", "meta", "link", "br"})

EVERY_TYPE: list[Json] = [
    {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "required": True},
    {"key": "ease", "type": "ces", "text": "How easy was it?"},
    {"key": "glad", "type": "csat", "text": "How satisfied are you?"},
    {"key": "heat", "type": "rating", "scale": {"min": 0, "max": 40}, "text": "How warm was the room?"},
    {
        "key": "came",
        "type": "single_choice",
        "text": "How did you come?",
        "choices": [{"key": "bus", "label": "By bus"}, {"key": "car", "label": "By car"}],
    },
    {
        "key": "used",
        "type": "multiple_choice",
        "text": "What did you use?",
        "choices": [
            {"key": "web", "label": "Web"},
            {"key": "app", "label": "App"},
            {"key": "none", "label": "Nothing", "exclusive": True},
        ],
    },
    {
        "key": "staff",
        "type": "matrix",
        "text": "How was our staff?",
        "scale": {"min": 1, "max": 3},
        "rows": [{"key": "kind", "label": "Kindness"}, {"key": "fast", "label": "Speed"}],
    },
    {
        "key": "order",
        "type": "ranking",
        "text": "What matters most to you?",
        "choices": [{"key": "price", "label": "Price"}, {"key": "time", "label": "Time"}],
    },
    {"key": "minutes", "type": "number", "min": 0, "max": 600, "unit": "minutes", "text": "How long did you wait?"},
    {"key": "day", "type": "date", "text": "When were you here?"},
    {"key": "again", "type": "boolean", "text": "Will you come again?"},
    {"key": "why", "type": "text", "text": "Why?", "max_length": 2_000},
]
EVERY_ANSWER: dict[str, Any] = {
    "nps": "9",
    "ease": "6",
    "glad": "5",
    "heat": "21",
    "came": "bus",
    "used": ["web", "app"],
    "staff.kind": "3",
    "staff.fast": "2",
    "order.time": "1",
    "order.price": "2",
    "minutes": "12.5",
    "day": "2026-03-01",
    "again": "yes",
    "why": "Quick & <b>kind</b>.\r\nÜber alles gut.",
}
AS_JSON: Json = {
    "nps": 9,
    "ease": 6,
    "glad": 5,
    "heat": 21,
    "came": "bus",
    "used": ["web", "app"],
    "staff": {"kind": 3, "fast": 2},
    "order": ["time", "price"],
    "minutes": 12.5,
    "day": "2026-03-01",
    "again": True,
    "why": "Quick & <b>kind</b>.\nÜber alles gut.",
}


@dataclass
class Page:
    """A page as a reader meets it.

    Attributes:
        fields: of its form, with what stands in them now.
        offered: names of every field that can be filled in.
    """

    status: int
    url: str
    html: str
    headers: httpx.Headers
    words: str = ""
    language: str = ""
    direction: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    @property
    def asks(self) -> set[str]:
        """Keys of the questions on it."""
        return {name.split(".")[1] for name in self.offered if name.startswith("a.")}


class Reading(HTMLParser):
    """Reads a page into its form and its words."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: list[str] = []
        self.select = ""
        self.text: list[str] = []
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        page, name, value = self.page, said.get("name", ""), said.get("value", "")
        if tag not in VOID:
            self.open.append(tag)
        if "id" in said:
            assert said["id"] not in page.ids, f"two elements of one id: {said['id']}"
            page.ids.add(said["id"])
        if tag == "html":
            page.language, page.direction = said["lang"], said["dir"]
        elif tag == "a":
            page.links.append(said["href"])
        elif tag == "button":
            page.buttons.append((name, value))
        else:
            self.read_control(tag, said)

    def read_control(self, tag: str, said: dict[str, str]) -> None:
        page, name, value = self.page, said.get("name", ""), said.get("value", "")
        if tag == "input":
            page.offered.add(name)
            if said["type"] not in {"radio", "checkbox"} or "checked" in said:
                page.fields.setdefault(name, []).append(value)
        elif tag == "select":
            self.select = name
            page.offered.add(name)
        elif tag == "option" and "selected" in said:
            page.fields[self.select] = [value]
        elif tag == "textarea":
            page.offered.add(name)
            self.area = (name, [])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> ends nothing"
        if tag == "textarea" and self.area:
            name, parts = self.area
            # A line end right behind the tag belongs to nobody.
            self.page.fields[name] = ["".join(parts).removeprefix("\n")]
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1].append(data)
        elif "style" not in self.open:
            self.text.append(data)


def read(response: httpx.Response) -> Page:
    """A page, read."""
    page = Page(response.status_code, str(response.url), response.text, response.headers)
    if response.headers.get("content-type", "").startswith("text/html"):
        reading = Reading(page)
        reading.feed(response.text)
        assert reading.open == []
        page.words = " ".join(" ".join(reading.text).split())
    return page


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, app: FastAPI, url: str, *, language: str | None = None, **headers: str) -> None:
        self.path = urlsplit(url).path
        if language:
            headers["Accept-Language"] = language
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://test",
            headers=headers,
            follow_redirects=True,
        )

    async def open(self, query: str = "") -> Page:
        """Follow the link."""
        return read(await self.client.get(self.path + query))

    async def send(self, page: Page, answers: dict[str, Any] | None = None, *, press: str = "go=next") -> Page:
        """Fill in a form, press a button, and go where that leads."""
        return read(await self.post(page, answers, press=press))

    async def post(
        self, page: Page, answers: dict[str, Any] | None = None, *, press: str = "go=next"
    ) -> httpx.Response:
        """The same, as it is answered."""
        return await self.client.post(self.path, **filled(page, answers, press=press))


def filled(page: Page, answers: dict[str, Any] | None = None, *, press: str = "go=next") -> dict[str, Any]:
    """A form as a browser sends it."""
    fields = dict(page.fields)
    for name, value in (answers or {}).items():
        assert f"a.{name}" in page.offered, f"the page does not ask {name}, but {sorted(page.offered)}"
        fields[f"a.{name}"] = value if isinstance(value, list) else [value]
    name, _, value = press.partition("=")
    assert (name, value) in page.buttons, f"there is no such button: {page.buttons}"
    body = urlencode([*((key, each) for key, values in fields.items() for each in values), (name, value)])
    return {"content": body, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}


async def answered(visitor: Visitor, answers: dict[str, Any]) -> Page:
    """Go through the whole questionnaire with these answers, to the page after it."""
    page = await visitor.open()
    for _ in range(600):
        own = {name: value for name, value in answers.items() if f"a.{name}" in page.offered}
        page = await visitor.send(page, own)
        if page.url.endswith("page=thanks") or page.status != 200:
            return page
    raise AssertionError(page.words)


async def collector(api: Api, survey: PublishedSurvey, **said: Any) -> Json:
    """A collector of a survey."""
    body = {"name": "Poster", **said}
    made: Json = (await api.post(f"/v1/surveys/{survey.id}/collectors", body, status=201)).json()
    return made


async def new_version(api: Api, survey: PublishedSurvey, questions: list[Json], **said: Any) -> None:
    """Have a published survey ask other questions from now on."""
    draft = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    body = {**POST_VISIT, "key": survey.key, "questions": questions, **said}
    etag = {"If-Match": (await api.get(f"/v1/surveys/{draft.json()['id']}")).headers["etag"]}
    await api.put(f"/v1/surveys/{survey.id}", body, status=200, headers=etag)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)


async def responses(api: Api, survey: PublishedSurvey) -> list[Json]:
    """Everything that was recorded."""
    found: list[Json] = (await api.get(f"/v1/surveys/{survey.id}/responses")).json()["items"]
    return found
