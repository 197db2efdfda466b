"""A real browser that opens pages: what it complains of, what it asks the network for, and what axe finds.

Without one the test is skipped by name; where ``FEEDBACK_BROWSER_REQUIRED`` says that there must be one, it fails.
"""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program() -> str:
    """Where the browser is."""
    named = os.environ.get("FEEDBACK_CHROMIUM")
    found = named or next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is not None:
        return found
    what = "no Chromium on this machine: `make browser` installs it on Debian, FEEDBACK_CHROMIUM names another"
    if os.environ.get("FEEDBACK_BROWSER_REQUIRED"):
        pytest.fail(what)
    pytest.skip(what)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A headless browser."""
    executable = program()
    async with async_playwright() as playwright:
        # As root there is no sandbox to be had.
        started = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield started
        finally:
            await started.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page did.

    Attributes:
        text: as a reader sees it.
        complaints: errors and warnings of the console, and what was thrown.
        requests: addresses asked for beside the page itself.
        dialogs: that it opened.
    """

    text: str
    complaints: list[str]
    requests: list[str]
    dialogs: list[str]


async def seen(browser: Browser, page_file: Path) -> Seen:
    """Open a page as anybody would."""
    context = await browser.new_context()
    page = await context.new_page()
    complaints, requests, dialogs = list[str](), list[str](), list[str]()
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    address = page_file.as_uri()
    await page.goto(address, wait_until="networkidle")
    text = await page.inner_text("body")
    await context.close()
    return Seen(text, complaints, [each for each in requests if each != address], dialogs)


async def violations(browser: Browser, page_file: Path) -> list[str]:
    """What axe finds wrong with a page, each with where."""
    # The page lets no script run: axe is let in beside that.
    context = await browser.new_context(bypass_csp=True)
    page = await context.new_page()
    await page.goto(page_file.as_uri())
    found: dict[str, Any] = (await Axe().run(page)).response
    await context.close()
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]]
