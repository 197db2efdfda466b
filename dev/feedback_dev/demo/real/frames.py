"""The population of a survey at San Francisco's airport: its passengers of the month, as margins for a bias run."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

_PARTS: Final = {
    "Boarding Area": ("boarding_area", {letter: letter for letter in "ABCDEFG"}),
    "GEO Summary": ("traffic", {"Domestic": "domestic", "International": "international"}),
    "GEO Region": (
        "destination",
        {
            "US": "us",
            "Canada": "canada_mexico",
            "Mexico": "canada_mexico",
            "Central America": "central_south_america",
            "South America": "central_south_america",
            "Europe": "europe",
            "Middle East": "middle_east",
            "Asia": "asia",
            "Australia / Oceania": "oceania",
        },
    ),
}


def sfo_margins(frame: Path, month: str = "201705") -> dict[str, dict[str, float]]:
    """Shares of enplaned passengers by attribute and value of the survey ``sfo-2017``; those of an attribute sum to 1.

    Args:
        frame: ``derived_enplaned_margins_survey_months.csv``.
        month: year and month, ``201705``.

    Raises:
        ValueError: the month is not in the frame, or a category has no value in the survey.
    """
    passengers: dict[str, Counter[str]] = {}
    with frame.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["activity_period"] != month or row["margin"] not in _PARTS:
                continue
            attribute, values = _PARTS[row["margin"]]
            if row["category"] not in values:
                raise ValueError(f"No value of {attribute} stands for {row['category']}.")
            passengers.setdefault(attribute, Counter())[values[row["category"]]] += int(row["enplaned_passengers"])
    if not passengers:
        raise ValueError(f"The frame has no passengers of {month}.")
    return {
        attribute: {value: count / counts.total() for value, count in counts.items()}
        for attribute, counts in passengers.items()
    }


def document(name: str) -> dict[str, Any]:
    """A survey or a mapping of this folder: ``nyc311_survey``, ``nyc311_mapping``, ``sfo2017_survey``."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return found
