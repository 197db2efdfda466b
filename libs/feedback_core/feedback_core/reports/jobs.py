"""The worker's part of reports: read the frozen run, say it to the audience, draw, render, keep."""

import hashlib
from collections.abc import Mapping

from feedback_core.charts.renderer import Renderer
from feedback_core.charts.types import ImageFormat
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.file_queries import discard_file
from feedback_core.jobs.files import PART_BYTES
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus
from feedback_core.reports import queries
from feedback_core.reports.distributions.scheduled import send_to_recipients
from feedback_core.reports.editions import edition_of
from feedback_core.reports.events import published
from feedback_core.reports.model import Edition
from feedback_core.reports.queries import REPORT_FILES, FinishedFile
from feedback_core.reports.reading import source_of
from feedback_core.reports.rendering import DRAWN, render
from feedback_core.reports.source import Wanted
from feedback_core.reports.types import KEPT_FOR, DiscardReport, GoneReason, RenderReport
from feedback_core.reports.use_cases import get_report

_REASONS: Mapping[JobStatus, GoneReason] = {
    JobStatus.FAILED: GoneReason.FAILED,
    JobStatus.CANCELLED: GoneReason.FAILED,
}


async def render_report(run: JobRun[RenderReport]) -> None:
    """Write the file of a report.

    Raises:
        DrawingUnavailable: a chart could not be drawn in time.
    """
    organisation_id = run.organisation_id
    async with run.snapshot() as session:
        stored = await get_report(session, organisation_id, run.payload.report_id)
        source = await source_of(session, organisation_id, stored.request)
    request = stored.request
    wanted = Wanted(request.audience, request.process, request.owner)
    edition = await run.calculate(edition_of, source, wanted)
    drawings = await _drawn(run, edition) if request.format in DRAWN else {}
    content = await run.calculate(render, edition, request.format, drawings)
    parts = [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]
    file = FinishedFile(
        title=edition.title,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        content_sha256=bytes.fromhex(edition.sha256()),
    )
    async with run.completion() as session:
        at = run.clock.now()
        await queries.save_file(session, organisation_id, stored.id, file, parts, at=at, expires_at=at + KEPT_FOR)
        await record_event(session, organisation_id, published(stored), clock=run.clock)
        if stored.schedule_id is not None:
            await send_to_recipients(session, organisation_id, stored, clock=run.clock)


async def discard_report(run: JobRun[DiscardReport]) -> None:
    """Throw a file away, unless its job is at work on it: then the schedule sees to it later."""
    async with run.completion() as session:
        stored = await get_report(session, run.organisation_id, run.payload.report_id)
        if stored.job.status not in {JobStatus.QUEUED, JobStatus.RUNNING}:
            reason = _REASONS.get(stored.job.status, GoneReason.EXPIRED)
            await discard_file(session, REPORT_FILES, run.organisation_id, stored.id, reason, at=run.clock.now())


async def _drawn(run: JobRun[RenderReport], edition: Edition) -> dict[str, str]:
    """Every chart as SVG: by a helper process, whose memory ends with it."""
    renderer, drawings = Renderer(), dict[str, str]()
    charts = list(edition.charts())
    try:
        for number, chart in enumerate(charts):
            drawings[chart.key] = (await renderer.picture(chart, ImageFormat.SVG)).decode()
            await run.progress(number + 1, len(charts) + 1, "pictures")
    finally:
        await renderer.close()
    return drawings
