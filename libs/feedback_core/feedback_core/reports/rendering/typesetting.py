"""Setting a PDF with Typst: tagged, in fonts of ours, from a fixed template and data that is never read as markup."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from feedback_core.reports.rendering.fonts import font_paths

STANDARD: Final = "ua-1"
"""PDF/UA-1: what assistive technology needs."""


def typeset(package: str, template: str, said: Mapping[str, str]) -> bytes:
    """The document of a template of a package; ``said`` are JSON documents by the names that the template has for them.

    It is tagged in any case. The typesetter cannot vouch for PDF/UA where a picture holds words in scripts that join or
    reorder letters: such a document does not claim it.

    Raises:
        typst.TypstError: the template has a defect.
    """
    import typst  # a whole typesetter: loaded by whoever renders one

    source = files(package).joinpath("templates", template).read_bytes()
    try:
        return _set(source, said, claims_standard=True)
    except typst.TypstError:
        return _set(source, said, claims_standard=False)


def _set(source: bytes, said: Mapping[str, str], *, claims_standard: bool) -> bytes:
    import typst  # as above

    compiled = typst.compile(
        source,
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=font_paths()),
        ignore_system_fonts=True,
        sys_inputs=dict(said),
        pdf_standards=STANDARD if claims_standard else None,
    )
    assert isinstance(compiled, bytes)
    return compiled
