"""What a link leads to that does not lead to questions: words, with the right status, in the survey's language."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.kit.settings import LogSettings
from tests.support.api import Api
from tests.support.hosted import EVERY_TYPE, Visitor, answered, collector, filled, responses
from tests.support.imports import client_of
from tests.support.surveys import Json, PublishedSurvey, publish, survey_body

SHORT: list[Json] = [
    {"key": "nps", "type": "nps", "text": {"en": "Recommend us?", "de": "Weiterempfehlen?", "ar": "هل توصي بنا؟"}},
    {"key": "why", "type": "text", "text": {"en": "Why?", "de": "Warum?", "ar": "لماذا؟"}},
]
TITLE = {"en": "Your visit", "de": "Ihr Besuch", "ar": "زيارتك"}


async def made(api: Api, **said: Any) -> tuple[PublishedSurvey, Json]:
    survey = await publish(api, title=TITLE, questions=SHORT)
    return survey, await collector(api, survey, **said)


async def changed(api: Api, survey: PublishedSurvey, found: Json, **said: Any) -> None:
    path = f"/v1/surveys/{survey.id}/collectors/{found['id']}"
    etag = (await api.get(path)).headers["etag"]
    await api.put(path, {"name": "Poster", **said}, status=200, headers={"If-Match": etag})


@pytest.mark.parametrize(
    "link",
    [
        "fbq_" + "A" * 75,
        "fbi_" + "A" * 75,
        "fbq_",
        "x",
        "%00",
        "fbq_ümläut",
        "fbq_" + "A" * 190,
    ],
)
async def test_a_forged_link_leads_to_words(app: FastAPI, link: str) -> None:
    page = await Visitor(app, f"http://test/s/{link}").open()

    assert page.status in {404, 422}
    assert page.headers["content-type"].startswith("text/html")
    assert "There is no questionnaire here" in page.words


async def test_a_forged_link_is_told_of_in_the_readers_language(app: FastAPI) -> None:
    page = await Visitor(app, "http://test/s/fbq_AAAA", language="xx, de-AT;q=0.8").open()

    assert (page.status, page.language) == (404, "de")
    assert "Hier gibt es keinen Fragebogen" in page.words


async def test_a_link_of_one_thing_is_none_of_another(app: FastAPI, api: Api) -> None:
    _, found = await made(api)
    url = found["url"].replace("/s/fbq_", "/s/fbi_")

    assert (await Visitor(app, url).open()).status == 404


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"opens_at": "2099-01-01T00:00:00Z"}, 403, "Not open yet"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, 410, "This questionnaire is closed"),
        ({"state": "paused"}, 403, "Paused"),
        ({"state": "ended"}, 410, "This questionnaire is closed"),
    ],
)
async def test_a_collector_that_takes_nobody_says_so(
    app: FastAPI, api: Api, said: Json, status: int, words: str
) -> None:
    survey, found = await made(api, **said)
    visitor = Visitor(app, found["url"])
    page = await visitor.open()

    assert (page.status, page.headers["cache-control"]) == (status, "private, no-store")
    assert words in page.words
    assert await responses(api, survey) == []


async def test_who_has_begun_goes_on_while_it_is_paused_and_not_when_it_has_ended(app: FastAPI, api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    found = await collector(api, survey)
    visitor = Visitor(app, found["url"])
    page = await visitor.send(await visitor.open(), {"nps": "9"})

    await changed(api, survey, found, state="paused")
    page = await visitor.send(page, {"staff.kind": "2"}, press="go=back")
    assert page.status == 200

    await changed(api, survey, found, state="ended")
    assert (await visitor.send(page, {"nps": "1"})).status == 410


async def test_a_survey_that_closes_meanwhile_says_so_in_its_language(app: FastAPI, api: Api) -> None:
    survey, found = await made(api)
    visitor = Visitor(app, found["url"], language="de")
    page = await visitor.open()
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    late = await visitor.send(page, {"nps": "9"})

    assert (late.status, late.language) == (410, "de")
    assert "Dieser Fragebogen ist geschlossen" in late.words
    assert (await visitor.open()).status == 410


async def test_a_survey_that_was_never_published_is_not_open_yet(app: FastAPI, api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    found = (await api.post(f"/v1/surveys/{draft['id']}/collectors", {"name": "Poster"}, status=201)).json()

    assert (await Visitor(app, found["url"]).open()).status == 403


async def test_the_reader_chooses_the_language_and_loses_nothing(app: FastAPI, api: Api) -> None:
    survey, found = await made(api)
    visitor = Visitor(app, found["url"], language="de-CH,en;q=0.5")
    page = await visitor.open()
    assert (page.language, page.direction) == ("de", "ltr")
    assert "Weiterempfehlen?" in page.words

    arabic = await visitor.send(page, {"nps": "9", "why": "Gut"}, press="to=ar")
    assert (arabic.language, arabic.direction) == ("ar", "rtl")
    assert "هل توصي بنا؟" in arabic.words
    assert (arabic.fields["a.nps"], arabic.fields["a.why"]) == (["9"], ["Gut"])

    thanked = await visitor.send(arabic)
    assert thanked.language == "ar"
    assert len(await responses(api, survey)) == 1


async def test_the_collectors_language_goes_before_the_browsers(app: FastAPI, api: Api) -> None:
    _, found = await made(api, language="ar", introduction={"ar": "ثلاثة أسئلة"}, thank_you="Thanks a lot.")
    visitor = Visitor(app, found["url"], language="de")

    page = await visitor.open()
    thanked = await answered(visitor, {"nps": "9"})

    assert page.language == "ar"
    assert "ثلاثة أسئلة" in page.words
    assert '<p class="said" lang="en" dir="ltr">Thanks a lot.</p>' in thanked.html


async def test_marks_of_campaigns_in_the_address_change_nothing(app: FastAPI, api: Api) -> None:
    _, found = await made(api)

    page = await Visitor(app, found["url"]).open("?utm_source=mail&page=9999999999&lang=%00&check=&check=")

    assert page.status == 409
    assert (await Visitor(app, found["url"]).open("?utm_source=mail&fbclid=x")).status == 200


async def test_a_page_without_its_cookie_says_what_is_missing(app: FastAPI, api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    found = await collector(api, survey)
    visitor = Visitor(app, found["url"])
    second = await visitor.send(await visitor.open(), {"nps": "9"})
    visitor.client.cookies.clear()

    lost = await visitor.open("?page=2")

    assert second.asks
    assert lost.status == 409
    assert "cookie" in lost.words


async def test_the_page_takes_no_form_of_somebody_else(app: FastAPI, api: Api) -> None:
    survey, found = await made(api)
    _, other = await made(api)
    visitor = Visitor(app, found["url"])
    page = await visitor.open()
    form = filled(page, {"nps": "9"})
    elsewhere = filled(await Visitor(app, other["url"]).open(), {"nps": "9"})

    statuses = [
        (
            await visitor.client.post(visitor.path, content=form["content"], headers={**form["headers"], **headers})
        ).status_code
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Content-Type": "text/plain"})
    ]
    statuses.append((await visitor.client.post(visitor.path, **elsewhere)).status_code)
    statuses.append((await visitor.client.post(visitor.path, content=b"go=next", headers=form["headers"])).status_code)

    assert statuses == [403, 403, 403, 403]
    assert await responses(api, survey) == []
    good = await visitor.client.post(
        visitor.path, content=form["content"], headers={**form["headers"], "Sec-Fetch-Site": "same-origin"}
    )
    assert good.status_code == 200


async def test_the_cookie_is_one_is_for_this_link_and_out_of_reach_of_scripts(app: FastAPI, api: Api) -> None:
    _, found = await made(api)
    visitor = Visitor(app, found["url"])
    page = await visitor.open()
    assert page.headers["set-cookie"].split("; ")[0] == f"answers={page.fields['form'][0]}"

    response = await visitor.client.post(visitor.path, follow_redirects=False, **filled(page, {"nps": "9"}))

    (cookie,) = response.headers.get_list("set-cookie")
    parts = {part.strip().partition("=")[0].lower(): part.strip().partition("=")[2] for part in cookie.split(";")}
    assert parts["path"] == visitor.path
    assert parts["samesite"] == "lax"
    assert "httponly" in parts
    assert 0 < int(parts["max-age"]) <= 24 * 3600
    assert "secure" not in parts


async def test_behind_https_the_cookie_is_for_https_only(settings: Settings, api: Api) -> None:
    _, found = await made(api)
    public = Settings(settings.database, settings.secrets, logs=LogSettings(level="WARNING"), api=settings.api)
    public.http.public_url = "https://feedback.example.org"
    app = create_app(public)
    async with app.router.lifespan_context(app):
        visitor = Visitor(app, found["url"])
        response = await visitor.client.post(
            visitor.path, follow_redirects=False, **filled(await visitor.open(), {"nps": "9"})
        )
        key = {"Authorization": f"Bearer {api.organisation.token}"}
        async with client_of(app) as client:
            listed = await client.get(f"/v1/surveys/{found['survey_id']}/collectors", headers=key)

    assert "; secure" in response.headers["set-cookie"].lower()
    assert listed.json()["items"][0]["url"] == "https://feedback.example.org" + urlsplit(found["url"]).path


async def test_a_link_that_is_asked_for_too_often_says_so_in_words(settings: Settings, api: Api) -> None:
    _, found = await made(api)
    limits = ApiSettings(public_requests_per_minute=3)
    app = create_app(Settings(settings.database, settings.secrets, logs=LogSettings(level="WARNING"), api=limits))
    async with app.router.lifespan_context(app):
        visitor = Visitor(app, found["url"])
        pages = [await visitor.open() for _ in range(4)]

    assert [page.status for page in pages] == [200, 200, 200, 429]
    assert "Please try again" in pages[-1].words
    assert int(pages[-1].headers["retry-after"]) >= 1


async def test_pages_ask_nobody_for_anything_and_run_nothing(app: FastAPI, api: Api) -> None:
    _, found = await made(api)
    page = await Visitor(app, found["url"]).open()

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in page.html
    assert " src=" not in page.html
    assert "style=" not in page.html
