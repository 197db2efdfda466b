"""The hosted questionnaire in a real browser: without scripts, by keyboard, in any script, held to axe's rules."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Request, expect

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.browser import browser
from tests.support.hosted import AS_JSON, EVERY_TYPE, collector, responses
from tests.support.organisations import new_organisation
from tests.support.serving import Served, served
from tests.support.surveys import Json, PublishedSurvey, publish

__all__ = ["served"]

pytestmark = [pytest.mark.xdist_group("hosted_page")]

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "en-GB"}
FIRST_VIEW = 30_000
"""Bytes of the first page, with everything that belongs to it."""

IN_WORDS: Json = {
    "title": {
        "en": "Your trip",
        "ar": "رحلتك",
        "ja": "ご利用について",
        "zh": "您的行程",
        "he": "הנסיעה שלך",
        "cy": "Eich taith",
    },
    "questions": [
        {
            "key": "nps",
            "type": "nps",
            "required": True,
            "text": {
                "en": "How likely are you to recommend our ferries?",
                "ar": "ما مدى احتمال أن توصي بعبّاراتنا؟",
                "ja": "当社のフェリーを友人に勧める可能性はどのくらいありますか。",
                "zh": "您有多大可能推荐我们的渡轮？",
                "he": "מה הסיכוי שתמליצו על המעבורות שלנו?",
                "cy": "Pa mor debygol ydych chi o argymell ein fferis?",
            },
        },
        {
            "key": "came",
            "type": "single_choice",
            "text": {
                "en": "How did you come?",
                "ar": "كيف وصلت؟",
                "ja": "どのように来ましたか。",
                "zh": "您怎么来的？",
            },
            "choices": [
                {"key": "bus", "label": {"en": "Bus 12", "ar": "الحافلة 12", "ja": "12 番バス", "zh": "12 路公交"}},
                {"key": "car", "label": "By car"},
            ],
        },
        {
            "key": "why",
            "type": "text",
            "required": True,
            "text": {"en": "Why?", "ar": "لماذا؟", "ja": "なぜですか。", "zh": "为什么？"},
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Stand:
    """An organisation whose API is served, and a browser."""

    api: Api
    chromium: Browser

    async def survey(self, *, method: str = "online_questionnaire", **said: Any) -> tuple[PublishedSurvey, str]:
        """A survey, and the address of its page."""
        survey = await publish(self.api, **said)
        return survey, str((await collector(self.api, survey, method=method))["url"])

    async def reader(self, **said: Any) -> tuple[BrowserContext, Page]:
        """Somebody whose browser runs no script."""
        context = await self.chromium.new_context(**{**PHONE, "java_script_enabled": False, **said})
        return context, await context.new_page()


@pytest.fixture(scope="module")
async def stand(served: Served, database: Database) -> AsyncIterator[Stand]:
    async with browser() as chromium, httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        yield Stand(Api(client, await new_organisation(database)), chromium)


async def fill_first(page: Page) -> None:
    await page.locator("#q-nps label").nth(9).click()
    await page.locator("#q-ease label").nth(5).click()
    await page.locator("#q-glad label").nth(4).click()
    await page.get_by_label("How warm was the room?").fill("21")
    await page.get_by_label("By bus").check()
    await page.get_by_label("Web").check()
    await page.get_by_label("App").check()


async def fill_second(page: Page) -> None:
    rows = page.locator("#q-staff .row")
    await rows.nth(0).locator("label").nth(2).click()
    await rows.nth(1).locator("label").nth(1).click()
    await page.get_by_label("Time", exact=True).select_option("1")
    await page.get_by_label("Price").select_option("2")
    await page.get_by_label("How long did you wait?").fill("12.5")
    await page.get_by_label("When were you here?").fill("2026-03-01")
    await page.get_by_label("Yes").check()
    await page.get_by_label("Why?").fill(AS_JSON["why"])


async def go(page: Page, name: str) -> None:
    await page.locator(".go").get_by_role("button", name=name).click()
    await page.wait_for_load_state()


async def test_every_kind_of_question_is_answered_without_a_script(stand: Stand) -> None:
    survey, url = await stand.survey(questions=EVERY_TYPE)
    context, page = await stand.reader()
    await page.goto(url)

    await fill_first(page)
    await go(page, "Continue")
    await fill_second(page)
    await go(page, "Send answers")

    assert "Thank you" in await page.inner_text("main")
    (kept,) = await responses(stand.api, survey)
    assert kept["answers"] == AS_JSON
    (cookie,) = await context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    await context.close()


async def test_back_reload_double_click_and_a_lost_connection_lose_nothing_and_say_nothing_twice(stand: Stand) -> None:
    survey, url = await stand.survey(questions=EVERY_TYPE)
    context, page = await stand.reader()
    await page.goto(url)
    await fill_first(page)

    # The form arrives, and its answer is lost on the way back.
    async def lose(route: Any) -> None:
        await route.fetch(max_redirects=0)
        await route.abort()

    await page.route("**/s/*", lose)
    await page.locator(".go").get_by_role("button", name="Continue").click(no_wait_after=True)
    await page.wait_for_event("requestfailed")
    await page.unroute("**/s/*")
    await page.goto(url)
    await page.locator(".go").get_by_role("button", name="Back").click()
    await page.wait_for_url("**page=1")
    await go(page, "Continue")

    await page.get_by_label("Why?").fill("Typed and not sent")
    await page.go_back()
    assert await page.locator("#q-nps input").nth(9).is_checked()
    assert await page.get_by_label("How warm was the room?").input_value() == "21"
    await page.go_forward()
    await page.reload()
    await fill_second(page)
    await page.locator(".go").get_by_role("button", name="Send answers").dblclick()
    # The second click ends what the first one began to load.
    await expect(page).to_have_url(re.compile(r"page=thanks$"))
    await page.reload()
    await page.go_back()
    await page.goto(url)

    assert "Thank you" in await page.inner_text("main")
    assert [each["answers"] for each in await responses(stand.api, survey)] == [AS_JSON]
    await context.close()


async def test_it_is_answered_by_keyboard_alone_and_a_fault_is_found_by_it(stand: Stand) -> None:
    survey, url = await stand.survey(questions=[IN_WORDS["questions"][0], IN_WORDS["questions"][2]])
    context, page = await stand.reader()
    await page.goto(url)

    async def focused() -> str:
        found = page.locator(":focus")
        return (
            str(await found.get_attribute("id") or await found.get_attribute("class") or "")
            if await found.count()
            else ""
        )

    async def tab_to(wanted: str) -> None:
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await focused() == wanted:
                return
        pytest.fail(f"{wanted} cannot be reached by keyboard")

    await tab_to("q-why-f")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.locator(".summary").wait_for()
    assert (await page.title()).startswith("Error: ")
    assert await focused() == "summary"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await focused() == "q-nps-0"
    await page.keyboard.press("Space")
    for _ in range(9):
        await page.keyboard.press("ArrowRight")
    await tab_to("q-why-f")
    await page.keyboard.type("Quick and kind.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**page=thanks")

    (kept,) = await responses(stand.api, survey)
    assert kept["answers"] == {"nps": 9, "why": "Quick and kind."}
    await context.close()


async def test_the_first_view_is_small_and_asks_nobody_else(stand: Stand, served: Served) -> None:
    _, url = await stand.survey(questions=EVERY_TYPE)
    context, page = await stand.reader(java_script_enabled=True)
    asked, complaints, size = list[str](), list[str](), 0
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def count(request: Request) -> None:
        asked.append(request.url)

    page.on("request", count)
    response = await page.goto(url, wait_until="networkidle")
    assert response is not None
    size = len(await response.body()) + sum(len(k) + len(v) + 4 for k, v in (await response.all_headers()).items())

    # A browser looks for an icon by itself; nothing else is asked for.
    assert {each for each in asked if not each.endswith("/favicon.ico")} == {url}
    assert [each for each in complaints if "favicon" not in each and "404" not in each] == []
    assert size <= FIRST_VIEW
    assert await page.evaluate("document.scripts.length") == 0
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    await context.close()


async def found_by_axe(stand: Stand, page_html: str, url: str) -> list[str]:
    """What axe finds wrong with a page as it was seen; it is let in beside the policy that lets no script run."""
    context = await stand.chromium.new_context(**PHONE, bypass_csp=True)
    page = await context.new_page()
    await page.route("**/*", lambda route: route.fulfill(body=page_html, content_type="text/html; charset=utf-8"))
    await page.goto(url)
    found: dict[str, Any] = (await Axe().run(page)).response
    await context.close()
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]


async def test_axe_finds_nothing_on_any_page(stand: Stand) -> None:
    _, url = await stand.survey(questions=EVERY_TYPE)
    context, page = await stand.reader()

    async def check(what: str) -> None:
        assert await found_by_axe(stand, await page.content(), url) == [], what

    await page.goto(url)
    await check("first page")
    await page.get_by_label("How warm was the room?").fill("warm")
    await go(page, "Continue")
    await check("with faults")
    await fill_first(page)
    await go(page, "Continue")
    await check("second page")
    await go(page, "Back")
    await check("with answers")
    await go(page, "Continue")
    await fill_second(page)
    await go(page, "Send answers")
    await check("thanks")
    await page.goto(url[:-1] + ("A" if url[-1] != "A" else "B"))
    await check("forged link")
    await context.close()


@pytest.mark.parametrize(
    ("language", "direction", "sends"),
    [
        ("ar", "rtl", "إرسال الإجابات"),
        ("ja", "ltr", "回答を送信"),
        ("cy", "ltr", "Send answers"),
    ],
)
async def test_it_is_read_in_any_script_and_axe_finds_nothing(
    stand: Stand, tmp_path: Path, language: str, direction: str, sends: str
) -> None:
    survey, url = await stand.survey(**IN_WORDS)
    context, page = await stand.reader(locale=language)
    await page.goto(url)
    assert await page.locator("html").get_attribute("lang") == language
    assert await page.locator("html").get_attribute("dir") == direction
    await go(page, sends)
    assert await found_by_axe(stand, await page.content(), url) == []
    picture = await page.screenshot(path=tmp_path / f"{language}.png", full_page=True)
    assert len(picture) > 10_000
    title = await page.locator("h1").bounding_box()
    assert title is not None
    await page.locator("#q-nps label").nth(9).click()
    await page.locator("#q-why-f").fill("نعم" if direction == "rtl" else "はい")
    await go(page, sends)

    assert len(await responses(stand.api, survey)) == 1
    await context.close()


async def test_it_can_be_used_without_colours_and_at_four_times_the_size(stand: Stand) -> None:
    _, url = await stand.survey(questions=EVERY_TYPE)
    context, page = await stand.reader(
        java_script_enabled=True, viewport={"width": 320, "height": 256}, forced_colors="active"
    )
    await page.goto(url)

    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    small = await page.evaluate(
        "[...document.querySelectorAll('label, button:not(.off), select, input[type=text], textarea')]"
        ".map(e => e.getBoundingClientRect()).filter(r => r.width < 24 || r.height < 24).length"
    )
    assert small == 0
    await context.close()
