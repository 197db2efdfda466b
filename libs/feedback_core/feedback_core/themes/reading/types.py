"""Vocabulary of reading: comments that are due, and what was read out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.themes.codebooks.types import Codebook
from feedback_core.themes.types import Tone


@dataclass(frozen=True, slots=True)
class Position:
    """How far the responses of a survey have been read, in the order of recording transactions and ids.

    Attributes:
        xid: transaction.
        response_id: last response of it; the least id: none of it, but all before it.
        reader_version: what they were read by.
        codebook_version: whose rules were held against them; 0: none.
    """

    xid: int
    response_id: UUID
    reader_version: int
    codebook_version: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read out of one comment.

    Attributes:
        language: ISO 639-1 code; ``None`` where it cannot be told.
        tone: of its sentiment; ``None`` where its language has no model.
        sentiment: -1..1, with ``tone``.
        themes: that the rules of the codebook give; ``None`` without a codebook.
        lot: decided by chance alone, but always alike.
    """

    response_id: UUID
    question_key: str
    language: str | None
    tone: Tone | None
    sentiment: float | None
    themes: tuple[str, ...] | None
    lot: int


@dataclass(frozen=True, slots=True)
class CommentDue:
    """A comment to be read.

    Attributes:
        text: as it was written.
        known: an earlier reading whose language and sentiment still hold; only its themes are found anew.
    """

    response_id: UUID
    question_key: str
    text: str
    known: Reading | None


@dataclass(frozen=True, slots=True)
class Part:
    """Comments to be read in one step.

    Attributes:
        before: where the survey stood; ``None``: nothing of it was read yet.
        after: where it stands once they are kept.
        comments: of the responses in between.
        codebook: that holds now; ``None``: there is none.
        questions: as the survey asks them, by key: "nothing" is praise where it was asked what to improve.
        default_language: that comments are taken for where it cannot be told.
        more: whether more wait behind them.
    """

    before: Position | None
    after: Position
    comments: Sequence[CommentDue]
    codebook: Codebook | None
    questions: Mapping[str, str]
    default_language: str
    more: bool
