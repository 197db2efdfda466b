"""Texts of other tools, made such that they can be kept."""

from collections.abc import Mapping

from feedback_core.kit.pointers import printable, step
from feedback_core.surveys.exchange.types import RemarkCode, Remarks
from feedback_core.surveys.types import LANGUAGE, MAX_TEXT_LENGTH, Text

MOST_LANGUAGES = 100
"""Languages of one text."""


class Texts:
    """Reads texts of a document in the language ``language``, and tells what it changes."""

    def __init__(self, language: str, remarks: Remarks) -> None:
        self.language = language
        self._remarks = remarks

    def words(self, written: object, pointer: str) -> str:
        """Words that can be stored: no U+0000, no half surrogate pairs, at most so many characters."""
        words = written if isinstance(written, str) else str(written)[:MAX_TEXT_LENGTH]
        kept = printable(words.replace("\0", ""))[:MAX_TEXT_LENGTH]
        if kept != written:
            detail = "The text holds what cannot be stored, or is too long: it was mended or cut."
            self._remarks.add(pointer, RemarkCode.TEXT_CHANGED, detail)
        return kept

    def text(self, by_tag: Mapping[str, object], pointer: str) -> Text:
        """A text by language tag; in the document's language alone it is a plain string."""
        text: dict[str, str] = {}
        for tag, written in list(by_tag.items())[:MOST_LANGUAGES]:
            mended = tag.strip().replace("_", "-")
            own = mended.lower() == self.language.lower()
            if not own and (len(mended) > 80 or not LANGUAGE.fullmatch(mended)):  # noqa: PLR2004 -- as the API takes them
                detail = "The name of the language is no BCP 47 tag: the text in it was left out."
                self._remarks.add(pointer + step(tag[:100]), RemarkCode.FIELD_LEFT_OUT, detail)
                continue
            text[self.language if own else mended] = self.words(written, pointer + step(tag))
        if len(by_tag) > MOST_LANGUAGES:
            detail = f"Texts beyond {MOST_LANGUAGES} languages were left out."
            self._remarks.add(pointer, RemarkCode.FIELD_LEFT_OUT, detail)
        return text[self.language] if text.keys() == {self.language} else text
