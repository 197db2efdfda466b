"""Charts as pictures: drawn after the transaction has ended, so that no connection waits for the drawing."""

from typing import Annotated, Any

from fastapi import Header, Path, Request, Response
from starlette.types import Receive, Scope, Send

from feedback_core.charts.drawing import ENGINE
from feedback_core.charts.renderer import Renderer
from feedback_core.charts.types import Chart, ImageFormat

PICTURES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture; `X-Chart-Key` names the chart",
        "content": {form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in ImageFormat},
    },
    304: {"description": "It has not changed since"},
}
"""What a route that draws documents."""

Format = Annotated[ImageFormat, Path(description="`svg` or `png`", examples=["svg"])]
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="ETag that you have", examples=['"6b3a"'], max_length=200)
]


class Picture(Response):
    """A chart on its way to be drawn."""

    def __init__(self, chart: Chart, form: ImageFormat, renderer: Renderer) -> None:
        super().__init__(media_type=form.media_type)
        self._chart = chart
        self._form = form
        self._renderer = renderer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw it and send it; what goes wrong is answered as a problem, since nothing was sent before."""
        drawn = await self._renderer.picture(self._chart, self._form)
        answer = Response(drawn, media_type=self.media_type, headers=_headers(self._chart, self._form))
        await answer(scope, receive, send)


def picture_of(request: Request, chart: Chart, form: ImageFormat, if_none_match: str | None) -> Response:
    """The picture of a chart, or 304 where the caller has it."""
    headers = _headers(chart, form)
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return Picture(chart, form, request.app.state.renderer)


def _headers(chart: Chart, form: ImageFormat) -> dict[str, str]:
    # A picture is as private as the figures in it, and a revoked key must not see it out of a cache.
    tag = f'"{chart.fingerprint(form)}-{ENGINE}"'
    return {"ETag": tag, "Cache-Control": "private, no-cache", "X-Chart-Key": chart.key}
