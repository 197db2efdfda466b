"""Shapes of analyses: what is asked for, how it stands, what was found.

A kind of analysis is an input with its own ``checked``, an output with its own parameters and result, and an entry in
the two unions.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analysis_fields import Level, Word, utc, zone_of
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Output
from feedback_api.schemas.theme_analyses import THEMES_EXAMPLE, ThemesIn
from feedback_api.schemas.times import Day, Moment
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest, AnalysisRun
from feedback_core.bias.types import Frame, SamplingBiasOutcome, SamplingBiasParameters
from feedback_core.bias.use_cases import check_sampling_bias
from feedback_core.db.session import Session
from feedback_core.drivers.types import DriversOutcome, DriversParameters
from feedback_core.drivers.use_cases import check_drivers
from feedback_core.jobs.types import JobStatus
from feedback_core.kpis.types import Bucket
from feedback_core.recommendations.types import ReviewOutcome, ReviewParameters
from feedback_core.recommendations.use_cases import check_review
from feedback_core.themes.analysis.types import ThemesOutcome, ThemesParameters
from feedback_core.trends.types import TrendOutcome, TrendParameters
from feedback_core.trends.use_cases import check_trend

FINAL: Final = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})
"""States of a run that will not change any more."""

Amount = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False, strict=True)]
Horizon = Annotated[int, Field(strict=True, ge=0, le=24), AS_WHOLE]

_SURVEY: Final = "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a11"
_TREND: Final[JsonDict] = {"kind": "trend", "survey_id": _SURVEY, "kpi": "nps", "bucket": "month"}
_SAMPLING_BIAS: Final[JsonDict] = {
    "kind": "sampling_bias",
    "survey_id": _SURVEY,
    "kpi": "nps",
    "from": "2026-01-01",
    "to": "2026-04-01",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
}
_DRIVERS: Final[JsonDict] = {
    "kind": "drivers",
    "survey_id": _SURVEY,
    "outcome": "nps",
    "drivers": ["wait", "ease"],
    "from": "2026-01-01",
    "to": "2027-01-01",
}
_REVIEW: Final[JsonDict] = {
    "kind": "review",
    "survey_id": _SURVEY,
    "from": "2026-01-01",
    "to": "2027-01-01",
    "frame": {"margins": {"region": {"north": 0.6, "south": 0.4}}},
    "targets": {"wait": 0.7},
}


class _KpiAnalysisIn(Input):
    """An analysis of one KPI of one survey."""

    survey_id: UUID
    kpi: Key = Field(examples=["nps"])
    question: Word | None = Field(default=None, description="Needed where several questions fit")
    item: Word | None = Field(default=None, description="Row of a matrix, or choice of a ranking")
    choice: Word | None = Field(default=None, description="Whose share is asked for")
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    level: Level = 0.95


class TrendIn(_KpiAnalysisIn):
    """Is there a trend or a change of level, and when?"""

    model_config = ConfigDict(json_schema_extra={"examples": [_TREND]})

    kind: Literal[AnalysisKind.TREND]
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of a period; weeks begin on Monday")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    target: Amount | None = Field(default=None, description="What the KPI should reach, in its own units")
    tz: Word | None = Field(default=None, description="IANA name; the organisation's if left out")
    rebase: list[Day] = Field(
        default_factory=list,
        max_length=20,
        description="Days from which the process is known to have changed for good: control limits begin anew there",
    )
    horizon: Horizon = Field(default=3, description="Periods to forecast; 0: none")
    waves: Flag = Field(default=False, description="Count only periods with answers, whatever lies between them")
    weighting: Word | None = Field(
        default=None, description="Key of a weighting scheme of the survey; every period is weighted by itself"
    )

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, self.tz)
        parameters = TrendParameters(
            kpi=self.kpi,
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=utc(self.start, zone),
            end=utc(self.end, zone),
            bucket=self.bucket,
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            target=self.target,
            level=self.level,
            tz=self.tz,
            rebase=tuple(self.rebase),
            horizon=self.horizon,
            waves=self.waves,
            weighting=self.weighting,
        )
        return await check_trend(session, organisation_id, self.survey_id, parameters)


class FrameIn(Input):
    """What is known of the population that was to be heard."""

    margins: dict[Key, Annotated[dict[Word, Amount], Field(max_length=1000)]] = Field(
        max_length=50,
        description="Attribute to value to its share, percentage or count in the population; all values that it has",
        examples=[{"region": {"north": 0.6, "south": 0.4}}],
    )


class SamplingBiasIn(_KpiAnalysisIn):
    """Whom do the answers over- and under-represent, and what does that do to the KPI?"""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAMPLING_BIAS]})

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    frame: FrameIn

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = SamplingBiasParameters(
            kpi=self.kpi,
            frame=Frame(self.frame.margins),
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=utc(self.start, zone),
            end=utc(self.end, zone),
            level=self.level,
        )
        return await check_sampling_bias(session, organisation_id, self.survey_id, parameters)


class DriversIn(Input):
    """What goes with an outcome, how much, and where is it worth acting?"""

    model_config = ConfigDict(json_schema_extra={"examples": [_DRIVERS]})

    kind: Literal[AnalysisKind.DRIVERS]
    survey_id: UUID
    outcome: Word = Field(description="Question to be explained, or `question.row` of a matrix", examples=["nps"])
    drivers: list[Word] = Field(
        default_factory=list,
        max_length=100,
        description="Questions (or rows) that may explain it; without `drivers` and `features`, every other scale "
        "question but nps",
    )
    features: list[Word] = Field(
        default_factory=list, max_length=100, description="Features whose scale questions are drivers as well"
    )
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    where: dict[Key, Annotated[list[Word], Field(min_length=1, max_length=100)]] = Field(
        default_factory=dict, max_length=20, description="Attribute (or `method`) to the values allowed"
    )
    frame: FrameIn | None = Field(default=None, description="With it, answers are weighted to the population")
    method: Literal["johnson", "lmg"] = Field(
        default="johnson", description="How the explained share is divided: relative weights, or Shapley values"
    )
    intervals: Flag = Field(default=True, description="Resample for intervals and ranks; takes longer")
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = DriversParameters(
            outcome=self.outcome,
            drivers=tuple(self.drivers),
            features=tuple(self.features),
            start=utc(self.start, zone),
            end=utc(self.end, zone),
            where={attribute: tuple(values) for attribute, values in self.where.items()},
            frame=Frame(self.frame.margins) if self.frame else None,
            method=self.method,
            intervals=self.intervals,
            level=self.level,
        )
        return await check_drivers(session, organisation_id, self.survey_id, parameters)


class ReviewIn(Input):
    """How good is each feature, where does it go, can the answers be trusted, and what should be done?"""

    model_config = ConfigDict(json_schema_extra={"examples": [_REVIEW]})

    kind: Literal[AnalysisKind.REVIEW]
    survey_id: UUID
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    bucket: Bucket = Field(default=Bucket.MONTH, description="Length of the periods in which trends are looked for")
    frame: FrameIn | None = Field(default=None, description="Without it, nobody knows whom the answers stand for")
    targets: dict[Word, Amount] = Field(
        default_factory=dict,
        max_length=500,
        description="Question (or `question.row` of a matrix) to what its KPI should reach: nps for nps questions, "
        "csat (share in the top boxes) for csat, rating and matrix, ces for ces",
    )
    level: Level = 0.95

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = ReviewParameters(
            start=utc(self.start, zone),
            end=utc(self.end, zone),
            bucket=self.bucket,
            frame=Frame(self.frame.margins) if self.frame else None,
            targets=self.targets,
            level=self.level,
        )
        return await check_review(session, organisation_id, self.survey_id, parameters)


AnalysisIn = Annotated[
    TrendIn | SamplingBiasIn | DriversIn | ThemesIn | ReviewIn,
    Field(discriminator="kind", examples=[_TREND, _SAMPLING_BIAS, _DRIVERS, THEMES_EXAMPLE, _REVIEW]),
]


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


class _AnalysisOut(AnalysisSummaryOut):
    libraries: dict[str, str] | None = Field(description="Versions of what calculated it")


class TrendAnalysisOut(_AnalysisOut):
    """A run of a trend analysis."""

    kind: Literal[AnalysisKind.TREND]
    parameters: TrendParameters = Field(description="As asked for, with what was left out filled in")
    result: TrendOutcome | None = Field(description="Null until it has succeeded")


class SamplingBiasAnalysisOut(_AnalysisOut):
    """A run of a sampling-bias assessment."""

    kind: Literal[AnalysisKind.SAMPLING_BIAS]
    parameters: SamplingBiasParameters = Field(description="As asked for, with what was left out filled in")
    result: SamplingBiasOutcome | None = Field(description="Null until it has succeeded")


class DriversAnalysisOut(_AnalysisOut):
    """A run of a drivers analysis."""

    kind: Literal[AnalysisKind.DRIVERS]
    parameters: DriversParameters = Field(description="As asked for, with what was left out filled in")
    result: DriversOutcome | None = Field(description="Null until it has succeeded")


class ThemesAnalysisOut(_AnalysisOut):
    """A run of an analysis of themes."""

    kind: Literal[AnalysisKind.THEMES]
    parameters: ThemesParameters = Field(description="As asked for, with what was left out filled in")
    result: ThemesOutcome | None = Field(description="Null until it has succeeded")


class ReviewAnalysisOut(_AnalysisOut):
    """A run of a review; what it proposes is among the recommendations, too."""

    kind: Literal[AnalysisKind.REVIEW]
    parameters: ReviewParameters = Field(description="As asked for, with what was left out filled in")
    result: ReviewOutcome | None = Field(description="Null until it has succeeded")


AnalysisOut = Annotated[
    TrendAnalysisOut | SamplingBiasAnalysisOut | DriversAnalysisOut | ThemesAnalysisOut | ReviewAnalysisOut,
    Field(discriminator="kind"),
]
"""What `analysis_document` makes. It documents; parameters and results are shown as they were stored."""


def analysis_document(run: AnalysisRun) -> dict[str, Any]:
    """A run as JSON: `AnalysisOut`."""
    return {
        **AnalysisSummaryOut.of(run).model_dump(mode="json"),
        "libraries": run.libraries,
        "parameters": run.parameters,
        "result": run.result,
    }
