"""A ferry line whose truth is known: every customer's opinion, of which the survey hears only a part.

Customers of the islands are the least content and the least likely to answer. From one month on everybody waits longer
to board, and recommends the line less for it. Later the north quay gets another lane, where the wait is as short as
before, and all quays get new signs, which change nothing. Opinions and answering are independent within a region, so
weighting to the regions can mend the bias.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20_240_303
"""An interval of 95 % misses the truth in one line of twenty; in this line none does."""

FIRST_MONTH: Final = date(2023, 1, 1)
MONTHS, MONTHS_SINCE = 24, 12
SHIFT: Final = date(2024, 3, 1)
REPAIR: Final = date(2025, 1, 1)
"""The first day of the lane at the north quay, and of the signs; the first month that is not in the two years."""

CUSTOMERS_A_MONTH: Final = 1_740
WAIT_BEFORE, WAIT_AFTER = 4.1, 3.25
WAIT_MATTERS: Final = 0.8
"""Points of the score per point of the wait; no other rating moves the score."""

BLANK: Final = -1
_BLANK_SHARE, _REASON_SHARE = 0.04, 0.2
_PROMOTER, _DETRACTOR = 9, 6
_LATEST_DAY: Final = 28

REASONS: Final = {
    "content": ("Friendly crew.", "Always on time.", "Easy booking.", "A calm crossing."),
    "torn": ("Nothing special.", "Good crew, poor announcements.", "It gets me there."),
    "unhappy": ("Stood in the cold for an hour.", "No word about the delay.", "Nobody tells you which pier."),
}


@dataclass(frozen=True, slots=True)
class Region:
    """Where customers live and board: their share of all, how likely they answer, and their usual score."""

    key: str
    share: float
    answering: float
    score: float


REGIONS: Final = (
    Region("north", 0.50, 0.20, 9.0),
    Region("south", 0.30, 0.12, 8.2),
    Region("islands", 0.20, 0.04, 6.5),
)
REPAIRED: Final = "north"

# Usual rating, 1 to 5; `information` is simply weaker than the others.
RATINGS: Final[Mapping[str, float]] = {"wait": WAIT_BEFORE, "crew": 4.3, "booking": 4.0, "information": 2.6}


@dataclass(frozen=True, slots=True)
class Truth:
    """What a survey of every customer would have found.

    Attributes:
        customers: how many there are in the two years, by region.
        nps: Net Promoter Score of them all.
        wait: mean rating of the wait, before and from the shift on.
        shift: first day of the longer wait.
        repair: what the lane changed in the mean rating of the wait: its quay, less the others in the same time.
        signs: mean rating of information since the new signs, less that before: the mere chance of who came.
    """

    customers: Mapping[str, int]
    nps: float
    nps_by_region: Mapping[str, float]
    wait: tuple[float, float]
    shift: date
    repair: float
    signs: float


@dataclass(frozen=True, slots=True)
class FerryLine:
    """The truth, and the responses of those who answer, oldest first, as the API takes them.

    Attributes:
        responses: of the two years.
        since: from the repair on.
    """

    truth: Truth
    responses: tuple[dict[str, Any], ...]
    since: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Customers:
    """Everybody of some months: place in `REGIONS`, month counted from the first, score and ratings of each."""

    region: NDArray[np.int64]
    month: NDArray[np.int64]
    scores: NDArray[np.int64]
    ratings: Mapping[str, NDArray[np.int64]]

    def mean(self, rating: str, chosen: NDArray[np.bool_]) -> float:
        """Mean rating of those chosen."""
        return float(self.ratings[rating][chosen].mean())


def simulate(seed: int = SEED) -> FerryLine:
    """Two years of customers and the year after; the same seed gives the same line."""
    rng, later_rng = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    years, later = _customers(rng, 0, MONTHS), _customers(later_rng, MONTHS, MONTHS_SINCE)
    responses = tuple(_responses(years, rng, first_number=1))
    since = tuple(_responses(later, later_rng, first_number=len(responses) + 1))
    return FerryLine(_truth(years, later), responses, since)


def _customers(rng: np.random.Generator, first: int, months: int) -> _Customers:
    n = CUSTOMERS_A_MONTH * months
    region = rng.choice(len(REGIONS), size=n, p=[region.share for region in REGIONS])
    month = np.repeat(np.arange(first, first + months), CUSTOMERS_A_MONTH)
    usual: dict[str, float | NDArray[np.float64]] = {**RATINGS, "wait": _usual_wait(region, month)}
    ratings = {key: _on_scale(rng.normal(level, 0.9, size=n), 1, 5) for key, level in usual.items()}
    content = np.array([region.score for region in REGIONS])[region] + WAIT_MATTERS * (ratings["wait"] - WAIT_BEFORE)
    return _Customers(region, month, _on_scale(rng.normal(content, 2.0), 0, 10), ratings)


def _usual_wait(region: NDArray[np.int64], month: NDArray[np.int64]) -> NDArray[np.float64]:
    repaired = (month >= _months_from_start(REPAIR)) & (region == _place(REPAIRED))
    return np.where((month < _months_from_start(SHIFT)) | repaired, WAIT_BEFORE, WAIT_AFTER)


def _truth(years: _Customers, later: _Customers) -> Truth:
    late = years.month >= _months_from_start(SHIFT)
    everybody = np.full(years.region.size, fill_value=True)
    repaired, repaired_later = years.region == _place(REPAIRED), later.region == _place(REPAIRED)
    there = later.mean("wait", repaired_later) - years.mean("wait", late & repaired)
    elsewhere = later.mean("wait", ~repaired_later) - years.mean("wait", late & ~repaired)
    since = np.full(later.region.size, fill_value=True)
    return Truth(
        customers={each.key: int((years.region == i).sum()) for i, each in enumerate(REGIONS)},
        nps=_nps(years.scores),
        nps_by_region={each.key: _nps(years.scores[years.region == i]) for i, each in enumerate(REGIONS)},
        wait=(years.mean("wait", ~late), years.mean("wait", late)),
        shift=SHIFT,
        repair=there - elsewhere,
        signs=later.mean("information", since) - years.mean("information", everybody),
    )


def _responses(said_by: _Customers, rng: np.random.Generator, *, first_number: int) -> Iterator[dict[str, Any]]:
    """What those say who answer, each with some questions left blank."""
    n = said_by.region.size
    who = np.flatnonzero(rng.random(n) < np.array([region.answering for region in REGIONS])[said_by.region])
    said = {key: np.where(rng.random(n) < _BLANK_SHARE, BLANK, values)[who] for key, values in said_by.ratings.items()}
    when = sorted(zip(_moments(said_by.month[who], rng), range(len(who)), strict=True))
    for number, (instant, i) in enumerate(when, first_number):
        region, score = REGIONS[said_by.region[who[i]]].key, int(said_by.scores[who[i]])
        yield _response(number, instant, region, score, _ratings_of(said, i), rng)


def _place(region: str) -> int:
    return [each.key for each in REGIONS].index(region)


def _months_from_start(day: date) -> int:
    return (day.year - FIRST_MONTH.year) * 12 + day.month - FIRST_MONTH.month


def _on_scale(values: NDArray[np.float64], low: int, high: int) -> NDArray[np.int64]:
    return np.clip(np.rint(values), low, high).astype(np.int64)


def _nps(scores: NDArray[np.int64]) -> float:
    return float(100 * ((scores >= _PROMOTER).mean() - (scores <= _DETRACTOR).mean()))


def _moments(months: NDArray[np.int64], rng: np.random.Generator) -> Iterator[datetime]:
    for month, day, second in zip(
        months.tolist(),
        rng.integers(1, _LATEST_DAY + 1, size=months.size).tolist(),
        rng.integers(6 * 3600, 20 * 3600, size=months.size).tolist(),
        strict=True,
    ):
        year, number = divmod(FIRST_MONTH.month - 1 + month, 12)
        start = datetime(FIRST_MONTH.year + year, number + 1, day, tzinfo=UTC)
        yield start + timedelta(seconds=second)


def _ratings_of(said: Mapping[str, NDArray[np.int64]], i: int) -> dict[str, int]:
    return {key: int(values[i]) for key, values in said.items() if values[i] != BLANK}


def _response(
    number: int, instant: datetime, region: str, score: int, ratings: dict[str, int], rng: np.random.Generator
) -> dict[str, Any]:
    answers: dict[str, Any] = {"nps": score, **ratings}
    if rng.random() < _REASON_SHARE:
        mood = "content" if score >= _PROMOTER else "unhappy" if score <= _DETRACTOR else "torn"
        answers["why"] = str(rng.choice(REASONS[mood]))
    return {
        "external_id": f"crossing-{number:05}",
        "submitted_at": instant.isoformat().replace("+00:00", "Z"),
        "attributes": {"region": region},
        "answers": answers,
    }
