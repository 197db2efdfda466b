"""Vocabulary of outcome links: how often customers did something, by how satisfied they had said they were."""

from dataclasses import dataclass

from feedback_core.kit.estimates import Interval


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Those who gave one answer; of a group that is withheld nothing is told.

    Attributes:
        answer: category of the satisfaction question.
        counted: of ``n``, those of whom the outcome is one that counts.
        share: of these, 0..1; ``None`` where nobody gave the answer.
    """

    answer: str
    withheld: bool
    n: int | None = None
    counted: int | None = None
    share: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class TrendInShares:
    """Whether the share rises or falls from one answer to the next: Cochran and Armitage.

    Attributes:
        rises: with satisfaction; ``None`` where it does neither.
        shown: whether ``p_value`` is below 1 - level.
    """

    z: float
    p_value: float
    rises: bool | None
    shown: bool
    n: int


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """Odds of the outcome among those who gave a best answer, over those among all others.

    Attributes:
        best: the answers that count as best.
        warnings: what a reader must be told of it.
    """

    value: float
    interval: Interval
    best: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeLink:
    """What goes with satisfaction.

    Attributes:
        groups: the lowest answer first.
        n: respondents whose answers and outcomes are both known; ``None`` where even that is withheld.
        left_out: complete responses selected that lack one of the two.
        trend: ``None`` where it cannot be tested; ``not_testable`` then says why.
        odds_ratio: ``None`` likewise.
        sentence: the finding in plain words.
        cannot_tell: what it does not show, a sentence each; never empty.
    """

    groups: tuple[OutcomeGroup, ...]
    n: int | None
    left_out: int | None
    trend: TrendInShares | None
    odds_ratio: OddsRatio | None
    not_testable: str | None
    sentence: str
    cannot_tell: tuple[str, ...]
