"""From what a page shows to its HTML: one file, one style sheet in it, nothing to fetch, no script."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedback_core.collectors.languages import Spoken, direction
from feedback_core.collectors.page.view import Field, Reader

_PACKAGE: Final = "feedback_core.collectors.page"
_NAMES: Final[Mapping[str, str]] = {
    "ar": "العربية",
    "bg": "Български",
    "bn": "বাংলা",
    "cs": "Čeština",
    "cy": "Cymraeg",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language that a reader can go over to, by the name that it has in itself."""

    tag: str
    name: str
    direction: str


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """A page with questions, or the one that asks whether to send.

    Attributes:
        step: which page of how many.
        told: what is promised to the reader, and that they can stop.
        notice: why they see the page again.
        hidden: names and values that come back with the answers.
    """

    reader: Reader
    organisation: str
    title: Spoken
    step: str | None
    introduction: Spoken | None
    told: tuple[str, ...]
    notice: str | None
    fields: tuple[Field, ...]
    action: str
    hidden: tuple[tuple[str, str], ...]
    languages: tuple[LanguageChoice, ...]
    is_end: bool
    is_last: bool
    may_go_back: bool
    opt_out_path: str | None

    @property
    def language(self) -> str:
        """Of the page."""
        return self.reader.language

    @property
    def direction(self) -> str:
        """Of its writing."""
        return direction(self.reader.language)

    @property
    def has_trouble(self) -> bool:
        """Whether something is wrong with an answer."""
        return any(field.trouble for field in self.fields)


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page that says something in words.

    Attributes:
        again: offered on a device that many people use, with the ``form`` that asks for it.
        start: offered where somebody lost the beginning.
    """

    language: str
    organisation: str
    title: Spoken
    text: Spoken
    action: str = ""
    form: str = ""
    again: Spoken | None = None
    start: Spoken | None = None

    @property
    def direction(self) -> str:
        """Of its writing."""
        return direction(self.language)


def questions_html(page: QuestionsPage) -> bytes:
    """A page with questions."""
    reader = page.reader
    return _written("questions.html.jinja", page, words=reader.words, words_language=reader.words_language)


def notice_html(page: NoticePage) -> bytes:
    """A page that says something."""
    return _written("notice.html.jinja", page, words=None, words_language=page.language)


@cache
def content_security_policy() -> str:
    """Nothing but the style sheet of the page itself, by its hash; forms go back to where they came from."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def language_choice(tag: str) -> LanguageChoice:
    """A language by its own name; by its tag, if that is not known here."""
    first, _, rest = tag.partition("-")
    name = _NAMES.get(first.lower(), tag)
    return LanguageChoice(tag, f"{name} ({rest})" if rest and name != tag else name, direction(tag))


@cache
def _style() -> str:
    text = resources.files(_PACKAGE).joinpath("templates/page.css").read_text(encoding="utf-8")
    return re.sub(r"\n", "", text)


def _written(template: str, page: QuestionsPage | NoticePage, *, words: object, words_language: str) -> bytes:
    def say(text: str) -> Spoken:
        return Spoken(text, words_language)

    found = _environment().get_template(template)
    return found.render(page=page, words=words, say=say, style=_style(), direction=direction).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
