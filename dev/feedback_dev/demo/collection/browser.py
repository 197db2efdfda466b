"""Holders who answer on the hosted page, in a real browser without a window."""

import os
import shutil
from collections.abc import Sequence
from typing import Final

from playwright.sync_api import sync_playwright

from feedback_dev.demo.collection.holders import Holder

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")


def browser_here() -> str | None:
    """Where a browser is; ``None``: there is none."""
    named = os.environ.get("FEEDBACK_CHROMIUM")
    return named or next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def answer_in_browser(program: str, links: Sequence[tuple[str, Holder]]) -> int:
    """Follow each link, fill in the form as its holder would, and send it; how many were thanked."""
    thanked = 0
    with sync_playwright() as playwright:
        # As root there is no sandbox to be had.
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            for link, holder in links:
                context = started.new_context(java_script_enabled=False)
                page = context.new_page()
                page.goto(link)
                said = holder.answers
                page.locator(f'input[name="a.nps"][value="{said["nps"]}"]').check(force=True)
                page.locator(f'input[name="a.punctual"][value="{said["punctual"]}"]').check(force=True)
                page.locator('textarea[name="a.why"]').fill(str(said["why"]))
                page.locator('main button[type="submit"]').last.click()
                thanked += "page=thanks" in page.url
                context.close()
        finally:
            started.close()
    return thanked
