"""Shapes of quotas: what is wanted of each kind of response, and how far that is."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, Output
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quotas.refills import RefillByQuotas
from feedback_core.responses.quotas.types import (
    MOST_CELLS,
    MOST_QUOTAS,
    MOST_TARGET,
    AnswerIs,
    Cell,
    CellCount,
    Others,
    Quota,
    QuotaRefill,
    Reservation,
    StoredQuotas,
    SurveyQuotas,
    WhenFull,
)
from feedback_core.surveys.types import CHOICE_KEY, MAX_NUMBER

_Number = Annotated[float, Field(strict=True, ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False)]
_Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
_Value = Annotated[str, Field(pattern=CHOICE_KEY.pattern)]
_EXAMPLE: Final[JsonDict] = {
    "reserve_minutes": 30,
    "quotas": [
        {"key": "total", "name": "All", "cells": [{"key": "all", "label": "Everybody", "target": 400}]},
        {
            "key": "region",
            "name": "By region",
            "cells": [
                {"key": "north", "label": "North", "target": 200, "attributes": {"region": ["north"]}},
                {"key": "south", "label": "South", "target": 200, "attributes": {"region": ["south"]}},
            ],
        },
    ],
}
_REFILL: Final[JsonDict] = {
    "sample_id": "01990000-0000-7000-8000-000000000000",
    "expected_response": 0.25,
    "reason": "quota short",
}


class AnswerIsBody(Input):
    """What an answer is: one of some values, or a number within limits."""

    model_config = ConfigDict(from_attributes=True)

    any_of: list[_Scalar] = Field(
        default_factory=list, max_length=500, description="One of these; of several choices: one of those chosen"
    )
    at_least: _Number | None = None
    at_most: _Number | None = None


class CellBody(Input):
    """A kind of response, and how many are wanted. Without conditions it is every response."""

    model_config = ConfigDict(from_attributes=True)

    key: Key
    label: Line
    target: Annotated[int, Field(strict=True, ge=1, le=MOST_TARGET), AS_WHOLE]
    attributes: dict[Key, Annotated[list[_Value], Field(min_length=1, max_length=1_000)]] = Field(
        default_factory=dict, max_length=20, description="Each attribute has one of its values"
    )
    methods: list[CollectionMethod] = Field(default_factory=list, max_length=20, description="Collected by one of them")
    answers: dict[Key, AnswerIsBody] = Field(default_factory=dict, max_length=20, description="By question key")

    def cell(self) -> Cell:
        """For the domain."""
        return Cell(
            key=self.key,
            label=self.label,
            target=self.target,
            attributes={key: tuple(values) for key, values in self.attributes.items()},
            methods=tuple(self.methods),
            answers={
                key: AnswerIs(tuple(asked.any_of), asked.at_least, asked.at_most) for key, asked in self.answers.items()
            },
        )


class QuotaBody(Input):
    """Cells that are watched together. A response needs a place in every cell that it is of."""

    model_config = ConfigDict(from_attributes=True)

    key: Key
    name: Line
    cells: list[CellBody] = Field(min_length=1, max_length=MOST_CELLS)
    when_full: WhenFull = Field(
        default=WhenFull.OVER_QUOTA,
        description="`over_quota`: kept with that status, which no figure counts. `take`: it counts all the same",
    )
    others: Others = Field(
        default=Others.TAKE, description="What becomes of who is of no cell: `take`, or kept as `screened_out`"
    )
    count_partials: Flag = Field(default=False, description="Whether partial responses take places")

    def quota(self) -> Quota:
        """For the domain."""
        return Quota(
            key=self.key,
            name=self.name,
            cells=tuple(cell.cell() for cell in self.cells),
            when_full=self.when_full,
            others=self.others,
            count_partials=self.count_partials,
        )


class QuotasIn(Input):
    """The quotas of a survey, in the place of those that there are."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    quotas: list[QuotaBody] = Field(max_length=MOST_QUOTAS, description="None: everybody is taken")
    reserve_minutes: Annotated[int, Field(strict=True, ge=1, le=1_440), AS_WHOLE] = Field(
        default=30, description="For how long a place is kept for somebody who is still answering"
    )

    def wanted(self) -> SurveyQuotas:
        """For the domain."""
        return SurveyQuotas(tuple(quota.quota() for quota in self.quotas), self.reserve_minutes)


class CellOut(CellBody):
    """A cell, and how its places stand."""

    taken: int = Field(description="By responses that stand: neither excluded nor erased")
    reserved: int = Field(description="Kept for people who are answering")
    free: int = Field(description="What is left for others; 0 if more stand than are wanted")
    full: bool
    turned_away: int = Field(description="Responses that came when it was full, since the cell was made")


class QuotaOut(QuotaBody):
    """A quota, and how far it is."""

    cells: list[CellOut]  # type: ignore[assignment]


class QuotasOut(Output):
    """The quotas of a survey with their counts, exact at this moment; the ETag is the revision."""

    survey_id: UUID
    quotas: list[QuotaOut]
    reserve_minutes: int
    revision: int = Field(description="0: there never were any")
    changed_by: str | None
    changed_at: datetime | None

    @classmethod
    def of(cls, stored: StoredQuotas, counts: Collection[CellCount]) -> Self:
        """From the domain."""
        count = {(each.quota, each.cell): each for each in counts}
        return cls(
            survey_id=stored.survey_id,
            quotas=[
                QuotaOut.model_validate(
                    {
                        **{name: getattr(quota, name) for name in QuotaBody.model_fields},
                        "cells": [_counted(cell, count[quota.key, cell.key]) for cell in quota.cells],
                    }
                )
                for quota in stored.quotas.quotas
            ],
            reserve_minutes=stored.quotas.reserve_minutes,
            revision=stored.revision,
            changed_by=stored.changed_by,
            changed_at=stored.changed_at,
        )


def _counted(cell: Cell, count: CellCount) -> dict[str, object]:
    free = max(0, cell.target - count.taken - count.reserved)
    return {
        **{name: getattr(cell, name) for name in CellBody.model_fields if name not in {"attributes", "methods"}},
        "attributes": {key: list(values) for key, values in cell.attributes.items()},
        "methods": list(cell.methods),
        "answers": {
            key: {"any_of": list(asked.any_of), "at_least": asked.at_least, "at_most": asked.at_most}
            for key, asked in cell.answers.items()
        },
        "taken": count.taken,
        "reserved": count.reserved,
        "free": free,
        "full": free == 0,
        "turned_away": count.turned_away,
    }


class CellName(Input):
    """A cell, by quota and key."""

    model_config = ConfigDict(from_attributes=True)

    quota: Key
    cell: Key


class ReservationOut(Output):
    """Places that are kept for an open response."""

    open_response_id: UUID
    cells: list[CellName] = Field(description="None: it is of no cell by what is known so far")
    expires_at: datetime | None = Field(description="Null: nothing is kept")

    @classmethod
    def of(cls, kept: Reservation) -> Self:
        """From the domain."""
        cells = [CellName(quota=quota, cell=cell) for quota, cell in kept.cells]
        return cls(open_response_id=kept.open_response_id, cells=cells, expires_at=kept.expires_at)


class QuotaRefillIn(Input):
    """A sample that is to be refilled for the cells that fall short."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REFILL]})

    sample_id: UUID = Field(description="Drawn for this survey")
    expected_response: Annotated[float, Field(strict=True, ge=0.001, le=1, allow_inf_nan=False)] = Field(
        description="Share of those coming in who will answer; of those asked before nobody is expected to"
    )
    reason: Line = Field(description="One of the replacement rule of the sample's design")
    cells: list[CellName] = Field(default_factory=list, max_length=MOST_CELLS, description="None: all that fall short")

    def refill(self) -> RefillByQuotas:
        """For the domain."""
        cells = [(named.quota, named.cell) for named in self.cells]
        return RefillByQuotas(self.sample_id, self.expected_response, self.reason, cells)


class ShortfallOut(Output):
    """A cell that had fewer responses than are wanted."""

    quota: str
    cell: str
    missing: int
    why_not: str | None = Field(description="Why no stratum of the sample fills it; null: one does")


class QuotaRefillOut(Output):
    """Units that came into a sample because cells fell short."""

    sample_id: UUID
    release: int = Field(description="Its number among the sample's")
    units: int
    expected_response: float
    shortfalls: list[ShortfallOut]
    reason: str
    requested_by: str
    requested_at: datetime

    @classmethod
    def of(cls, refill: QuotaRefill) -> Self:
        """From the domain."""
        return cls.model_validate(refill)


class QuotaRefillsOut(Output):
    """Every refill for the quotas of a survey, oldest first."""

    items: list[QuotaRefillOut]
