"""Vocabulary of definitions: what a KPI is made of, kept as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from feedback_core.kpis.types.standing import SUSPECTED, Standing
from feedback_core.surveys.types import QuestionType, Take

WHOLE = ""
"""Item that stands for the question as a whole, beside the rows of a matrix or the choices of a list."""


class Measure(StrEnum):
    """How a figure is made from the answers."""

    NPS = "nps"
    TOP_BOX = "top_box"
    MEAN = "mean"
    MEDIAN = "median"
    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"


class Nature(StrEnum):
    """Whether a figure rests on what people said they think, or on what was observed."""

    OPINION = "opinion"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Boxes:
    """Answers from ``lowest`` to ``highest``, both included; ``None``: no limit on that side."""

    lowest: float | None = None
    highest: float | None = None

    def hold(self, value: float) -> bool:
        """Whether a value lies in them."""
        return (self.lowest is None or value >= self.lowest) and (self.highest is None or value <= self.highest)


@dataclass(frozen=True, slots=True)
class NpsGroups:
    """Which answers make a promoter, a passive, a detractor, on a scale other than 0 to 10."""

    promoters: tuple[int, ...]
    passives: tuple[int, ...]
    detractors: tuple[int, ...]

    def values(self) -> tuple[int, ...]:
        """Every answer that is in a group, as often as it is."""
        return (*self.promoters, *self.passives, *self.detractors)


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """A version of a KPI.

    Attributes:
        key: its name in every route.
        measure: how it is made from the answers.
        question_types: of questions it may be asked of; empty: it counts responses.
        higher_is_better: direction; ``None`` where neither end is good.
        found_by_type: type whose only question is meant when none is named; ``None``: one must be named.
        question: key of the question that it is always of; for a ratio, the one above the line.
        denominator: for a ratio, key of the question below the line.
        choice: whose share it always is.
        boxes: for a share in the top boxes, which; ``None``: the best two beyond the middle of the scale.
        groups: for an NPS on another scale than 0 to 10.
        points: for a mean, what each answer is worth; answers that are not named in it do not count.
        counts_partials: whether answers of responses that were not completed count.
        counts_suspects: whether responses count that the survey's inclusion rule holds for suspect.
        take: which responses of one respondent count; ``None``: those that the survey's setting says.
        minimum_n: fewest answers that it may be shown for; the organisation's minimum holds beside it.
        nature: opinion, or observed fact.
        version: counts the definitions that this key has had, from 1.
    """

    key: str
    name: str
    unit: str
    measure: Measure
    question_types: frozenset[QuestionType]
    higher_is_better: bool | None = None
    found_by_type: QuestionType | None = None
    question: str | None = None
    denominator: str | None = None
    choice: str | None = None
    boxes: Boxes | None = None
    groups: NpsGroups | None = None
    points: Mapping[str, float] | None = None
    counts_partials: bool = False
    counts_suspects: bool = False
    take: Take | None = None
    minimum_n: int = 1
    nature: Nature = Nature.OPINION
    version: int = 1

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Of the responses that count."""
        standings: tuple[Standing, ...] = (Standing.COMPLETE,)
        if self.counts_partials:
            standings += (Standing.PARTIAL,)
        if self.counts_suspects:
            standings += tuple(SUSPECTED[standing] for standing in standings)
        return standings

    @property
    def inclusion(self) -> str:
        """Which responses count, in words that every answer carries."""
        counted = "complete and partial" if self.counts_partials else "complete"
        beside = ["excluded"]
        if not self.counts_suspects:
            beside.append("suspect")
        if not self.counts_partials:
            beside.append("partial")
        taken = _TAKEN.get(self.take, f"; of each known respondent the {self.take} one in the selected time")
        suspects = ", suspect ones too" if self.counts_suspects else ""
        aside = f"{', '.join(beside)}, screened-out, over-quota and invalid ones are counted beside the figure"
        return f"{counted} responses{suspects}{taken}; {aside}"


_TAKEN: Mapping[Take | None, str] = {
    Take.ALL: "",
    None: "; of each known respondent those that the survey's setting says",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is about, settled against the published questionnaire.

    Attributes:
        item: row of a matrix, or choice that is ranked; ``WHOLE`` otherwise.
        choice: whose share is asked for.
        scale: ends of the scale, where the measure needs them.
    """

    definition: KpiDefinition
    survey_id: UUID
    question_key: str
    question_type: QuestionType | None = None
    item: str = WHOLE
    choice: str | None = None
    scale: tuple[int, int] | None = field(default=None)
