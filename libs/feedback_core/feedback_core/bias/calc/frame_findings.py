"""What a frame tells beside its margins: response of the invited, coverage, outcome rates; and what that forbids."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from feedback_core.bias.calc.cell_table import KpiScores
from feedback_core.bias.calc.coverage import coverage
from feedback_core.bias.calc.evidence import evidence_of_coverage, evidence_of_response
from feedback_core.bias.calc.outcomes import assess_fieldwork
from feedback_core.bias.types import BiasReason, Coverage, FieldworkAssessment, ResponseAssessment, SamplingFrame
from feedback_core.fieldwork.calc.response import assess_response
from feedback_core.kit.errors import NotEstimable

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class FrameFindings:
    """Findings from the invited, the reach and the outcomes; what was not given or cannot be assessed is ``None``.

    Attributes:
        evidence: what in them bears on the verdict.
        not_assessed: why something that was given is missing, a sentence each.
    """

    response: ResponseAssessment | None
    coverage: Coverage | None
    fieldwork: FieldworkAssessment | None
    evidence: tuple[BiasReason, ...]
    not_assessed: tuple[str, ...]


def assess_frame(
    frame: SamplingFrame,
    heard: Sequence[tuple[Mapping[str, str], int]],
    kpi: KpiScores,
    counts: Mapping[str, int],
    *,
    level: float = 0.95,
    minimum_cell: int = 5,
) -> FrameFindings:
    """Assess what the frame names beside its margins.

    Args:
        frame: as given.
        heard: complete responses by what is known of their respondents.
        kpi: how answers become scores.
        counts: answers by value.
        level: coverage of the intervals.
        minimum_cell: fewer responses than this are not shown.
    """
    refusals: list[str] = []
    mean, deviation = _moments(kpi, counts)
    responded = sum(n for _, n in heard)
    scale = (min(kpi.by_value.values()), max(kpi.by_value.values())) if kpi.bounded else None
    response = reached = outcomes = None
    if frame.invited:
        response = _unless_refused(
            lambda: assess_response(
                frame.invited, heard, standard_deviation=deviation, level=level, minimum_cell=minimum_cell
            ),
            "Response",
            refusals,
        )
    if (reach := frame.reach) is not None:
        reached = _unless_refused(lambda: coverage(reach.population, reach.stages), "Coverage", refusals)
    if (given := frame.outcomes) is not None:
        outcomes = _unless_refused(
            lambda: assess_fieldwork(given, mean=mean, scale=scale, heard=responded, level=level), "Fieldwork", refusals
        )
    evidence = (
        *(() if response is None else evidence_of_response(response)),
        *(() if reached is None else evidence_of_coverage(reached)),
    )
    return FrameFindings(response, reached, outcomes, evidence, tuple(refusals))


def _moments(kpi: KpiScores, counts: Mapping[str, int]) -> tuple[float, float]:
    n = sum(counts.values())
    mean = math.fsum(kpi.by_value[value] * count for value, count in counts.items()) / n
    squares = math.fsum((kpi.by_value[value] - mean) ** 2 * count for value, count in counts.items())
    return mean, math.sqrt(squares / max(n - 1, 1))


def _unless_refused(assess: Callable[[], Found], what: str, refusals: list[str]) -> Found | None:
    try:
        return assess()
    except NotEstimable as refusal:
        refusals.append(f"{what} was not assessed. {refusal.detail}")
        return None
