"""What the ferry line gives the service: its catalogue, questionnaire and standards, and one quay's answers as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from feedback_dev.demo.ferries import RATINGS, REGIONS, SHIFT

NAME: Final = "Harbour Ferries (simulated)"
FROM, TO, SPLIT = "2023-01-01", "2025-01-01", SHIFT.isoformat()
"""The two years of answers, first day and first day no longer in it; and the day from which the wait is longer."""

PROCESSES: Final[Mapping[str, Mapping[str, str]]] = {
    "boarding": {"name": "Boarding", "owner": "Head of quays"},
    "crossing": {"name": "Crossing", "owner": "Head of crews"},
    "sales": {"name": "Sales", "owner": "Head of sales"},
}

FEATURES: Final[Mapping[str, Mapping[str, str]]] = {
    "waiting_time": {"name": "Waiting time", "description": "From the quay to being on board", "process": "boarding"},
    "crew": {"name": "Crew", "process": "crossing", "owner": "Head of crews"},
    "booking": {"name": "Booking", "process": "sales", "owner": "Head of sales"},
    "information": {"name": "Information", "description": "Signs and announcements", "process": "boarding"},
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

_STANDARDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "short_wait": {
        "name": "A short wait",
        "statement": "At least seven in ten customers call the wait to board good or very good.",
        "metric": {"kind": "kpi", "kpi": "csat", "question": "wait"},
        "target": 0.7,
        "tolerance": 0.02,
        "feature": "waiting_time",
    },
    "good_crew": {
        "name": "A good crew",
        "statement": "At least seven in ten customers call the crew good or very good.",
        "metric": {"kind": "kpi", "kpi": "csat", "question": "crew"},
        "target": 0.7,
        "feature": "crew",
    },
    "easy_booking": {
        "name": "Easy booking",
        "statement": "At least seven in ten customers call the booking good or very good.",
        "metric": {"kind": "kpi", "kpi": "csat", "question": "booking"},
        "target": 0.7,
        "feature": "booking",
    },
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


def standards(survey_id: str) -> dict[str, dict[str, Any]]:
    """What the line has agreed with its passengers, by key, held against a survey."""
    agreed = [{"by": "Passengers' council", "on": "2022-12-01"}]
    common = {"direction": "at_least", "valid_from": FROM, "agreed": agreed}
    return {
        key: {**common, **standard, "metric": {**standard["metric"], "survey_id": survey_id}}
        for key, standard in _STANDARDS.items()
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
