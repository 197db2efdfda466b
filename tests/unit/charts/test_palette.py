"""Colours that carry a meaning stand out from white, and from each other for every kind of colour vision."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.charts import palette

# Machado, Oliveira & Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])

# Those that one chart uses side by side to tell things apart.
TOGETHER = [
    (palette.GOOD, palette.BAD, palette.ORDINARY),
    (palette.GOOD, palette.BAD, palette.NEUTRAL),
    (palette.FIGURE, palette.TARGET),
    (palette.FIGURE, palette.ORDINARY, palette.VERMILLION),
]


def linear(colour: str) -> NDArray[np.float64]:
    given = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    bright, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (first, second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def lab(colour: str, vision: str) -> NDArray[np.float64]:
    seen = TO_XYZ @ np.clip(VISIONS[vision] @ linear(colour), 0, 1) / WHITE
    f = np.where(seen > 216 / 24389, np.cbrt(seen), (24389 / 27 * seen + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("colour", palette.MEANINGFUL)
def test_every_meaningful_colour_stands_out_from_white(colour: str) -> None:
    assert contrast(colour, "#FFFFFF") >= 3.0


@pytest.mark.parametrize("colour", [palette.TEXT, palette.QUIET_TEXT])
def test_text_can_be_read_on_white_and_on_the_grey_of_a_gap(colour: str) -> None:
    assert min(contrast(colour, "#FFFFFF"), contrast(colour, palette.GAP)) >= 4.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("colours", TOGETHER, ids=str)
def test_colours_of_one_chart_differ_for_every_kind_of_vision(colours: tuple[str, ...], vision: str) -> None:
    for first, second in combinations(colours, 2):
        assert np.linalg.norm(lab(first, vision) - lab(second, vision)) >= 15, (first, second)


def test_red_and_green_would_be_found_out() -> None:
    distance = np.linalg.norm(lab("#E64B4B", "deuteranopia") - lab("#7D9B3C", "deuteranopia"))
    assert distance < 15
