"""What a plan says: its sentence, what it assumes, what a planner must be told."""

from feedback_core.planning.calc.plans.goals import Wanted
from feedback_core.planning.types import (
    AllocationPlan,
    Comparing,
    GroupPlan,
    ProportionGoal,
    SampleRequest,
)

_SMALL = 30
"""Answers below which the plain interval of a plan is too narrow."""


def sentence_of(
    request: SampleRequest, wanted: Wanted, groups: tuple[GroupPlan, ...], answers: int, invitations: int,
    allocation: AllocationPlan | None,
) -> str:  # fmt: skip
    """The plan in one sentence."""
    invited = f", for which {invitations} people are to be invited" if invitations > answers else ""
    goal = request.goal
    if isinstance(goal, Comparing):
        each = f"{groups[0].answers} and {groups[1].answers} answers"
        if groups[0].answers == groups[1].answers:
            each = f"{groups[0].answers} answers of each group"
        return f"To find {wanted.words} with a probability of {100 * goal.power:g} %, get {each}{invited}."
    certain = f"at {100 * request.level:g} % confidence"
    if allocation is not None and allocation.to != "precision":
        reached = f"{allocation.margin:.3g}" if allocation.margin < 1 else f"{allocation.margin:.4g}"
        over = f"{answers} answers over {len(allocation.strata)} strata give an interval of ± {reached} {certain}"
        return f"{over}{invited}."
    over = f" over {len(allocation.strata)} strata" if allocation else ""
    return f"To tell {wanted.words} {certain}, get {answers} answers{over}{invited}."


def assumptions_of(request: SampleRequest) -> tuple[str, ...]:
    """What must be true for the plan to hold."""
    found = ["Those invited are drawn at random, and those who answer are like those who do not."]
    goal = request.goal
    if isinstance(goal, Comparing):
        found.append("Both groups are asked independently, and the spread of answers is as guessed.")
        if request.population is not None:
            found.append("The difference is one of the process, so the size of the population does not lower the n.")
    else:
        found.append("The spread of answers is as guessed; a pilot or an earlier survey tells it.")
    if isinstance(goal, ProportionGoal) and goal.interval == "wald":
        found.append("The interval is the plain one; the service's own is a little wider at small n.")
    if request.design_effect != 1.0 or request.clusters is not None:
        found.append("The design effect is as guessed, and is that of the variance of this figure.")
    return tuple(found)


def warnings_of(
    population: int | None, groups: tuple[GroupPlan, ...], invitations: int, allocation: AllocationPlan | None
) -> tuple[str, ...]:
    """What a planner must be told."""
    found = []
    if population is not None and invitations > population:
        words = f"{invitations} invitations are more than the {population} people there are"
        found.append(f"{words}: accept less precision, or raise the response rate.")
    found += [
        f"{part.name}: {part.invitations} invitations are more than its {part.population} people."
        for part in (allocation.strata if allocation else ())
        if part.invitations > part.population
    ]
    if any(group.answers < _SMALL for group in groups):
        found.append("Less than 30 answers: intervals by the normal distribution are too narrow there.")
    return tuple(found)
