"""How precise a figure is from so many answers: the inverse of a sample size."""

import math
from dataclasses import dataclass

from feedback_core.planning.calc.plans.goals import wanted_by
from feedback_core.planning.calc.sample_size import normal_quantile
from feedback_core.planning.types import CompareMeans, CompareNps, CompareProportions, Comparing, SampleRequest

_LEAST = 2


@dataclass(frozen=True, slots=True)
class Precision:
    """What answers are worth.

    Attributes:
        request: of the sample, without design effect of a method and without rates.
        scale: half-width, or smallest difference, of one answer of a simple random sample from an endless population.
        lost: taken from the population before answers are held against it, as the sample size does.
    """

    request: SampleRequest
    scale: float
    lost: int = 0

    def of(self, answers: float, design_effect: float) -> float | None:
        """Half-width of the interval, or the smallest difference that is found; ``None``: too few answers."""
        if answers < _LEAST:
            return None
        reached = self.scale * math.sqrt(design_effect / answers)
        population = self.request.population
        if population is None or isinstance(self.request.goal, Comparing):
            return reached
        if answers >= population:
            return 0.0
        return reached * math.sqrt((population - answers) / max(population - self.lost, 1))

    @property
    def words(self) -> str:
        """What is told of ``of``."""
        return "a smallest difference of" if isinstance(self.request.goal, Comparing) else "±"


def precision_of(request: SampleRequest) -> Precision:
    """How precise answers make the figure of a request.

    A smallest difference falls with the square root of all answers, as the margin does; so both follow from what the
    goal itself takes.

    Raises:
        NotPlannable: no number of answers reaches the goal.
    """
    wanted = wanted_by(request.goal, request.level)
    if wanted.half_width is not None:
        lost = 1 if wanted.correction == "exact" else 0
        return Precision(request, normal_quantile(request.level) * wanted.spread, lost)
    return Precision(request, _difference(request.goal) * math.sqrt(sum(wanted.exact)))


def _difference(goal: object) -> float:
    match goal:
        case CompareProportions():
            return abs(goal.first - goal.second)
        case CompareMeans() | CompareNps():
            return abs(goal.difference)
    raise AssertionError(goal)
