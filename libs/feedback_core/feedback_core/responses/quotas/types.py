"""Vocabulary of quotas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.planning.types import CollectionMethod

MOST_QUOTAS: Final = 20
MOST_CELLS: Final = 500
"""Of all quotas of a survey together."""

MOST_TARGET: Final = 100_000_000

Scalar: TypeAlias = str | int | float | bool


class WhenFull(StrEnum):
    """What becomes of a response whose cell has no place left.

    ``over_quota``: it is kept with that status, which no figure counts. ``take``: it counts like every other; the
    quota only tells how far one is.
    """

    OVER_QUOTA = "over_quota"
    TAKE = "take"


class Others(StrEnum):
    """What becomes of a response that is of no cell of a quota.

    ``screen_out``: it is kept with the status ``screened_out``, which no figure counts.
    """

    TAKE = "take"
    SCREEN_OUT = "screen_out"


class QuotaFault(StrEnum):
    """Codes of what can be wrong with quotas, beside those of questionnaires (``surveys.codes``)."""

    ANSWER_NOT_COUNTABLE = "answer_not_countable"
    TOO_MANY_CELLS = "too_many_cells"


class SampleOfAnotherSurvey(Conflict):
    """The sample was drawn for another survey, or for none."""

    code = "sample_of_another_survey"


class NothingToRefill(Conflict):
    """No cell that the sample's strata can fill falls short."""

    code = "nothing_to_refill"


class QuotaFull(Conflict):
    """There is no place left for somebody of this kind: they need not answer."""

    code = "quota_full"


@dataclass(frozen=True, slots=True)
class AnswerIs:
    """What an answer is: one of some values (for lists: holds one of them), or a number within limits."""

    any_of: tuple[Scalar, ...] = ()
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of response, and how many are wanted; a response is of it if everything that is said holds.

    Attributes:
        attributes: values of each attribute, one of which it has.
        methods: by one of which it was collected; none: by any.
        answers: what it answers, by question.
    """

    key: str
    label: str
    target: int
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    methods: tuple[CollectionMethod, ...] = ()
    answers: Mapping[str, AnswerIs] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quota:
    """Cells that are watched together.

    Attributes:
        count_partials: whether partial responses take places.
    """

    key: str
    name: str
    cells: tuple[Cell, ...]
    when_full: WhenFull = WhenFull.OVER_QUOTA
    others: Others = Others.TAKE
    count_partials: bool = False


@dataclass(frozen=True, slots=True)
class SurveyQuotas:
    """The quotas of a survey.

    Attributes:
        reserve_minutes: for how long a place is kept for somebody who is still answering.
    """

    quotas: tuple[Quota, ...] = ()
    reserve_minutes: int = 30


@dataclass(frozen=True, slots=True)
class StoredQuotas:
    """Quotas as they hold; revision 0: there never were any."""

    survey_id: UUID
    quotas: SurveyQuotas
    revision: int
    changed_by: str | None
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CellCount:
    """How the places of a cell stand.

    Attributes:
        taken: by responses that stand.
        reserved: kept for people who are answering.
        turned_away: responses that came when it was full, since the cell was made.
    """

    id: UUID
    quota: str
    cell: str
    taken: int
    reserved: int
    turned_away: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Places that are kept for an open response."""

    open_response_id: UUID
    cells: tuple[tuple[str, str], ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A cell that has fewer responses than are wanted.

    Attributes:
        missing: responses.
        why_not: why no stratum of the sample fills it; ``None``: those of ``strata`` do.
        strata: places of the strata in the sample.
    """

    quota: str
    cell: str
    missing: int
    strata: tuple[int, ...] = ()
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class QuotaRefill:
    """Units that came into a sample because cells fell short.

    Attributes:
        release: its number among those of the sample.
        expected_response: share of them who were expected to answer.
    """

    sample_id: UUID
    release: int
    units: int
    expected_response: float
    shortfalls: tuple[Shortfall, ...]
    reason: str
    requested_by: str
    requested_at: datetime
