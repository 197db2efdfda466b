"""What a message says: texts with places for what differs, filled in without anything else being understood in them."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from feedback_core.invitations.types.batches import BatchFault, MessageTexts

PLACES: Final = ("name", "link", "opt_out", "organisation", "survey", "ends_on")
"""What may stand in braces."""

_PLACE: Final = re.compile(r"\{([a-z_]{1,30})\}")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in; what a value holds is not looked at again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def faults_of_text(texts: MessageTexts, *, is_mail: bool) -> Iterator[tuple[str, BatchFault, str]]:
    """What is wrong with a message: in which field, code, and what to do about it."""
    for name, text in (("subject", texts.subject or ""), ("text", texts.text)):
        for place in dict.fromkeys(_PLACE.findall(text)):
            if place not in PLACES:
                known = ", ".join(f"{{{each}}}" for each in PLACES)
                yield name, BatchFault.UNKNOWN_PLACEHOLDER, f"There is no {{{place}}}; there are {known}."
    if "{link}" not in texts.text:
        yield "text", BatchFault.LINK_MISSING, "Put {link} where the personal link is to stand."
    if is_mail and "{opt_out}" not in texts.text:
        yield "text", BatchFault.OPT_OUT_MISSING, "Put {opt_out} where the link is to stand by which nobody asks again."
    if is_mail and texts.subject is None:
        yield "subject", BatchFault.SUBJECT_NEEDED, "An e-mail has a subject."
    if not is_mail and texts.subject is not None:
        yield "subject", BatchFault.NOTHING_IS_SENT, "A short message has no subject: leave it out."


def html_of(text: str, language: str | None) -> str:
    """The same text as a page: paragraphs, and addresses that can be followed; nothing of it is taken for markup."""
    tag = language or "und"
    direction = "rtl" if tag.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    paragraphs = "\n".join(
        f"<p>{'<br>'.join(map(_linked, paragraph.splitlines()))}</p>"
        for paragraph in re.split(r"\n\s*\n", text.strip())
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(tag)}" dir="{direction}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>\n'
        '<body style="font:16px/1.5 sans-serif;color:#1a1a1a;max-width:40em;margin:1em auto;padding:0 1em">\n'
        f"{paragraphs}\n</body>\n</html>\n"
    )


def in_language(messages: Mapping[str, MessageTexts], wanted: str | None, otherwise: str | None) -> str | None:
    """Which of the languages of a message somebody gets: theirs, that of their region's speech, or the batch's."""
    for tag in (wanted, wanted.split("-")[0] if wanted else None, otherwise):
        if tag in messages:
            return tag
    return next(iter(messages), None)


def _linked(line: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(".,;:!?)")
        parts += [escape(line[end : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = found.start() + len(address)
    return "".join([*parts, escape(line[end:])])
