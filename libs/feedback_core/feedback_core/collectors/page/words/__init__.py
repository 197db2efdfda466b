"""What the page says beside the survey's own words, by language."""

from typing import Final

from feedback_core.collectors.languages import matched
from feedback_core.collectors.page.words.arabic import ARABIC
from feedback_core.collectors.page.words.chinese import CHINESE
from feedback_core.collectors.page.words.dutch import DUTCH
from feedback_core.collectors.page.words.english import ENGLISH
from feedback_core.collectors.page.words.form import Words
from feedback_core.collectors.page.words.french import FRENCH
from feedback_core.collectors.page.words.german import GERMAN
from feedback_core.collectors.page.words.hebrew import HEBREW
from feedback_core.collectors.page.words.italian import ITALIAN
from feedback_core.collectors.page.words.japanese import JAPANESE
from feedback_core.collectors.page.words.korean import KOREAN
from feedback_core.collectors.page.words.polish import POLISH
from feedback_core.collectors.page.words.portuguese import PORTUGUESE
from feedback_core.collectors.page.words.russian import RUSSIAN
from feedback_core.collectors.page.words.spanish import SPANISH
from feedback_core.collectors.page.words.turkish import TURKISH

WORDS: Final = {
    "ar": ARABIC,
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "he": HEBREW,
    "it": ITALIAN,
    "ja": JAPANESE,
    "ko": KOREAN,
    "nl": DUTCH,
    "pl": POLISH,
    "pt": PORTUGUESE,
    "ru": RUSSIAN,
    "tr": TURKISH,
    "zh": CHINESE,
}


def words_in(language: str) -> tuple[Words, str]:
    """The sentences for a page in some language, and the language that they are in: English, if there are none."""
    found = matched(language, WORDS) or "en"
    return WORDS[found], found
