"""Numbers as people write them, in their language."""

import re
from typing import Final

_DECIMAL_POINT: Final = frozenset(
    {"en", "ar", "bn", "cy", "fa", "fil", "ga", "gu", "he", "hi", "ja", "kn", "ko", "ml", "mr", "ms", "mt", "my"}
    | {"ne", "pa", "si", "sw", "ta", "te", "th", "tl", "ur", "yue", "zh", "zu"}
)
"""Languages that write 3.5; the others write 3,5."""

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f'\u2019]")
_SIGNS: Final = {0x2212: "-", 0x066B: ".", 0x066C: None, 0xFF0E: ".", 0xFF0D: "-"}
"""Minus and Arabic separators, and the wide signs of Chinese and Japanese keyboards."""

_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_MOST_CHARACTERS: Final = 40


def number_in(text: str, language: str) -> int | float | None:
    """The number that somebody wrote; ``None``: it is none.

    Groups of three digits may be parted by spaces or by the sign that does not mark decimals in the language; the other
    sign is read as decimal where it cannot part groups. Digits of any script are read.
    """
    written = _SPACES.sub("", text).translate(_SIGNS)
    if len(written) > _MOST_CHARACTERS:
        return None
    decimal, group = (".", ",") if language.lower().partition("-")[0] in _DECIMAL_POINT else (",", ".")
    if re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+(\{decimal}\d*)?", written):
        written = written.replace(group, "")
    if written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    if not _PLAIN.fullmatch(written):
        return None
    value = float(written)
    return int(written) if written.lstrip("+-").isdecimal() else value


def number_out(value: float, language: str) -> str:
    """A number as it is written in a language, without groups; ``number_in`` reads the same."""
    written = format(value, ".15g") if isinstance(value, float) else str(value)
    if "e" in written:
        written = format(value, "f").rstrip("0").rstrip(".")
    return written if language.lower().partition("-")[0] in _DECIMAL_POINT else written.replace(".", ",")
