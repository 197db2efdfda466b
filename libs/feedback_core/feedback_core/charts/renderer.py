"""Drawing without the engine in one's own process: a helper that starts when it is needed and ends when it is not."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict

from feedback_core.charts.drawing import LENGTH, request_of
from feedback_core.charts.types import Chart, ImageFormat
from feedback_core.kit.errors import Unavailable
from feedback_core.kit.logs import get_logger

log = get_logger(__name__)


class DrawingUnavailable(Unavailable):
    """Too many pictures are waiting, or this one took too long."""

    code = "drawing_unavailable"


class Renderer:
    """Draws one chart at a time in a helper process, and remembers the latest pictures.

    The engine takes 100 MB that its process never gives back, and cannot be interrupted: so it has a process of its
    own, that can be ended.

    Args:
        seconds: that one picture may take, the start of the helper included.
        idle_seconds: after which the helper ends if nobody asks.
        most_waiting: requests that may wait for their turn.
        most_drawn: pictures after which a fresh helper takes over.
        memory_bytes: of pictures remembered.
    """

    def __init__(
        self,
        *,
        seconds: float = 15.0,
        idle_seconds: float = 60.0,
        most_waiting: int = 16,
        most_drawn: int = 500,
        memory_bytes: int = 8 * 2**20,
    ) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._most_waiting = most_waiting
        self._most_drawn = most_drawn
        self._memory_bytes = memory_bytes
        self._turn = asyncio.Lock()
        self._drawings: set[asyncio.Future[bytes]] = set()
        self._drawn = 0
        self._helper: Process | None = None
        self._end: asyncio.TimerHandle | None = None
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    async def picture(self, chart: Chart, image: ImageFormat) -> bytes:
        """The picture of a chart.

        Raises:
            DrawingUnavailable: too many wait, or it took too long.
            ValueError: the engine cannot draw it.
        """
        name = chart.fingerprint(image)
        if name in self._pictures:
            return self._remembered(name)
        if len(self._drawings) >= self._most_waiting:
            raise DrawingUnavailable("Many pictures are being drawn: try again.")
        # A caller who leaves does not break it off: what is drawn is remembered for the next one who asks.
        drawing = asyncio.ensure_future(self._in_turn(name, chart, image))
        self._drawings.add(drawing)
        drawing.add_done_callback(self._drawings.discard)
        return await asyncio.shield(drawing)

    async def close(self) -> None:
        """End the helper; whoever waits is told that it is not to be had."""
        while self._drawings:
            await self._end_helper()
            await asyncio.wait(self._drawings, timeout=0.1)
        await self._end_helper()

    async def _in_turn(self, name: str, chart: Chart, image: ImageFormat) -> bytes:
        async with self._turn:
            if name not in self._pictures:  # another request may have drawn it meanwhile
                self._remember(name, await self._drawn_by_helper(chart, image))
            return self._remembered(name)

    async def _drawn_by_helper(self, chart: Chart, image: ImageFormat) -> bytes:
        if self._end is not None:
            self._end.cancel()
        helper = await self._running_helper()
        try:
            async with asyncio.timeout(self._seconds):
                failed, answer = await _exchange(helper, request_of(chart, image))
        except (TimeoutError, OSError, EOFError) as broken:
            await self._end_helper()  # what it may still write would be taken for the next answer
            log.warning("drawing_broke_off", error=type(broken).__name__, chart=chart.key)
            raise DrawingUnavailable("The picture could not be drawn in time: try again.") from broken
        self._drawn += 1
        if self._drawn % self._most_drawn == 0:
            await self._end_helper()
        else:
            self._end = asyncio.get_running_loop().call_later(self._idle_seconds, self._end_idle)
        if failed:
            raise ValueError(answer.decode())
        return answer

    async def _running_helper(self) -> Process:
        if self._helper is None or self._helper.returncode is not None:
            program = (sys.executable, "-m", "feedback_core.charts.drawing")
            self._helper = await asyncio.create_subprocess_exec(*program, stdin=PIPE, stdout=PIPE)
        return self._helper

    async def _end_helper(self) -> None:
        helper = self._end_idle()
        if helper is not None:
            await helper.wait()

    def _end_idle(self) -> Process | None:
        if self._end is not None:
            self._end.cancel()
        helper, self._helper = self._helper, None
        if helper is not None:
            with contextlib.suppress(ProcessLookupError):
                helper.kill()
        return helper

    def _remember(self, name: str, picture: bytes) -> None:
        self._pictures[name] = picture
        while len(self._pictures) > 1 and sum(map(len, self._pictures.values())) > self._memory_bytes:
            self._pictures.popitem(last=False)

    def _remembered(self, name: str) -> bytes:
        self._pictures.move_to_end(name)
        return self._pictures[name]


async def _exchange(helper: Process, request: bytes) -> tuple[bool, bytes]:
    """Whether it failed, and the picture or the reason."""
    assert helper.stdin is not None
    assert helper.stdout is not None
    helper.stdin.write(request)
    await helper.stdin.drain()
    header = await helper.stdout.readexactly(1 + LENGTH)
    return bool(header[0]), await helper.stdout.readexactly(int.from_bytes(header[1:], "big"))
