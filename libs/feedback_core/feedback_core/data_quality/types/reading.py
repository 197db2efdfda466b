"""What an analysis of data quality is calculated from: counts, and moments of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_core.data_quality.types.items import ItemSet
from feedback_core.data_quality.types.rules import Flagging, InclusionRule
from feedback_core.kpis.types import Figure, Target, Withheld
from feedback_core.responses.quality.calc import AnswerMoments
from feedback_core.responses.quality.types import FlagKind


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """One group, or everybody.

    Attributes:
        looked_at: complete and partial responses that nobody excluded.
        suspects: of these.
        signs: of these, by sign.
    """

    looked_at: int
    suspects: int
    signs: Mapping[FlagKind, int]


@dataclass(frozen=True, slots=True)
class AskedCounts:
    """How many were asked a question, and how many of them gave no answer."""

    asked: int
    missing: int


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """A question; ``by`` has attribute to group to counts."""

    question: str
    of_everybody: AskedCounts
    by: Mapping[str, Mapping[str | None, AskedCounts]]


@dataclass(frozen=True, slots=True)
class ScaleAnswers:
    """A set of items with the moments of its answers.

    Attributes:
        moments: ``None`` of a single item.
        incomplete: complete responses with an answer to some of its items only.
    """

    one: ItemSet
    moments: AnswerMoments | None
    incomplete: int


@dataclass(frozen=True, slots=True)
class QualityReading:
    """All that was read.

    Attributes:
        rule: that holds; ``None``: there is none.
        everybody: whatever their group.
        groups: attribute to group to counts.
        stopped: partial responses by the position of the last question that they answer.
        kpi: what it is of, and its figure; ``None`` where none was asked for.
    """

    rule: InclusionRule | None
    flagging: Flagging
    everybody: GroupCounts
    groups: Mapping[str, Mapping[str | None, GroupCounts]]
    questions: Sequence[QuestionCounts]
    stopped: Mapping[int, int]
    scales: Sequence[ScaleAnswers]
    kpi: tuple[Target, Figure | Withheld] | None
