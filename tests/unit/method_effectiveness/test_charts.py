"""Charts of method effectiveness: a line for each method, withheld ones without a figure."""

import json

from feedback_core.charts.types import Chart
from feedback_core.method_effectiveness.charts import effectiveness_charts
from feedback_core.method_effectiveness.types import MethodEffectivenessOutcome
from tests.unit.charts.builders import faults_of
from tests.unit.method_effectiveness.builders import CONTACTS, EVEN, ONLINE, PHONE, SMS, compared, counts


def charted(found: MethodEffectivenessOutcome) -> dict[str, Chart]:
    charts = effectiveness_charts(found)
    assert [faults_of(chart) for chart in charts] == [[]] * len(charts)
    return {chart.key: chart for chart in charts}


def test_each_measure_has_a_line_for_each_method() -> None:
    kinder = {region: {"10": 90, "8": 5, "3": 5} for region in EVEN}
    methods = {ONLINE: counts(), PHONE: counts(kinder)}

    charts = charted(compared(methods, {ONLINE: EVEN, PHONE: kinder}, CONTACTS))

    assert list(charts) == [
        "response_rate",
        "cost_per_complete",
        "cost_per_effective_response",
        "median_seconds",
        "item_nonresponse",
        "straight_lining",
        "kpi",
        "mode_effects",
    ]
    assert "smallest unit of EUR" in charts["cost_per_complete"].as_json()
    assert "online questionnaire minus telephone" in charts["mode_effects"].as_json()


def test_what_is_not_known_has_no_chart_and_what_is_withheld_keeps_its_line() -> None:
    few = {"north": {"10": 2}, "south": {"10": 1}}
    found = compared({ONLINE: counts(), PHONE: counts(), SMS: counts(few)}, {ONLINE: EVEN, PHONE: EVEN, SMS: few})

    charts = charted(found)

    assert "response_rate" not in charts
    drawn = json.dumps(charts["item_nonresponse"].spec)
    assert '"sms"' in drawn
    assert "withheld" in drawn
