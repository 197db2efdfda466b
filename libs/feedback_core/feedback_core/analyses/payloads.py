"""The job of each kind of analysis: what is asked for is in the run, so the run's id is all that a job needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from feedback_core.analyses.types import AnalysisKind
from feedback_core.jobs.types import JobPayload


@dataclass(frozen=True, slots=True)
class RunTrend(JobPayload):
    """Make a run of a trend analysis."""

    kind: ClassVar[str] = "analyses.trend"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunSamplingBias(JobPayload):
    """Make a run of a sampling-bias assessment."""

    kind: ClassVar[str] = "analyses.sampling_bias"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunDrivers(JobPayload):
    """Make a run of a drivers analysis."""

    kind: ClassVar[str] = "analyses.drivers"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunThemes(JobPayload):
    """Make a run of an analysis of themes."""

    kind: ClassVar[str] = "analyses.themes"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunReview(JobPayload):
    """Make a run of a review."""

    kind: ClassVar[str] = "analyses.review"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunDataQuality(JobPayload):
    """Make a run of an analysis of data quality."""

    kind: ClassVar[str] = "analyses.data_quality"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunEffect(JobPayload):
    """Make a run of an analysis of the effect of a change."""

    kind: ClassVar[str] = "analyses.effect"

    run_id: UUID


@dataclass(frozen=True, slots=True)
class RunMethodEffectiveness(JobPayload):
    """Make a run of an analysis of method effectiveness."""

    kind: ClassVar[str] = "analyses.method_effectiveness"

    run_id: UUID


PAYLOADS: Mapping[AnalysisKind, Callable[[UUID], JobPayload]] = {
    AnalysisKind.TREND: RunTrend,
    AnalysisKind.SAMPLING_BIAS: RunSamplingBias,
    AnalysisKind.DRIVERS: RunDrivers,
    AnalysisKind.THEMES: RunThemes,
    AnalysisKind.REVIEW: RunReview,
    AnalysisKind.DATA_QUALITY: RunDataQuality,
    AnalysisKind.EFFECT: RunEffect,
    AnalysisKind.METHOD_EFFECTIVENESS: RunMethodEffectiveness,
}
"""Makes the job's payload from the run's id."""
