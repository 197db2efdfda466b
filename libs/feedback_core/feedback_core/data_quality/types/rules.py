"""An inclusion rule: when a response shows signs of careless answering, and what follows from them; kept as data."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from feedback_core.responses.quality.types import FlagKind

ALL_KINDS: Final = tuple(FlagKind)

MOST_SCALES: Final = 50
MOST_SCALE_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Beyond what a measured value is a sign of careless answering; the defaults are conventions, named in the docs.

    Attributes:
        straight_line_items: fewest rows of a matrix in which a line of equal answers says anything.
        straight_line_share: of the rows of a matrix that one run of equal answers must fill.
        unreversed_grids: whether a line is a sign in a matrix without reversed rows, too, where it can be meant.
        speed_share_of_median: of the median time of the same version and method, below which a response is too fast.
        speed_seconds_per_answer: below which a response is too fast, however long others took.
        duplicate_window_seconds: within which a respondent answers once.
        duplicate_text_length: characters from which two respondents do not write the same by chance.
        duplicate_answers: answers that must agree, with the day and the respondent cell, to be the same ones again.
        inconsistency: even-odd figure above which the halves of scales contradict each other; -1 agrees, 1 contradicts.
        inconsistency_scales: fewest scales for that figure.
        outlier_confidence: of the chi-square quantile that the distance of all answers from the mean must exceed.
        missing_share: of the questions put that were left without an answer.
    """

    straight_line_items: int = 5
    straight_line_share: float = 1.0
    unreversed_grids: bool = False
    speed_share_of_median: float = 1 / 3
    speed_seconds_per_answer: float = 2.0
    duplicate_window_seconds: int = 3_600
    duplicate_text_length: int = 40
    duplicate_answers: int = 10
    inconsistency: float = -0.3
    inconsistency_scales: int = 10
    outlier_confidence: float = 0.999
    missing_share: float = 0.5


@dataclass(frozen=True, slots=True)
class ItemScale:
    """Items that are meant to measure one thing.

    Attributes:
        items: keys of questions, rows of a matrix as ``question.row``; all on one scale of answers.
        reversed: those of them where a high answer means little of it.
    """

    key: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InclusionRule:
    """A version of the rule of a survey.

    Attributes:
        excludes: whether suspect responses stand beside the figures; if not, signs are measured and nothing follows.
        kinds: signs that count.
        at_least: different signs that make a response suspect.
        since: responses submitted before are never suspect; ``None``: all can be.
        scales: sets of items; a matrix of which no row is in one is a scale by itself, without reversed rows.
        version: counts the rules that the survey has had, from 1.
    """

    excludes: bool = True
    kinds: tuple[FlagKind, ...] = ALL_KINDS
    at_least: int = 2
    since: datetime | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    scales: tuple[ItemScale, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A version with who wrote it and when."""

    rule: InclusionRule
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class Flagging:
    """How far the measuring of a survey's responses is.

    Attributes:
        rule_version: that the responses measured last were held to; ``None``: none was measured yet.
        up_to_date: whether every response that can be measured now is, by the rule that holds.
        measured: responses of the current pass.
    """

    rule_version: int | None
    up_to_date: bool
    measured: int
