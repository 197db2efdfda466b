"""What came of a collection, taken from the service's answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback_dev.demo.findings import Figure


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom was asked, and how that was chosen.

    Attributes:
        method: that the comparison put first, with why.
        answers: that are needed for the precision wanted.
        rows: of the file; ``repeated`` of them are people who are in it already.
        drawn: units by region.
        mailed: addresses that a mail came to, none twice.
    """

    method: str
    why: str
    answers: int
    rows: int
    repeated: int
    drawn: Mapping[str, int]
    mailed: int


@dataclass(frozen=True, slots=True)
class Heard:
    """Who answered, and by what.

    Attributes:
        in_browser: who answered on the hosted page; ``None``: there is no browser on this machine.
        refused_again: code of the problem that a second answer by the same link met.
        completed: as the fieldwork counts them.
        rate: of response, as AAPOR's RR1.
        weighted: score by the design of the sample; beside it as it was answered.
    """

    in_browser: int | None
    by_program: int
    refused_again: str
    completed: int
    rate: Figure
    unweighted: Figure
    weighted: Figure


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed in the plan, and by what signal.

    Attributes:
        alert: what was seen, in the service's words.
        methods: of the plan's new revision.
        signal: that stands on that revision.
        differences: places in which it differs from the first.
    """

    alert: str
    subject: str
    methods: tuple[str, ...]
    signal: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """All of it."""

    asked: Asked
    heard: Heard
    changed: Changed
