"""Every kind of analysis is drawn."""

from feedback_api.analysis_charts import CHARTED
from feedback_core.analyses.types import AnalysisKind


def test_every_kind_of_analysis_has_its_charts() -> None:
    assert set(CHARTED) == set(AnalysisKind), "add the function of the new kind to feedback_api/analysis_charts.py"
