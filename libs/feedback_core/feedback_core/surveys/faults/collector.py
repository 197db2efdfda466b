"""Where faults are gathered, and the rules that hold for keys and texts everywhere."""

import re
from collections.abc import Iterable

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import LANGUAGE, Text
from feedback_core.surveys.validation.checks import is_unicode


class Collector:
    """Faults found so far, in reading order."""

    def __init__(self, language: str) -> None:
        self.faults: list[Fault] = []
        self._language = language

    def add(self, pointer: str, code: FaultCode, detail: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(pointer, code.value, detail))

    def language(self, tag: str, pointer: str) -> None:
        """The tag of a language."""
        if not LANGUAGE.fullmatch(tag):
            self.add(pointer, FaultCode.INVALID_LANGUAGE, "Write the language as a BCP 47 tag: en, de-AT.")

    def key(self, key: str, pattern: re.Pattern[str], pointer: str) -> None:
        """One key."""
        if not pattern.fullmatch(key):
            self.add(pointer, FaultCode.INVALID_KEY, f"Write a key that matches {pattern.pattern}")

    def distinct(self, keys: Iterable[str], pointer: str, suffix: str = "/key") -> None:
        """Keys of the items of one list; the second of two alike is at fault."""
        seen: dict[str, int] = {}
        for index, key in enumerate(keys):
            if key in seen:
                detail = f"Item {seen[key]} has this key already; choose another."
                self.add(f"{pointer}/{index}{suffix}", FaultCode.DUPLICATE_KEY, detail)
            else:
                seen[key] = index

    def text(self, text: Text, pointer: str) -> None:
        """A text in the survey's language, or in several of which that is one."""
        if isinstance(text, str):
            self.words(text, pointer)
            return
        if LANGUAGE.fullmatch(self._language) and self._language.lower() not in {tag.lower() for tag in text}:
            detail = f"Add the text in the survey's own language, {self._language}."
            self.add(pointer, FaultCode.MISSING_LANGUAGE, detail)
        for tag, words in text.items():
            self.language(tag, pointer + step(tag))
            self.words(words, pointer + step(tag))

    def words(self, words: str, pointer: str) -> None:
        """A string that says something and can be stored."""
        if not words or words.isspace():
            self.add(pointer, FaultCode.EMPTY_TEXT, "Write some words.")
        if "\0" in words:
            self.add(pointer, FaultCode.NUL_CHARACTER, "Leave out the character U+0000.")
        if not is_unicode(words):
            self.add(pointer, FaultCode.LONE_SURROGATE, "Leave out the half surrogate pairs (U+D800 to U+DFFF).")
