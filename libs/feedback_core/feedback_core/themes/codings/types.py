"""Vocabulary of coding by hand: batches, codings, what holds of them, and how far coders agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Fault, NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.themes.codings.calc import Verdict

MOST_DRAWN: Final = 1_000
MOST_CODINGS: Final = 1_000
"""Of one request."""

RULES: Final = "rules"
MODEL: Final = "model"
RESERVED: Final = frozenset({RULES, MODEL})
"""Names that no coder may have: they are what programs code under."""


class CoderRole(StrEnum):
    """In which role somebody codes: one of several, or the one who decides where they differ."""

    CODER = "coder"
    ADJUDICATOR = "adjudicator"


class CodingStatus(StrEnum):
    """What became of one coding of a request."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class NothingToCode(NotEstimable):
    """No comment fits what was asked for, so there is nothing to draw from."""

    code = "nothing_to_code"


@dataclass(frozen=True, slots=True)
class CommentRef:
    """The answer of one response to one text question."""

    response_id: UUID
    question: str


@dataclass(frozen=True, slots=True)
class BatchSelection:
    """From which comments a batch is drawn.

    Attributes:
        size: comments to draw, fewer where there are not so many.
        questions: keys of text questions; empty: all.
        start: first instant of submission; ``None``: open.
        end: first instant no longer in it; ``None``: open.
        language: ISO 639-1 code; ``None``: any.
        not_coded: only comments that nobody has coded.
    """

    size: int
    questions: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    language: str | None = None
    not_coded: bool = False


@dataclass(frozen=True, slots=True)
class CodingBatch:
    """Comments drawn at random to be coded.

    Attributes:
        codebook_version: that held when it was drawn.
        seed: the same on the same comments draws the same.
        comments: in random order; those erased since are gone.
    """

    id: UUID
    survey_id: UUID
    codebook_version: int
    selection: BatchSelection
    seed: int
    drawn_by: str
    drawn_at: datetime
    comments: tuple[CommentRef, ...]


@dataclass(frozen=True, slots=True)
class BatchComment:
    """A comment of a batch as coders see it; ``text`` as the reader may see it."""

    position: int
    comment: CommentRef
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class NewCoding:
    """What a coder gives a comment; no themes: it was read, and none applies."""

    comment: CommentRef
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodingResult:
    """What became of one coding of a request, in its order.

    Attributes:
        id: of the coding that now holds; ``None`` where it was rejected.
    """

    status: CodingStatus
    id: UUID | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """A coding as it was recorded; a later one by the same coder in the same role corrects it."""

    id: UUID
    comment: CommentRef
    coder: str
    role: CoderRole
    themes: tuple[str, ...]
    codebook_version: int
    recorded_by: str
    coded_at: datetime


@dataclass(frozen=True, slots=True)
class SettledCoding:
    """What holds of a comment after all coders.

    Attributes:
        coders: who coded it, the first one first; without the adjudicator.
        adjudicated: whether an adjudicator decided.
        disputed: whether coders differ and nobody has decided: the first coder's themes hold until then.
        codebook_version: by which the coding was made that holds.
    """

    comment: CommentRef
    themes: tuple[str, ...]
    coders: tuple[str, ...]
    adjudicated: bool
    disputed: bool
    codebook_version: int


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far two coders agree about one theme.

    Attributes:
        kappa: Cohen's; ``None`` where it cannot be estimated, as ``why_not`` says.
        interval: of kappa; ``None`` where there is none, as for full agreement.
    """

    first: str
    second: str
    n: int
    percent_agreement: float
    kappa: float | None
    interval: Interval | None
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """How far coders agree about one theme, given or not.

    Attributes:
        theme: its key.
        comments: that two or more coders have coded since the theme is in the codebook.
        percent_agreement: share of them about which all agree, 0..1; ``None`` without any.
        alpha: Krippendorff's; ``None`` where it cannot be estimated, as ``why_not`` says.
        verdict: ``reliable`` from .80, ``tentative`` from .667; ``None`` without alpha.
        fleiss_kappa: where every comment has as many coders; ``None`` elsewhere.
        pairs: of coders.
    """

    theme: str
    comments: int
    percent_agreement: float | None
    alpha: float | None
    verdict: Verdict | None
    fleiss_kappa: float | None
    pairs: tuple[PairAgreement, ...]
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A comment about which coders differ, and what each gave it."""

    comment: CommentRef
    themes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CodingAgreement:
    """How far the coders of a survey agree.

    Attributes:
        codebook_version: whose themes are looked at.
        coded: comments that anybody has coded.
        twice: comments that two or more coders have coded.
        adjudicated: comments that an adjudicator has decided.
        disputed: comments about which coders differ and nobody has decided.
        alpha: Krippendorff's over all themes together: every pair of comment and theme is a unit, given or not.
        alpha_interval: by resampling comments; ``None`` with fewer than ten.
        verdict: of ``alpha``.
        seed: that the comments were resampled with.
        themes: in the order of the codebook.
        disagreements: the oldest ones, at most so many as were asked for.
        warnings: what a reader must be told, a sentence each.
    """

    codebook_version: int
    coders: tuple[str, ...]
    coded: int
    twice: int
    adjudicated: int
    disputed: int
    alpha: float | None
    alpha_interval: Interval | None
    verdict: Verdict | None
    seed: int
    themes: tuple[ThemeAgreement, ...]
    disagreements: Sequence[Disagreement] = field(default_factory=tuple)
    warnings: tuple[str, ...] = ()
