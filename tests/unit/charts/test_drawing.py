"""Pictures of every form of chart, and what may go wrong while they are drawn."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from xml.etree import ElementTree as ET

import psutil
import pytest

from feedback_core.charts.document import notice
from feedback_core.charts.renderer import DrawingUnavailable, Renderer
from feedback_core.charts.types import Chart, ImageFormat
from tests.support.waiting import soon
from tests.unit.charts.builders import AWKWARD, USUAL

SVG = "{http://www.w3.org/2000/svg}"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


@asynccontextmanager
async def renderer_with(**limits: float) -> AsyncIterator[Renderer]:
    renderer = Renderer(**limits)  # type: ignore[arg-type]
    yield renderer
    await renderer.close()


@pytest.fixture(scope="module")
async def renderer() -> AsyncIterator[Renderer]:
    async with renderer_with() as found:
        yield found


def helper_of(renderer: Renderer) -> psutil.Process:
    assert renderer._helper is not None
    return psutil.Process(renderer._helper.pid)


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def nothing(words: str) -> Chart:
    return notice("nothing", title="Nothing", words=words)


@pytest.mark.parametrize("name", [*USUAL, *AWKWARD])
async def test_every_chart_can_be_drawn_and_tells_screen_readers_what_it_shows(name: str, renderer: Renderer) -> None:
    chart = {**USUAL, **AWKWARD}[name]

    picture = ET.fromstring(await renderer.picture(chart, ImageFormat.SVG))

    assert (picture.tag, picture.get("role")) == (f"{SVG}svg", "img")
    assert picture.findtext(f"{SVG}title") == chart.title
    assert picture.findtext(f"{SVG}desc") == chart.description
    assert picture.get("aria-labelledby") == "chart-title chart-desc"


@pytest.mark.parametrize("name", USUAL)
async def test_a_png_has_two_pixels_per_pixel_of_the_svg(name: str, renderer: Renderer) -> None:
    svg = ET.fromstring(await renderer.picture(USUAL[name], ImageFormat.SVG))

    png = await renderer.picture(USUAL[name], ImageFormat.PNG)

    assert png.startswith(SIGNATURE)
    assert size_of(png) == (2 * int(svg.get("width", 0)), 2 * int(svg.get("height", 0)))


async def test_text_is_drawn_without_any_font_of_the_system(renderer: Renderer) -> None:
    """The engine brings a font; a picture without text would be almost white."""
    blank = await renderer.picture(nothing(" "), ImageFormat.PNG)
    written = await renderer.picture(nothing("words " * 12), ImageFormat.PNG)
    assert len(written) > len(blank) + 2_000


async def test_the_same_picture_is_drawn_once() -> None:
    async with renderer_with() as renderer:
        first, second = await asyncio.gather(*(renderer.picture(nothing("once"), ImageFormat.SVG) for _ in range(2)))
        helper_of(renderer).kill()
        assert await renderer.picture(nothing("once"), ImageFormat.SVG) == first == second


async def test_a_helper_that_died_is_replaced() -> None:
    async with renderer_with() as renderer:
        await renderer.picture(nothing("before"), ImageFormat.SVG)
        helper_of(renderer).kill()
        with pytest.raises(DrawingUnavailable):
            await renderer.picture(nothing("as it dies"), ImageFormat.SVG)
        assert await renderer.picture(nothing("after"), ImageFormat.SVG)
        helper = helper_of(renderer)
    assert has_ended(helper)


async def test_a_drawing_that_takes_too_long_is_ended() -> None:
    async with renderer_with(seconds=0.01) as renderer:
        with pytest.raises(DrawingUnavailable):
            await renderer.picture(nothing("slow"), ImageFormat.PNG)
        assert renderer._helper is None


async def test_so_many_may_wait_and_no_more() -> None:
    async with renderer_with(most_waiting=2) as renderer:
        wanted = [renderer.picture(nothing(f"{i}"), ImageFormat.SVG) for i in range(4)]
        found = await asyncio.gather(*wanted, return_exceptions=True)
    assert [isinstance(picture, DrawingUnavailable) for picture in found] == [False, False, True, True]


async def test_a_caller_who_leaves_takes_no_answer_of_another() -> None:
    async with renderer_with() as renderer:
        left = asyncio.create_task(renderer.picture(nothing("left"), ImageFormat.SVG))
        await asyncio.sleep(0)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        assert b"stayed" in await renderer.picture(nothing("stayed"), ImageFormat.SVG)


async def test_the_helper_ends_when_nobody_asks() -> None:
    async with renderer_with(idle_seconds=0.05) as renderer:
        await renderer.picture(nothing("idle"), ImageFormat.SVG)
        helper = helper_of(renderer)
        await soon(lambda: has_ended(helper), seconds=20)
        assert await renderer.picture(nothing("again"), ImageFormat.SVG)


async def test_what_cannot_be_drawn_is_said_and_the_next_can() -> None:
    broken = Chart("x", "x", "x", {"mark": "nothing of the kind", "data": {"values": [{}]}})
    async with renderer_with() as renderer:
        with pytest.raises(ValueError, match=r"\w"):
            await renderer.picture(broken, ImageFormat.SVG)
        assert await renderer.picture(nothing("next"), ImageFormat.SVG)


async def test_pictures_are_forgotten_when_they_are_too_many() -> None:
    async with renderer_with(memory_bytes=1) as renderer:
        await renderer.picture(nothing("first"), ImageFormat.SVG)
        await renderer.picture(nothing("second"), ImageFormat.SVG)
        assert len(renderer._pictures) == 1
