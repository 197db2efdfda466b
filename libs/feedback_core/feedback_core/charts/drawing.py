"""Pictures of charts, drawn by Vega in this process: some 80 MB and a second when it first draws, a tenth after.

Run as a program, it is the helper of ``Renderer``: a request on standard input, a picture on standard output, until
the input ends. Nothing is ever fetched: specifications hold their data, and every address is refused.
"""

import json
import os
import sys
from importlib.metadata import version
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from feedback_core.charts.types import Chart, ImageFormat

ENGINE: Final = version("vl-convert-python")
"""Which draws: another version may draw the same chart otherwise."""
SCALE: Final = 2.0
"""Pixels of a PNG per pixel of the chart: sharp on dense screens and on paper."""
LENGTH: Final = 4
"""Bytes that say how long a message is."""
_NICENESS = 5


def draw(title: str, description: str, spec: str, image: ImageFormat) -> bytes:
    """The picture of a specification; an SVG tells its title and description to screen readers.

    Raises:
        ValueError: Vega cannot draw it.
    """
    import vl_convert  # a whole browser engine

    if image is ImageFormat.PNG:
        return bytes(vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[]))
    drawn = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    return _told(drawn, title, description).encode()


def request_of(chart: Chart, image: ImageFormat) -> bytes:
    """What the helper is sent."""
    message = json.dumps([chart.title, chart.description, chart.as_json(), image.value]).encode()
    return len(message).to_bytes(LENGTH, "big") + message


def _told(svg: str, title: str, description: str) -> str:
    """Vega names its groups for screen readers, but not the picture."""
    opening, bracket, rest = svg.partition(">")
    named = f'{opening} role="img" aria-labelledby="chart-title chart-desc"{bracket}'
    told = f'<title id="chart-title">{escape(title)}</title><desc id="chart-desc">{escape(description)}</desc>'
    return named + told + rest


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Draw until nobody asks any more. An answer is one byte, 0 where it is a picture and 1 where it is a reason."""
    while header := requests.read(LENGTH):
        title, description, spec, image = json.loads(requests.read(int.from_bytes(header, "big")))
        try:
            failed, answer = 0, draw(title, description, spec, ImageFormat(image))
        except ValueError as reason:
            failed, answer = 1, str(reason).encode()
        answers.write(bytes([failed]) + len(answer).to_bytes(LENGTH, "big") + answer)
        answers.flush()


if __name__ == "__main__":
    os.nice(_NICENESS)  # whoever waits for figures goes first
    _serve(sys.stdin.buffer, sys.stdout.buffer)
