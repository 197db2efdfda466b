"""Fonts of PDFs: from packages, so that a page looks the same on every machine and no script is left to chance."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

FAMILIES: Final = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK TC", "DejaVu Sans Mono")
"""In the order in which a character is looked for; the last comes with the typesetter."""

_FOLDERS: Final = (
    ("fontpkg_noto_sans", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("cvttf_NotoSansCJK_Regular", ""),
)


@cache
def font_paths() -> list[str]:
    """Folders that hold the fonts."""
    return [str(Path(str(files(package))) / folder) for package, folder in _FOLDERS]
