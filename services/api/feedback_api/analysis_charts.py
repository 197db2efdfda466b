"""Which charts each kind of analysis has: a kind is one function of its outcome and one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.bias.charts import bias_charts
from feedback_core.bias.types import SamplingBiasOutcome
from feedback_core.charts.types import Chart
from feedback_core.data_quality.charts import quality_charts
from feedback_core.data_quality.types import DataQualityOutcome
from feedback_core.drivers.charts import drivers_charts
from feedback_core.drivers.types import DriversOutcome
from feedback_core.jobs.types import JobStatus
from feedback_core.kit.errors import Conflict, NotFound
from feedback_core.kit.logs import get_logger
from feedback_core.method_effectiveness.charts import effectiveness_charts
from feedback_core.method_effectiveness.types import MethodEffectivenessOutcome
from feedback_core.recommendations.charts import review_charts
from feedback_core.recommendations.effect.charts import effect_charts
from feedback_core.recommendations.effect.types import EffectOutcome
from feedback_core.recommendations.types import ReviewOutcome
from feedback_core.themes.analysis.charts import themes_charts
from feedback_core.themes.analysis.types import ThemesOutcome
from feedback_core.trends.charts import trend_charts
from feedback_core.trends.types import TrendOutcome

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Charted:
    """How a kind of analysis is drawn: from what it found to its charts, the most telling first."""

    outcome: type[Any]
    charts: Callable[[Any], tuple[Chart, ...]]


CHARTED: Mapping[AnalysisKind, Charted] = {
    AnalysisKind.TREND: Charted(TrendOutcome, trend_charts),
    AnalysisKind.SAMPLING_BIAS: Charted(SamplingBiasOutcome, bias_charts),
    AnalysisKind.DRIVERS: Charted(DriversOutcome, drivers_charts),
    AnalysisKind.DATA_QUALITY: Charted(DataQualityOutcome, quality_charts),
    AnalysisKind.THEMES: Charted(ThemesOutcome, themes_charts),
    AnalysisKind.REVIEW: Charted(ReviewOutcome, review_charts),
    AnalysisKind.EFFECT: Charted(EffectOutcome, effect_charts),
    AnalysisKind.METHOD_EFFECTIVENESS: Charted(MethodEffectivenessOutcome, effectiveness_charts),
}


class AnalysisNotSucceeded(Conflict):
    """The run has found nothing yet, or never will."""

    code = "analysis_not_succeeded"


def charts_of(run: AnalysisRun) -> tuple[Chart, ...]:
    """The charts of a run; none until it has succeeded."""
    charted = CHARTED.get(run.kind)
    if charted is None or run.result is None or run.job.status is not JobStatus.SUCCEEDED:
        return ()
    try:
        outcome = from_document(charted.outcome, run.result)
    except ValueError as unreadable:
        # An earlier release kept it in another shape: the figures are shown as they are kept, without charts.
        log.warning("result_not_charted", analysis=str(run.id), error=str(unreadable)[:500])
        return ()
    return charted.charts(outcome)


def chart_of(run: AnalysisRun, key: str) -> Chart:
    """One chart of a run.

    Raises:
        AnalysisNotSucceeded: it has none yet, or never will.
        NotFound: it has no chart with this key.
    """
    if run.result is None or run.job.status is not JobStatus.SUCCEEDED:
        raise AnalysisNotSucceeded(f"The analysis is {run.job.status}; charts are there once it has succeeded.")
    for chart in charts_of(run):
        if chart.key == key:
            return chart
    raise NotFound("chart", key)
