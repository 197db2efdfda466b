"""What the service said of real answers, taken from its answers: nothing here is reckoned by the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from feedback_dev.demo.caller import Document
from feedback_dev.demo.findings import Bias, Figure
from feedback_dev.demo.imports import Imported


@dataclass(frozen=True, slots=True)
class Row:
    """The figure of one group."""

    label: str
    figure: Figure

    @classmethod
    def of(cls, group: Document, labels: Mapping[str, str]) -> Self:
        """From a group of a breakdown, under its label in the survey."""
        key = group["group"]
        return cls("not known" if key is None else labels[key], Figure.of(group))


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating: the share in the two highest boxes, and the mean."""

    label: str
    top: Figure
    mean: Figure


@dataclass(frozen=True, slots=True)
class Nyc311:
    """Answers to NYC 311's survey of satisfaction."""

    imported: Imported
    languages: tuple[Row, ...]
    nps: Figure
    nps_by_year: tuple[Row, ...]
    nps_by_wave: tuple[Row, ...]
    ratings: tuple[Rating, ...]


@dataclass(frozen=True, slots=True)
class Sfo2017:
    """Answers to San Francisco airport's survey of 2017, held against the passengers of its month.

    Attributes:
        month: of the frame, ``201705``.
        assessments: one per run; in each, the bias by attribute of its frame.
    """

    month: str
    imported: Imported
    assessments: tuple[Mapping[str, Bias], ...]


def labels_of(survey: Document, attribute: str) -> dict[str, str]:
    """Labels of an attribute's values, by key."""
    (found,) = (each for each in survey["attributes"] if each["key"] == attribute)
    return {
        value if isinstance(value, str) else value["key"]: value if isinstance(value, str) else value["label"]
        for value in found["values"]
    }
