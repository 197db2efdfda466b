"""What the requests for analyses are made of."""

from datetime import UTC, date, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Input, Key
from feedback_api.schemas.times import Moment, instant_of
from feedback_core.db.session import Session
from feedback_core.organisations.use_cases import check_time_zone, get_organisation

Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Level = Annotated[float, Field(ge=0.5, le=0.999, strict=True, description="Coverage of intervals, level of tests")]
Amount = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False, strict=True)]

SURVEY: Final = "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a11"
"""Id of the survey in examples."""


class KpiAnalysisIn(Input):
    """An analysis of one KPI of one survey."""

    survey_id: UUID
    kpi: Key = Field(examples=["nps"])
    question: Word | None = Field(default=None, description="Needed where several questions fit")
    item: Word | None = Field(default=None, description="Row of a matrix, or choice of a ranking")
    choice: Word | None = Field(default=None, description="Whose share is asked for")
    start: Moment | None = Field(default=None, alias="from", description="First instant, or day")
    end: Moment | None = Field(default=None, alias="to", description="First instant (or day) no longer in it")
    level: Level = 0.95


Weighting = Annotated[
    Word | None, Field(description="Key of a weighting scheme of the survey, as in KPI queries; never beside a frame")
]


class FrameIn(Input):
    """What is known of the population that was to be heard."""

    margins: dict[Key, Annotated[dict[Word, Amount], Field(max_length=1000)]] = Field(
        max_length=50,
        description="Attribute to value to its share, percentage or count in the population; all values that it has",
        examples=[{"region": {"north": 0.6, "south": 0.4}}],
    )


async def zone_of(session: Session, organisation_id: UUID, tz: str | None) -> str:
    """The time zone named, or else the organisation's.

    Raises:
        Invalid: there is no such zone.
    """
    if tz is not None:
        return check_time_zone(tz, "/tz")
    return (await get_organisation(session, organisation_id)).time_zone


def in_utc(moment: date | datetime | None, zone: str) -> datetime | None:
    """In UTC, so that the same request is written alike."""
    instant = instant_of(moment, zone)
    return None if instant is None else instant.astimezone(UTC)
