"""How a run of an analysis stands."""

from datetime import datetime
from typing import Final, Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.charts import ChartOut
from feedback_api.schemas.common import Output
from feedback_api.schemas.service import ServiceLinksOut
from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.jobs.types import JobStatus
from feedback_core.planning.plan_revisions import PlannedBy

FINAL: Final = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})
"""States of a run that will not change any more."""


class ProgressOut(Output):
    """How far it is."""

    done: int
    total: int | None
    unit: str | None = Field(description="What is counted, in the plural")


class AnalysisErrorOut(Output):
    """Why it failed, or why the last attempt did while it waits for another."""

    code: str = Field(description="Stable, for programs", examples=["not_estimable"])
    detail: str


class AnalysisSummaryOut(Output):
    """A run, and how it stands."""

    id: UUID
    kind: AnalysisKind
    survey_id: UUID
    status: JobStatus
    progress: ProgressOut
    sentence: str | None = Field(description="The finding in plain words; null until it has succeeded")
    error: AnalysisErrorOut | None
    data_version: str = Field(description="Names the data that it stands on: the same name, the same data")
    requested_by: str = Field(description="Name of the API key, or `schedule`")
    schedule_id: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, run: AnalysisRun) -> Self:
        """From the domain."""
        job = run.job
        return cls(
            id=run.id,
            kind=run.kind,
            survey_id=run.survey_id,
            status=job.status,
            progress=ProgressOut.model_validate(job.progress),
            sentence=run.sentence,
            error=AnalysisErrorOut.model_validate(job.error) if job.error else None,
            data_version=run.data_version,
            requested_by=run.requested_by,
            schedule_id=run.schedule_id,
            created_at=run.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )


class PlannedOut(Output):
    """The plan that had fixed an analysis before it was asked for."""

    plan_id: UUID
    revision_number: int = Field(description="Of the plan, as it held then")
    title: str
    planned_at: datetime = Field(description="Since when the plan says so")
    before_collecting: bool = Field(description="Whether that was before the first day of its first wave")

    @classmethod
    def of(cls, planned: PlannedBy) -> Self:
        """From the domain."""
        return cls(
            plan_id=planned.plan_id,
            revision_number=planned.number,
            title=planned.title,
            planned_at=planned.planned_at,
            before_collecting=planned.before_collecting,
        )


class AnalysisRunOut(AnalysisSummaryOut):
    """A run with what calculated it; each kind adds its parameters and result."""

    libraries: dict[str, str] | None = Field(description="Versions of what calculated it")
    planned: PlannedOut | None = Field(description="Null: no plan had fixed it; what it finds is a lead, not a proof")
    charts: list[ChartOut] = Field(description="What was found, drawn; empty until it has succeeded")
    links: list[ServiceLinksOut] = Field(
        description="Each feature that the findings are about, with process, offers, touchpoints and their owners, as"
        " the catalogue of the service now has them; empty until it has succeeded"
    )
