"""What an analysis of data quality finds."""

from dataclasses import dataclass
from typing import Final

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.responses.quality.types import FlagKind

RELIABLE: Final = 0.7
"""Usual minimum of a reliability; Nunnally (1978) asks for more where decisions about single people rest on a scale."""


@dataclass(frozen=True, slots=True)
class FlagShare:
    """How many responses show one sign.

    Attributes:
        n: that do.
        share: of the responses that were looked at.
    """

    kind: FlagKind
    n: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class GroupFlags:
    """The signs in one group; withheld where the group is too small, or would follow from the others.

    Attributes:
        attribute: what groups are told apart by.
        group: ``None`` for responses of which the attribute is not known.
        looked_at: responses; ``None`` where withheld.
        suspects: share that is suspect; ``None`` where withheld.
        kinds: empty where withheld.
    """

    attribute: str
    group: str | None
    withheld: bool
    looked_at: int | None = None
    suspects: Estimate | None = None
    kinds: tuple[FlagShare, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentTest:
    """Whether a share is the same in all groups of an attribute that are shown.

    Attributes:
        about: a question whose answers are missing, or ``suspects``.
        p_value: Pearson's chi-square test.
        p_adjusted: for the number of such tests of this analysis (Benjamini and Hochberg).
        cramers_v: size of the association, 0..1.
        warnings: what a reader must be told, a sentence each.
    """

    attribute: str
    about: str
    p_value: float
    p_adjusted: float
    cramers_v: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionGradient:
    """Whether later questions are left out more.

    Attributes:
        tau_b: rank correlation of position and rate over the questions; above 0: they are.
        p_value: of it, two-sided.
        not_estimable: why there is none; ``None`` where there is one.
    """

    tau_b: float | None
    p_value: float | None
    not_estimable: str | None


@dataclass(frozen=True, slots=True)
class FlagFindings:
    """Signs of careless answering in complete and partial responses that nobody excluded.

    Attributes:
        rule_version: of the inclusion rule that holds.
        excludes: whether suspect responses stand beside the figures.
        up_to_date: whether every response is measured by it.
        looked_at: responses.
        suspects: share of them that is suspect.
        kinds: by sign.
        groups: by method and the attributes asked for.
    """

    rule_version: int
    excludes: bool
    up_to_date: bool
    looked_at: int
    suspects: Estimate
    kinds: tuple[FlagShare, ...]
    groups: tuple[GroupFlags, ...]


@dataclass(frozen=True, slots=True)
class GroupNonresponse:
    """A question's missing answers in one group; ``rate`` is ``None`` where withheld, or where nobody was asked."""

    attribute: str
    group: str | None
    withheld: bool
    asked: int | None = None
    missing: int | None = None
    rate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class ItemNonresponseFinding:
    """A question that was put and left without an answer.

    Attributes:
        position: in the questionnaire, from 1.
        asked: complete responses to which it was put.
        missing: of these, without an answer; "don't know" and "does not apply" are answers.
        rate: ``None`` where too few were asked to show it.
        groups: by method and the attributes asked for.
    """

    position: int
    question: str
    asked: int | None
    missing: int | None
    rate: Estimate | None
    groups: tuple[GroupNonresponse, ...] = ()


@dataclass(frozen=True, slots=True)
class BreakOffStep:
    """Who stopped after a question.

    Attributes:
        position: of the last question answered; 0: none was.
        stopped: responses that were not completed and have no answer to a later question.
        remaining: share of all begun that went on beyond it (Kaplan-Meier; nobody is censored before the end).
    """

    position: int
    question: str | None
    stopped: int
    remaining: Estimate


@dataclass(frozen=True, slots=True)
class BreakOff:
    """Where respondents stopped.

    Attributes:
        begun: complete and partial responses that nobody excluded, suspect or not; ``None`` where too few.
        stopped: share of them that was not completed; ``None`` where too few were begun.
        steps: where somebody stopped, in the order of the questions.
    """

    begun: int | None
    stopped: Estimate | None
    steps: tuple[BreakOffStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ScaleFinding:
    """Reliability of a set of items, or why it has none.

    Attributes:
        key: of the set, or of the matrix.
        items: in their order; item numbers in warnings count them from 1.
        reversed: turned round before anything was calculated.
        n: complete responses with an answer to every item; ``None`` where too few to be shown.
        alpha: Cronbach's; of two items, read ``spearman_brown``.
        interval: of ``alpha`` (Feldt).
        spearman_brown: of two items; ``None`` of more.
        omega: of three items or more, under one factor fitted by maximum likelihood; ``None`` where it has no fit.
        average_correlation: of two items.
        alpha_if_dropped: without each item, in their order.
        item_rest_correlations: of each item with the sum of the others.
        not_estimable: why there is no alpha; ``None`` where there is one.
        warnings: what a reader must be told, a sentence each.
    """

    key: str
    items: tuple[str, ...]
    reversed: tuple[str, ...]
    n: int | None
    alpha: float | None = None
    interval: Interval | None = None
    spearman_brown: float | None = None
    omega: float | None = None
    average_correlation: float | None = None
    alpha_if_dropped: tuple[float | None, ...] = ()
    item_rest_correlations: tuple[float | None, ...] = ()
    not_estimable: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KpiWithAndWithout:
    """A KPI with and without suspect responses.

    Attributes:
        name: inside a sentence.
        withheld: too few answered for any of it to be shown.
        suspects: answers of suspect responses.
        with_suspects: ``None`` where it cannot be shown, or would tell what a few suspects said.
        without_suspects: likewise.
        unit: of the figures, as the KPI names it; empty in runs before it was kept.
        bounds: ends of the scale of the figure; ``None``: it has no end there.
    """

    name: str
    withheld: bool
    suspects: int = 0
    with_suspects: Estimate | None = None
    without_suspects: Estimate | None = None
    unit: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
