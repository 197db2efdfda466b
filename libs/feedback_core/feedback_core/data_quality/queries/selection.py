"""The responses that an analysis is about, as a condition of SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SelectedResponses:
    """Which responses of a survey.

    Attributes:
        start: submitted then or later; ``None``: open.
        end: submitted before; ``None``: open.
        where: attribute (or ``method``) to the values allowed.
    """

    organisation_id: UUID
    survey_id: UUID
    start: datetime | None
    end: datetime | None
    where: Mapping[str, Sequence[str]]

    def condition(self) -> tuple[str, dict[str, Any]]:
        """What follows ``WHERE`` about ``r``, and its parameters."""
        parameters: dict[str, Any] = {"organisation_id": self.organisation_id, "survey_id": self.survey_id}
        said = "r.organisation_id = :organisation_id AND r.survey_id = :survey_id"
        if self.start is not None:
            said += " AND r.submitted_at >= :start"
            parameters["start"] = self.start
        if self.end is not None:
            said += " AND r.submitted_at < :end"
            parameters["end"] = self.end
        for number, (attribute, values) in enumerate(self.where.items()):
            said += f" AND {attribute_of(f'attribute_{number}')} = ANY(:values_{number})"
            parameters[f"attribute_{number}"] = attribute
            parameters[f"values_{number}"] = list(values)
        return said, parameters


def attribute_of(parameter: str) -> str:
    """The value of an attribute, or the method, whose name a parameter has."""
    return f"(r.attributes || jsonb_build_object('method', r.method)) ->> CAST(:{parameter} AS text)"
