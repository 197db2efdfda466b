"""Vocabulary of interviewer effects."""

from dataclasses import dataclass
from typing import Final

from feedback_core.kit.estimates import Interval

LEAST_EACH: Final = 10
"""Answers of an interviewer below which nothing is said of them."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Answers to one interviewer: how many, their sum, and the sum of their squares."""

    interviewer: str
    n: int
    total: float
    squares: float


@dataclass(frozen=True, slots=True)
class InterviewerDifference:
    """An interviewer beside all others.

    Attributes:
        difference: mean of their answers, less the mean of all others'.
        differs: whether the interval, which holds for all interviewers together, leaves out 0.
    """

    interviewer: str
    n: int
    mean: float
    difference: float
    interval: Interval
    differs: bool


@dataclass(frozen=True, slots=True)
class InterviewerEffects:
    """How far answers depend on who asked.

    Attributes:
        n: answers that are in it.
        correlation: rho_int: the share of the variance that lies between interviewers; below 0 if answers to the
            same one differ more than chance would have it.
        workload: answers of an interviewer, weighted by them.
        design_effect: by which interviewers raise the variance of the mean.
        n_effective: answers without interviewers that would say as much.
        left_out: interviewers with too few answers, and those answers.
        warnings: what a reader must be told.
    """

    n: int
    interviewers: tuple[InterviewerDifference, ...]
    correlation: float
    correlation_interval: Interval
    workload: float
    design_effect: float
    n_effective: float
    left_out: tuple[int, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TypingErrors:
    """How often forms are mistyped, by what was typed twice.

    Attributes:
        difference_rate: differing fields of those compared.
        first_error_rate: fields that the first typed wrong, of the settled ones; ``None``: none is settled.
    """

    forms: int
    waiting: int
    settled: int
    compared: int
    differing: int
    difference_rate: float
    difference_interval: Interval
    compared_settled: int
    first_wrong: int
    second_wrong: int
    first_error_rate: float | None
    first_error_interval: Interval | None
