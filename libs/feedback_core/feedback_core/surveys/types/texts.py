"""Texts that respondents read: in the survey's own language, or one per language."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Text: TypeAlias = str | Mapping[str, str]
"""A string in the survey's language, or strings by BCP 47 language tag."""

LANGUAGE: Final = re.compile(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
"""The shape of a BCP 47 language tag; whether the tag is registered is not asked."""


def text_in(text: Text, language: str, *, fallback: str) -> str:
    """The words of ``text`` in ``language``, else in its parents (``de-AT`` → ``de``), else in ``fallback``, else any.

    Tags are compared without regard to case. Source: RFC 4647, section 3.4 (lookup).
    """
    if isinstance(text, str):
        return text
    words_by_tag = {tag.lower(): words for tag, words in text.items()}
    for wanted in (language, fallback):
        tag = wanted.lower()
        while tag:
            if tag in words_by_tag:
                return words_by_tag[tag]
            tag = tag.rpartition("-")[0]
    return next(iter(words_by_tag.values()), "")
