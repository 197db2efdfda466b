"""What the ferry line gives the service: its features, its questionnaire, and one quay's answers as a CSV file."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from feedback_dev.demo.ferries import RATINGS, REGIONS, SHIFT

NAME: Final = "Harbour Ferries (simulated)"
FROM, TO, SPLIT = "2023-01-01", "2025-01-01", SHIFT.isoformat()
"""The two years of answers, first day and first day no longer in it; and the day from which the wait is longer."""

FEATURES: Final[Mapping[str, Mapping[str, str]]] = {
    "waiting_time": {"name": "Waiting time", "description": "From the quay to being on board", "process": "Boarding"},
    "crew": {"name": "Crew", "process": "Crossing", "owner": "Head of crews"},
    "booking": {"name": "Booking", "process": "Sales", "owner": "Head of sales"},
    "information": {"name": "Information", "description": "Signs and announcements", "process": "Boarding"},
}

_FEATURE_OF: Final = {"wait": "waiting_time", "crew": "crew", "booking": "booking", "information": "information"}
_TEXT: Final = {
    "wait": "How was the wait to board?",
    "crew": "How was the crew?",
    "booking": "How was the booking?",
    "information": "How were signs and announcements?",
}

SURVEY: Final[Mapping[str, Any]] = {
    "key": "after-the-crossing",
    "title": "Your crossing",
    "language": "en",
    "confidentiality": "anonymous",
    "attributes": [{"key": "region", "label": "Region", "values": [region.key for region in REGIONS]}],
    "questions": [
        {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "required": True},
        *(
            {
                "key": key,
                "type": "rating",
                "scale": {"min": 1, "max": 5},
                "text": _TEXT[key],
                "feature": _FEATURE_OF[key],
            }
            for key in RATINGS
        ),
        {"key": "why", "type": "text", "text": "What is the main reason for your score?"},
    ],
}

_COLUMNS: Final = ("ticket", "when", "home", "recommend", *RATINGS, "remark")

MAPPING: Final[Mapping[str, Any]] = {
    "format": "csv",
    "delimiter": ";",
    "date_format": "%d.%m.%Y %H:%M:%S",
    "time_zone": "UTC",
    "columns": [
        {"column": "ticket", "to": "external_id"},
        {"column": "when", "to": "submitted_at"},
        {"column": "home", "to": "attribute", "key": "region"},
        {"column": "recommend", "to": "question", "key": "nps"},
        *({"column": key, "to": "question", "key": key} for key in RATINGS),
        {"column": "remark", "to": "question", "key": "why"},
    ],
    "constants": [{"to": "method", "value": "kiosk"}],
}


def csv_file(responses: Sequence[Mapping[str, Any]]) -> bytes:
    """The responses as the kiosk on the quay writes them: semicolons, days first."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for response in responses:
        answers = response["answers"]
        day, time = response["submitted_at"].removesuffix("Z").split("T")
        year, month, number = day.split("-")
        writer.writerow(
            [
                response["external_id"],
                f"{number}.{month}.{year} {time}",
                response["attributes"]["region"],
                answers["nps"],
                *(answers.get(key, "") for key in RATINGS),
                answers.get("why", ""),
            ]
        )
    return text.getvalue().encode()
