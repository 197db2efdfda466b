"""HTTP shapes of portfolios of evidence."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Output, Page
from feedback_api.schemas.imports import ImportErrorOut, ImportProgressOut
from feedback_api.schemas.responses import Moment
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.reports.portfolios.finders import FINDERS
from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.types import (
    KEPT_FOR,
    MOST_SURVEYS,
    PortfolioGoneReason,
    PortfolioRequest,
    StoredPortfolio,
    UnitKey,
)
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

EXAMPLE: Final[dict[str, Any]] = {"unit": "R", "from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}


class PortfolioIn(Input):
    """Which unit, and which of the organisation's records."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE, {"unit": "G"}]}, populate_by_name=True)

    unit: UnitKey = Field(description="As `GET /v1/evidence-units` lists them")
    starts_at: Moment | None = Field(
        default=None,
        alias="from",
        description="What happened then or later. What stands until it is changed (a version, a setting) counts if it"
        " was there before `to`, however old it is",
    )
    ends_at: Moment | None = Field(default=None, alias="to", description="What happened, or was there, before then")
    survey_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_SURVEYS)] | None = Field(
        default=None,
        description="Of what belongs to a survey, only to one of these. What belongs to none (features, procedures)"
        " is there in any case",
    )

    def request(self) -> PortfolioRequest:
        """For the domain."""
        surveys = tuple(sorted(set(self.survey_ids or ())))
        return PortfolioRequest(self.unit, self.starts_at, self.ends_at, surveys)


class PortfolioSummaryOut(Output):
    """How much there is; whether it is enough is for whoever assesses it."""

    with_records: list[str] = Field(description="Criteria with something of everything that they ask for")
    in_part: list[str] = Field(description="Criteria with some of it")
    without_records: list[str] = Field(description="Criteria with nothing; the file says what would count")
    records: int
    left_out: int = Field(description="Earlier records of kinds that have more than a file takes")


class PortfolioFileOut(Output):
    """The file of a portfolio."""

    state: FileState
    gone_reason: PortfolioGoneReason | None
    size: int | None = Field(description="Bytes; null until it is ready")
    sha256: str | None = Field(description="In hexadecimal, as in its ETag; null until it is ready")
    expires_at: datetime = Field(description=f"It is thrown away then, {KEPT_FOR.days} days after it was made")


class PortfolioLinksOut(Output):
    """Where to go from here."""

    self: str
    file: str
    units: str


class PortfolioOut(Output):
    """A portfolio as it stands."""

    id: UUID
    unit: UnitKey
    starts_at: datetime | None = Field(serialization_alias="from")
    ends_at: datetime | None = Field(serialization_alias="to")
    survey_ids: list[UUID] | None
    status: JobStatus
    summary: PortfolioSummaryOut | None = Field(description="Null until the file is ready")
    file: PortfolioFileOut
    progress: ImportProgressOut
    error: ImportErrorOut | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime
    finished_at: datetime | None
    links: PortfolioLinksOut

    @classmethod
    def of(cls, stored: StoredPortfolio) -> Self:
        """From the domain."""
        job, request = stored.job, stored.request
        path, finished = f"/v1/evidence/{stored.id}", stored.sha256 is not None
        return cls(
            id=stored.id,
            unit=request.unit,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            survey_ids=list(request.survey_ids) or None,
            status=job.status,
            summary=stored.summary and PortfolioSummaryOut.model_validate(stored.summary),
            file=PortfolioFileOut(
                state=stored.file_state,
                gone_reason=stored.gone_reason,
                size=stored.size if finished else None,
                sha256=stored.sha256,
                expires_at=stored.expires_at,
            ),
            progress=ImportProgressOut.model_validate(job.progress),
            error=job.error and ImportErrorOut.model_validate(job.error),
            requested_by=stored.requested_by,
            created_at=stored.created_at,
            finished_at=stored.finished_at or job.finished_at,
            links=PortfolioLinksOut(self=path, file=f"{path}/file", units="/v1/evidence-units"),
        )


class PortfoliosOut(Page[PortfolioOut]):
    """A page of portfolios, newest first."""


class RecordKindOut(Output):
    """A kind of record that can stand as evidence."""

    kind: str = Field(description="Also the folder of its files")
    name: str
    says: str
    is_kept: bool = Field(description="Whether this service keeps such records")

    @classmethod
    def of(cls, kind: RecordKind) -> Self:
        """From the domain."""
        return cls(kind=kind.folder, name=kind.label, says=kind.says, is_kept=kind in FINDERS)


class NeedOut(Output):
    """Something that a criterion asks for."""

    what_counts: str
    kinds: list[RecordKindOut] = Field(description="Any of these; none: nothing that this service keeps shows it")
    different: int = Field(description="How many different methods or groups it takes")
    days: int = Field(description="Of how many different days records must be")
    only: str | None = Field(description="What a record must have to count, beside being of such a kind")

    @classmethod
    def of(cls, need: Need) -> Self:
        """From the domain."""
        return cls(
            what_counts=need.words,
            kinds=[RecordKindOut.of(kind) for kind in need.kinds],
            different=need.different,
            days=need.days,
            only=need.mark and need.mark.value,
        )


class CriterionOut(Output):
    """A criterion, in words of ours."""

    criterion: str = Field(examples=["R2.3"])
    title: str
    needs: list[NeedOut]

    @classmethod
    def of(cls, criterion: Criterion) -> Self:
        """From the domain."""
        needs = [NeedOut.of(need) for need in criterion.needs]
        return cls(criterion=criterion.key, title=criterion.title, needs=needs)


class UnitOut(Output):
    """A unit, and what its criteria ask for."""

    unit: UnitKey
    title: str
    criteria: list[CriterionOut]

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """From the domain."""
        return cls(unit=unit.key, title=unit.title, criteria=[CriterionOut.of(each) for each in unit.criteria])


class UnitsOut(Output):
    """Every unit."""

    items: list[UnitOut]
