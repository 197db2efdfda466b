"""Pages of a PDF as small pictures: PNG with a palette of at most 256 colours."""

import struct
import zlib
from typing import Final, TypeAlias

import numpy as np
import pypdfium2
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""Height × width × red, green and blue."""

WIDTH: Final = 794
"""Of an A4 page at 96 dots per inch."""

_COLOURS: Final = 256
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DEPTH, _PALETTE = 8, 3  # bits per pixel; colour type of the format


def pages_of(pdf: bytes, *, width: int = WIDTH) -> list[bytes]:
    """Each page as PNG, so many pixels wide."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [png_of(_drawn(page, width)) for page in document]
    finally:
        document.close()


def png_of(pixels: Pixels) -> bytes:
    """A PNG of these pixels; where there are more colours than a palette holds, the rarest take the nearest one."""
    height, width, _ = pixels.shape
    palette, places = _palette_of(pixels)
    header = struct.pack(">IIBBBBB", width, height, _DEPTH, _PALETTE, 0, 0, 0)
    rows = np.hstack([np.zeros((height, 1), np.uint8), places.reshape(height, width)])  # each row unfiltered
    body = zlib.compress(rows.tobytes(), level=9)
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", body), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, content) for name, content in chunks)


def _drawn(page: pypdfium2.PdfPage, width: int) -> Pixels:
    bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True)
    drawn: Pixels = bitmap.to_numpy()[:, :, :3].copy()
    return drawn


def _palette_of(pixels: Pixels) -> tuple[Pixels, NDArray[np.uint8]]:
    """Colours, and the place among them of each pixel."""
    red, green, blue = (pixels[:, :, channel].ravel().astype(np.int64) for channel in range(3))
    packed, of_pixel, n = np.unique(red << 16 | green << 8 | blue, return_inverse=True, return_counts=True)
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    kept = np.sort(np.argsort(-n, kind="stable")[:_COLOURS])
    place = np.empty(packed.size, np.uint8)
    place[kept] = np.arange(kept.size)
    others = np.setdiff1d(np.arange(packed.size), kept)
    for some in np.array_split(others, max(1, others.size // 4096)):
        apart = ((colours[some, None, :] - colours[None, kept, :]) ** 2).sum(axis=2)
        place[some] = apart.argmin(axis=1)
    return colours[kept].astype(np.uint8), place[of_pixel.ravel()]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
