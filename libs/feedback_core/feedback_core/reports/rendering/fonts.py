"""Fonts of PDFs: from packages, so that a page looks the same on every machine and no script is left to chance."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

_FONTS: Final = (
    ("Noto Sans", "fontpkg_noto_sans", "files"),
    ("Noto Sans Arabic", "fontpkg_noto_sans_arabic", "files"),
    ("Noto Sans CJK TC", "cvttf_NotoSansCJK_Regular", ""),
    ("Hind Siliguri", "fontpkg_hind_siliguri", "files"),
    ("Noto Sans Devanagari", "fontpkg_noto_sans_devanagari", "files"),
    ("Noto Sans Tamil", "fontpkg_noto_sans_tamil", "files"),
    ("Noto Sans Telugu", "fontpkg_noto_sans_telugu", "files"),
    ("Noto Sans Thai", "fontpkg_noto_sans_thai", "files"),
    ("Noto Sans Khmer", "fontpkg_noto_sans_khmer", "files"),
    ("Heebo", "fontpkg_heebo", "files"),
)
"""Family, package and folder in it, in the order in which a character is looked for."""

FAMILIES: Final = (*(family for family, _, _ in _FONTS), "DejaVu Sans Mono")
"""The last one comes with the typesetter, and has signs that the others lack."""


@cache
def font_paths() -> list[str]:
    """Folders that hold the fonts."""
    return [str(Path(str(files(package))) / folder) for _, package, folder in _FONTS]


_SCRIPTS: Final = (
    (0x0590, 0x05FF, "Heebo"),
    (0x0600, 0x08FF, "Noto Sans Arabic"),
    (0x0900, 0x097F, "Noto Sans Devanagari"),
    (0x0980, 0x09FF, "Hind Siliguri"),
    (0x0B80, 0x0BFF, "Noto Sans Tamil"),
    (0x0C00, 0x0C7F, "Noto Sans Telugu"),
    (0x0E00, 0x0E7F, "Noto Sans Thai"),
    (0x1100, 0x11FF, "Noto Sans CJK TC"),
    (0x1780, 0x17FF, "Noto Sans Khmer"),
    (0x2E80, 0xD7FF, "Noto Sans CJK TC"),
    (0xF900, 0xFAFF, "Noto Sans CJK TC"),
    (0xFB1D, 0xFB4F, "Heebo"),
    (0xFB50, 0xFDFF, "Noto Sans Arabic"),
    (0xFE70, 0xFEFE, "Noto Sans Arabic"),
    (0xFF00, 0xFFEF, "Noto Sans CJK TC"),
    (0x20000, 0x3FFFF, "Noto Sans CJK TC"),
)
"""First and last character of a script, and the family that has it; all others are in the first family."""


def runs_of(text: str) -> list[tuple[str, str]]:
    """A text in parts that one font can set, each with its family; spaces stay with what is before them."""
    runs: list[tuple[str, str]] = []
    for character in text:
        family = runs[-1][0] if character.isspace() and runs else _family(character)
        if runs and runs[-1][0] == family:
            runs[-1] = (family, runs[-1][1] + character)
        else:
            runs.append((family, character))
    return runs


def _family(character: str) -> str:
    point = ord(character)
    return next((family for first, last, family in _SCRIPTS if first <= point <= last), FAMILIES[0])
