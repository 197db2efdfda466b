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
    """A PNG of these pixels; where there are more colours than a palette holds, those alike become one."""
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
    boxes = _boxes_of(colours)
    palette = np.array([np.average(colours[box], axis=0, weights=n[box]) for box in boxes])
    place = np.empty(packed.size, np.uint8)
    for number, box in enumerate(boxes):
        place[box] = number
    return np.rint(palette).astype(np.uint8), place[of_pixel.ravel()]


def _boxes_of(colours: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Places of the colours, in at most as many boxes as a palette has room for: the widest is halved each time.

    So a rare colour keeps its own place, however many shades of grey there are.
    """
    boxes, widths = [np.arange(len(colours))], [int(np.ptp(colours, axis=0).max())]
    while len(boxes) < _COLOURS and (widest := max(widths)) > 0:
        place = widths.index(widest)
        box = boxes[place]
        values = colours[box, np.ptp(colours[box], axis=0).argmax()]
        above = values > (values.min() + values.max()) // 2
        boxes[place : place + 1] = halves = [box[~above], box[above]]
        widths[place : place + 1] = [int(np.ptp(colours[half], axis=0).max()) for half in halves]
    return boxes


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
