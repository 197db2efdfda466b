"""What the page says beside the survey's own words, by language."""

from typing import Final

from feedback_core.collectors.languages import matched
from feedback_core.collectors.page.words.english import ENGLISH
from feedback_core.collectors.page.words.form import Words

WORDS: Final = {
    "en": ENGLISH,
}


def words_in(language: str) -> tuple[Words, str]:
    """The sentences for a page in some language, and the language that they are in: English, if there are none."""
    found = matched(language, WORDS) or "en"
    return WORDS[found], found
