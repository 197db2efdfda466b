"""Holders of a season ticket, of whom the line keeps names and addresses: who would answer, and what.

Holders on the islands are the least content and the least likely to answer an e-mail, as among all customers.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

SEED: Final = 20_250_301
HOLDERS: Final = 10_000
TWICE: Final = 150
"""Holders who stand in the file a second time, under another number."""

_REGIONS: Final = {"north": (0.50, 0.55, 8.8), "south": (0.30, 0.45, 8.0), "islands": (0.20, 0.15, 6.2)}
_TORN: Final = 7
_PROMOTER, _DETRACTOR = 9, 6
_COMMENTS: Final = {True: "On time, every day.", False: "I missed my train for the second time."}


@dataclass(frozen=True, slots=True)
class Holder:
    """One of them.

    Attributes:
        answers_mail: whether an invitation by e-mail is answered.
        score: how likely they would recommend the line, 0..10.
    """

    ref: str
    name: str
    email: str
    region: str
    answers_mail: bool
    score: int

    @property
    def answers(self) -> dict[str, object]:
        """What they say."""
        return {"nps": self.score, "punctual": min(5, max(1, self.score // 2)), "why": _COMMENTS[self.score > _TORN]}


def simulate_holders(seed: int = SEED) -> tuple[Holder, ...]:
    """The same seed gives the same holders."""
    rng = np.random.default_rng(seed)
    keys = tuple(_REGIONS)
    regions = rng.choice(len(keys), HOLDERS, p=[share for share, _, _ in _REGIONS.values()])
    chance, spread = rng.random(HOLDERS), rng.normal(0.0, 1.5, HOLDERS)
    holders = []
    for number, place in enumerate(regions.tolist(), 1):
        _, answering, score = _REGIONS[keys[place]]
        holders.append(
            Holder(
                ref=f"S-{number:05}",
                name=f"Holder {number:05}",
                email=f"holder.{number:05}@example.org",
                region=keys[place],
                answers_mail=bool(chance[number - 1] < answering),
                score=int(np.clip(round(score + spread[number - 1]), 0, 10)),
            )
        )
    return tuple(holders)


def csv_of(holders: Sequence[Holder]) -> bytes:
    """The file that the ticket office exports, some holders in it twice."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Number", "Name", "E-mail", "Region"])
    for each in holders:
        writer.writerow([each.ref, each.name, each.email, each.region])
    for each in holders[:TWICE]:
        writer.writerow([f"{each.ref}-old", each.name, each.email.upper(), each.region])
    return text.getvalue().encode()


def nps_of(holders: Sequence[Holder]) -> float:
    """Net Promoter Score of them all, answered or not."""
    scores = np.array([holder.score for holder in holders])
    return float(100 * ((scores >= _PROMOTER).mean() - (scores <= _DETRACTOR).mean()))
