"""San Francisco's airport, 2017: who answered the survey, against who departed that month."""

import gzip
from pathlib import Path
from typing import Final

from feedback_dev.demo.caller import Caller
from feedback_dev.demo.findings import bias_of
from feedback_dev.demo.imports import import_file
from feedback_dev.demo.meter import Meter, progress_of
from feedback_dev.demo.real.findings import Sfo2017
from feedback_dev.demo.real.frames import document, sfo_margins

# Domestic flights and destinations in the United States are the same passengers in the frame but not quite in the
# answers, so that no weights meet both: destinations are assessed by themselves.
FRAMES: Final = (("boarding_area", "traffic"), ("destination",))
MONTH: Final = "201705"
ANSWERS: Final = "sfo_customer_survey/raw/2017.csv.gz"
FRAME: Final = "sfo_air_traffic_frame/derived_enplaned_margins_survey_months.csv"


def is_there(data: Path) -> bool:
    """Whether both the answers and the frame are in the folder."""
    return (data / ANSWERS).is_file() and (data / FRAME).is_file()


def sfo2017(caller: Caller, meter: Meter, data: Path) -> Sfo2017:
    """Import the answers and hold them against the frame of their month.

    Raises:
        StepFailed: the service did not do as it should.
    """
    content, margins = gzip.decompress((data / ANSWERS).read_bytes()), sfo_margins(data / FRAME, MONTH)
    survey_id = caller.post("/v1/surveys", document("sfo2017_survey")).document["id"]
    caller.post(f"/v1/surveys/{survey_id}/publish")
    imported = import_file(caller, meter, survey_id, document("sfo2017_mapping"), "2017.csv", content)
    assessments = []
    for attributes in FRAMES:
        frame = {"margins": {attribute: margins[attribute] for attribute in attributes}}
        with meter.step(f"Holding who answered against who departed, by {' and '.join(attributes)}") as show:
            body = {"kind": "sampling_bias", "survey_id": survey_id, "kpi": "nps", "frame": frame}
            made = caller.post("/v1/analyses", body).document
            finished = caller.finished(f"/v1/analyses/{made['id']}", progress=progress_of(show))
        assessments.append({attribute: bias_of(finished, attribute) for attribute in attributes})
    return Sfo2017(MONTH, imported, tuple(assessments))
