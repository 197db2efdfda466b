"""A ferry line whose truth is known: every customer's opinion, of which the survey hears only a part.

Customers of the islands are the least content and the least likely to answer; from one month on everybody waits longer
to board. Opinions and answering are independent within a region, so weighting to the regions can mend the bias.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 20_240_301
FIRST_MONTH: Final = date(2023, 1, 1)
MONTHS: Final = 24
SHIFT: Final = date(2024, 3, 1)
CUSTOMERS_A_MONTH: Final = 1_740
WAIT_BEFORE, WAIT_AFTER = 4.1, 3.25
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
    """Where customers live: their share of all, how likely they answer, and their usual score."""

    key: str
    share: float
    answering: float
    score: float


REGIONS: Final = (
    Region("north", 0.50, 0.20, 8.7),
    Region("south", 0.30, 0.12, 7.9),
    Region("islands", 0.20, 0.04, 6.2),
)

# Usual rating, 1 to 5; `information` is simply weaker than the others.
RATINGS: Final[Mapping[str, float]] = {"wait": WAIT_BEFORE, "crew": 4.3, "booking": 4.0, "information": 2.6}


@dataclass(frozen=True, slots=True)
class Truth:
    """What a survey of every customer would have found.

    Attributes:
        customers: how many there are, by region.
        nps: Net Promoter Score of them all.
        wait: mean rating of the wait, before and from the shift on.
        shift: first day of the longer wait.
    """

    customers: Mapping[str, int]
    nps: float
    nps_by_region: Mapping[str, float]
    wait: tuple[float, float]
    shift: date


@dataclass(frozen=True, slots=True)
class FerryLine:
    """The truth, and the responses of those who answer, oldest first, as the API takes them."""

    truth: Truth
    responses: tuple[dict[str, Any], ...]


def simulate(seed: int = SEED) -> FerryLine:
    """Two years of customers; the same seed gives the same line."""
    rng = np.random.default_rng(seed)
    n = CUSTOMERS_A_MONTH * MONTHS
    region = rng.choice(len(REGIONS), size=n, p=[region.share for region in REGIONS])
    month = np.repeat(np.arange(MONTHS), CUSTOMERS_A_MONTH)
    late = month >= _months_from_start(SHIFT)
    scores = _on_scale(rng.normal(np.array([region.score for region in REGIONS])[region], 2.0), 0, 10)
    ratings = {
        key: _on_scale(rng.normal(np.where(late, WAIT_AFTER, usual) if key == "wait" else usual, 0.9, size=n), 1, 5)
        for key, usual in RATINGS.items()
    }
    truth = Truth(
        customers={each.key: int((region == i).sum()) for i, each in enumerate(REGIONS)},
        nps=_nps(scores),
        nps_by_region={each.key: _nps(scores[region == i]) for i, each in enumerate(REGIONS)},
        wait=(float(ratings["wait"][~late].mean()), float(ratings["wait"][late].mean())),
        shift=SHIFT,
    )
    answering = rng.random(n) < np.array([region.answering for region in REGIONS])[region]
    who = np.flatnonzero(answering)
    said = {key: np.where(rng.random(n) < _BLANK_SHARE, BLANK, values)[who] for key, values in ratings.items()}
    when = sorted(zip(_moments(month[who], rng), range(len(who)), strict=True))
    responses = tuple(
        _response(number, instant, REGIONS[region[who[i]]].key, int(scores[who[i]]), _ratings_of(said, i), rng)
        for number, (instant, i) in enumerate(when, 1)
    )
    return FerryLine(truth, responses)


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
