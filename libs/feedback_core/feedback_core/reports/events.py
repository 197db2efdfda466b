"""What is told of reports as events: which edition of what, never to whom."""

from uuid import UUID

from feedback_core.events.types import Event, EventKind
from feedback_core.reports.types import StoredReport


def published(report: StoredReport) -> Event:
    """The file of an edition is ready."""
    return Event(EventKind.REPORT_PUBLISHED, report.id, _about(report), version=1)


def opened(report: StoredReport, distribution_id: UUID) -> Event:
    """A recipient fetched the file for the first time."""
    return Event(EventKind.REPORT_OPENED, report.id, {**_about(report), "distribution_id": str(distribution_id)})


def acknowledged(report: StoredReport, distribution_id: UUID) -> Event:
    """A recipient said to have read it."""
    return Event(EventKind.REPORT_ACKNOWLEDGED, report.id, {**_about(report), "distribution_id": str(distribution_id)})


def _about(report: StoredReport) -> dict[str, object]:
    return {
        "survey_id": str(report.survey_id),
        "analysis_id": str(report.request.run_id),
        "audience": report.request.audience.value,
        "format": report.request.format.value,
        "schedule_id": None if report.schedule_id is None else str(report.schedule_id),
    }
