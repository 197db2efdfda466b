"""A drivers analysis as it is asked for, and as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from feedback_core.bias.types import Frame
from feedback_core.drivers.types.findings import DriverQuestion, DriversResult


@dataclass(frozen=True, slots=True)
class DriversParameters:
    """What a drivers analysis is asked for. A question is named by its key, a row of a matrix as ``question.row``.

    Attributes:
        outcome: the question to be explained.
        drivers: questions that may explain it; with ``features`` also left out: every other scale question but nps.
        features: features of the service, whose scale questions are drivers as well.
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        where: attribute (or ``method``) to the values allowed.
        frame: the population to weight to; ``None``: answers count alike.
        method: how the explained share is divided.
        intervals: whether to resample for intervals and ranks.
        level: of the intervals and tests.
        weighting: key of a weighting scheme of the survey; never beside a frame.
    """

    outcome: str
    drivers: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    frame: Frame | None = None
    method: Literal["johnson", "lmg"] = "johnson"
    intervals: bool = True
    level: float = 0.95
    weighting: str | None = None


@dataclass(frozen=True, slots=True)
class DriversOutcome:
    """A drivers analysis with all that it takes to read and to repeat it.

    Attributes:
        outcome: the question explained.
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
        seed: of the resamples.
        selected: complete responses in the period and groups asked for.
        left_out: those of them that did not answer all of these questions, or whose categories the weights need and
            nobody knows.
        weighted: whether answers were weighted, to the frame or by a scheme.
        drivers: what was found.
        weighting: key of the scheme that they were weighted by.
        weighting_version: of it.
    """

    outcome: DriverQuestion
    as_of: datetime
    seed: int
    selected: int
    left_out: int
    weighted: bool
    drivers: DriversResult
    weighting: str | None = None
    weighting_version: int | None = None
