"""Reading the pictures that the demo makes: PNG with a palette, rows unfiltered."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def pixels_of(png: bytes) -> NDArray[np.uint8]:
    """Height × width × red, green and blue."""
    parts: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        name, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        (checked,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert checked == zlib.crc32(name + content)
        parts[name] = content
        place += 12 + length
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, kind, rest) == (8, 3, [0, 0, 0])
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]
