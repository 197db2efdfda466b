"""NYC 311: every answer of five years through the import route, and its figures."""

import gzip
from pathlib import Path
from typing import Final

from feedback_dev.demo.caller import Caller
from feedback_dev.demo.findings import Figure
from feedback_dev.demo.imports import import_file
from feedback_dev.demo.meter import Meter
from feedback_dev.demo.real.findings import Nyc311, Rating, Row, labels_of
from feedback_dev.demo.real.frames import document

FILE: Final = "nyc311_csat.csv.gz"
RATINGS: Final = {
    "overall": "Overall satisfaction",
    "wait_time": "Wait time",
    "courtesy": "Agent: customer service",
    "knowledge": "Agent: job knowledge",
    "answer": "Answer satisfaction",
}


def nyc311(caller: Caller, meter: Meter, folder: Path) -> Nyc311:
    """Import the file and read its figures.

    Raises:
        StepFailed: the service did not do as it should.
    """
    survey, content = document("nyc311_survey"), gzip.decompress((folder / FILE).read_bytes())
    survey_id = caller.post("/v1/surveys", survey).document["id"]
    caller.post(f"/v1/surveys/{survey_id}/publish")
    imported = import_file(caller, meter, survey_id, document("nyc311_mapping"), FILE.removesuffix(".gz"), content)

    def figure(kpi: str, **query: str) -> Figure:
        return Figure.of(caller.get(f"/v1/kpis/{kpi}/value", survey=survey_id, **query))

    def rows(kpi: str, by: str) -> tuple[Row, ...]:
        groups = caller.get(f"/v1/kpis/{kpi}/breakdown", survey=survey_id, by=by)["groups"]
        return tuple(Row.of(group, labels_of(survey, by)) for group in groups)

    with meter.step("Reading KPIs"):
        return Nyc311(
            imported=imported,
            languages=rows("responses", "language"),
            nps=figure("nps"),
            nps_by_year=rows("nps", "year"),
            nps_by_wave=rows("nps", "wave"),
            ratings=tuple(
                Rating(label, figure("csat", question=key), figure("mean", question=key))
                for key, label in RATINGS.items()
            ),
        )
