"""QR codes of links, as pictures that are printed at a size in millimetres."""

import io
from typing import Final

import segno

LEAST_MM: Final = 20
"""Below this, telephones do not read a code of our length from where it hangs."""

MOST_MM: Final = 500
USUAL_MM: Final = 40
_DOTS_PER_INCH: Final = 300
_MM_PER_INCH: Final = 25.4
_BORDER: Final = 4
"""Blank modules around a code. Source: ISO/IEC 18004, quiet zone."""


def qr_svg(address: str, *, title: str, size_mm: int = USUAL_MM) -> bytes:
    """The code as SVG, so wide in print with its blank border; ``title`` is what a screen reader says."""
    drawn, out = _drawn(address), io.BytesIO()
    modules = drawn.symbol_size(border=_BORDER)[0]
    drawn.save(
        out,
        kind="svg",
        scale=size_mm / modules,
        border=_BORDER,
        unit="mm",
        light="#fff",
        title=title,
        xmldecl=False,
        omitsize=False,
        nl=False,
    )
    return out.getvalue()


def qr_png(address: str, *, size_mm: int = USUAL_MM) -> bytes:
    """The code as PNG of at least 300 dots per inch, which says how large it is to be printed."""
    drawn, out = _drawn(address), io.BytesIO()
    modules = drawn.symbol_size(border=_BORDER)[0]
    inches = size_mm / _MM_PER_INCH
    # A module is a whole number of dots, so that its edges are sharp; the resolution makes the size.
    scale = -(-int(inches * _DOTS_PER_INCH) // modules)
    drawn.save(out, kind="png", scale=scale, border=_BORDER, dpi=round(scale * modules / inches))
    return out.getvalue()


def _drawn(address: str) -> segno.QRCode:
    # Level M survives a scratch of 15 %; more would make the modules smaller at the same size.
    return segno.make_qr(address, error="m", boost_error=False)
