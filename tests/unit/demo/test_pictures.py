"""Pictures of pages: what is drawn comes back, and colours beyond a palette take the nearest one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback_dev.demo.pictures import png_of
from tests.support.pictures import pixels_of


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 256), st.integers(0, 2**32 - 1))
def test_what_fits_a_palette_comes_back_as_it_was(height: int, width: int, colours: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, size=(colours, 3), dtype=np.uint8)
    pixels = palette[rng.integers(0, colours, size=(height, width))]

    assert np.array_equal(pixels_of(png_of(pixels)), pixels)


def test_the_rarest_colours_take_the_nearest_of_the_others() -> None:
    greys = np.repeat(np.arange(256, dtype=np.uint8), 2)
    often = np.stack([greys, greys, greys], axis=1).reshape(2, 256, 3)
    rare = np.array([[[10, 10, 11], [200, 201, 200]] + [[0, 0, 0]] * 254], np.uint8)

    back = pixels_of(png_of(np.concatenate([often, rare])))

    assert np.array_equal(back[:2], often)
    assert back[2, :2].tolist() == [[10, 10, 10], [200, 200, 200]]
