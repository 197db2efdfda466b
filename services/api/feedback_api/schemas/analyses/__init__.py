"""Shapes of analyses: what is asked for, how it stands, what was found.

A kind of analysis is a file here with an input that has its own ``checked``, an output with its own parameters and
result, and an entry in the two unions.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from feedback_api.analysis_charts import charts_of
from feedback_api.schemas.analyses.bias import (
    SAMPLING_BIAS_EXAMPLE,
    SAMPLING_BIAS_FIELDWORK_EXAMPLE,
    SamplingBiasAnalysisOut,
    SamplingBiasIn,
)
from feedback_api.schemas.analyses.data_quality import DATA_QUALITY_EXAMPLE, DataQualityAnalysisOut, DataQualityIn
from feedback_api.schemas.analyses.drivers import DRIVERS_EXAMPLE, DriversAnalysisOut, DriversIn
from feedback_api.schemas.analyses.effects import EFFECT_EXAMPLE, EffectAnalysisOut, EffectIn
from feedback_api.schemas.analyses.method_effectiveness import (
    METHOD_EFFECTIVENESS_EXAMPLE,
    MethodEffectivenessAnalysisOut,
    MethodEffectivenessIn,
)
from feedback_api.schemas.analyses.reviews import REVIEW_EXAMPLE, ReviewAnalysisOut, ReviewIn
from feedback_api.schemas.analyses.runs import AnalysisSummaryOut, PlannedOut
from feedback_api.schemas.analyses.themes import THEMES_EXAMPLE, ThemesAnalysisOut, ThemesIn
from feedback_api.schemas.analyses.trends import TREND_EVENT_EXAMPLE, TREND_EXAMPLE, TrendAnalysisOut, TrendIn
from feedback_api.schemas.charts import ChartOut
from feedback_api.schemas.service import ServiceLinksOut
from feedback_core.analyses.types import AnalysisRun
from feedback_core.planning.plan_revisions import PlannedBy
from feedback_core.service.types import ServiceLinks

AnalysisIn = Annotated[
    TrendIn | SamplingBiasIn | DriversIn | DataQualityIn | ThemesIn | ReviewIn | EffectIn | MethodEffectivenessIn,
    Field(
        discriminator="kind",
        examples=[
            TREND_EXAMPLE,
            TREND_EVENT_EXAMPLE,
            SAMPLING_BIAS_EXAMPLE,
            SAMPLING_BIAS_FIELDWORK_EXAMPLE,
            DRIVERS_EXAMPLE,
            DATA_QUALITY_EXAMPLE,
            THEMES_EXAMPLE,
            REVIEW_EXAMPLE,
            EFFECT_EXAMPLE,
            METHOD_EFFECTIVENESS_EXAMPLE,
        ],
    ),
]

AnalysisOut = Annotated[
    TrendAnalysisOut
    | SamplingBiasAnalysisOut
    | DriversAnalysisOut
    | DataQualityAnalysisOut
    | ThemesAnalysisOut
    | ReviewAnalysisOut
    | EffectAnalysisOut
    | MethodEffectivenessAnalysisOut,
    Field(discriminator="kind"),
]
"""What `analysis_document` makes. It documents; parameters and results are shown as they were stored."""


def analysis_document(run: AnalysisRun, links: Sequence[ServiceLinks], planned: PlannedBy | None) -> dict[str, Any]:
    """A run as JSON: `AnalysisOut`."""
    return {
        **AnalysisSummaryOut.of(run).model_dump(mode="json"),
        "libraries": run.libraries,
        "parameters": run.parameters,
        "result": run.result,
        "links": [ServiceLinksOut.model_validate(each).model_dump() for each in links],
        "planned": PlannedOut.of(planned).model_dump(mode="json") if planned else None,
        "charts": [ChartOut.of(chart, f"/v1/analyses/{run.id}/charts/").model_dump() for chart in charts_of(run)],
    }
