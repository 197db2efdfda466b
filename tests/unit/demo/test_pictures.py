"""Pictures of pages: what is drawn comes back; where a palette cannot hold all colours, those alike become one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_dev.demo.pictures import png_of
from tests.support.pictures import pixels_of


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 256), st.integers(0, 2**32 - 1))
def test_what_fits_a_palette_comes_back_as_it_was(height: int, width: int, colours: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, size=(colours, 3), dtype=np.uint8)
    pixels = palette[rng.integers(0, colours, size=(height, width))]

    assert np.array_equal(pixels_of(png_of(pixels)), pixels)


def test_a_rare_colour_stays_itself_among_many_shades() -> None:
    rng = np.random.default_rng(1)
    shades = rng.integers(0, 256, size=(100, 100, 1), dtype=np.uint8) + np.zeros((1, 1, 3), np.uint8)
    shades[:, :, 2] ^= rng.integers(0, 8, size=(100, 100), dtype=np.uint8)
    shades[50, 50] = (0, 90, 141)

    back = pixels_of(png_of(shades))

    assert back[50, 50].tolist() == [0, 90, 141]
    assert np.abs(back.astype(int) - shades).max() <= 8
