"""Vocabulary of KPIs: definitions, what is asked of one, and what it answers."""

from feedback_core.kpis.types.cells import CellAnswers, PackedCells, PackedCounts
from feedback_core.kpis.types.definitions import (
    WHOLE,
    Boxes,
    KpiDefinition,
    Measure,
    Nature,
    NpsGroups,
    Target,
)
from feedback_core.kpis.types.figures import (
    BOTH,
    RESPONSES,
    UNANSWERED,
    AnswerCounts,
    Bucket,
    CountRow,
    Excluded,
    Figure,
    FigureQuality,
    FigureWeighting,
    Grain,
    GroupFigure,
    PeriodFigure,
    Selection,
    Withheld,
)
from feedback_core.kpis.types.pairs import NO_PAIRS, PairSums
from feedback_core.kpis.types.standing import SUSPECTED, Standing
from feedback_core.surveys.types import Take

__all__ = [
    "BOTH",
    "NO_PAIRS",
    "RESPONSES",
    "SUSPECTED",
    "UNANSWERED",
    "WHOLE",
    "AnswerCounts",
    "Boxes",
    "Bucket",
    "CellAnswers",
    "CountRow",
    "Excluded",
    "Figure",
    "FigureQuality",
    "FigureWeighting",
    "Grain",
    "GroupFigure",
    "KpiDefinition",
    "Measure",
    "Nature",
    "NpsGroups",
    "PackedCells",
    "PackedCounts",
    "PairSums",
    "PeriodFigure",
    "Selection",
    "Standing",
    "Take",
    "Target",
    "Withheld",
]
