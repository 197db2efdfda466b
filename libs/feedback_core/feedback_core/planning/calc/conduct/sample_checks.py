"""Whether the sample of a plan bears what is planned with it."""

import math
from collections.abc import Iterator

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc.plans import plan_sample
from feedback_core.planning.types import SampleRequest
from feedback_core.planning.types.plan_findings import PlanFinding
from feedback_core.planning.types.plans import Between, Design, PlanDetails, PlannedComparison, Sampling


def sample_findings(details: PlanDetails) -> Iterator[PlanFinding]:
    """What is wrong with the sample, and with what is to be made of it."""
    sampling, analysis = details.sampling, details.analysis
    if analysis is None or not (analysis.kpis or analysis.analyses or analysis.comparisons):
        detail = "Fix what will be made of the answers before there are any: figures, comparisons, tests."
        yield PlanFinding("no_analysis_plan", "/analysis", detail)
    if sampling is None:
        yield PlanFinding("no_sampling", "/sampling", "Say who is asked, drawn from which list, and how many.")
        return
    yield from _sample(sampling)
    waves = details.recurrence.waves if details.recurrence else 1
    for place, comparison in enumerate(analysis.comparisons if analysis else ()):
        pointer = f"/analysis/comparisons/{place}"
        if comparison.between is Between.PERIODS and waves == 1:
            detail = "Periods are to be compared, and there is one wave: say how the plan recurs."
            yield PlanFinding("comparison_without_waves", pointer, detail)
        yield from _power(sampling, comparison, pointer, analysis.level if analysis else 0.95)


def _sample(sampling: Sampling) -> Iterator[PlanFinding]:
    if sampling.non_response is None and sampling.design is not Design.CONVENIENCE:
        detail = "Say what is done about those who do not answer: reminders, another method, weighting, a follow-up."
        yield PlanFinding("no_non_response_plan", "/sampling/non_response", detail)
    if sampling.design is Design.CONVENIENCE:
        detail = "Who is at hand is asked: no figure of all customers follows, whatever its interval."
        yield PlanFinding("convenience_sample", "/sampling/design", detail)
    invited, wanted, people = sampling.invitations, sampling.answers, sampling.population
    if wanted is None:
        yield PlanFinding("no_answers_wanted", "/sampling/answers", "Say how many usable answers are wanted.")
    elif invited is not None and sampling.response_rate is not None:
        expected = math.floor(invited * sampling.response_rate + 1e-9)
        if expected < wanted:
            detail = f"{invited} invitations bring about {expected} answers, and {wanted} are wanted."
            yield PlanFinding("too_few_invitations", "/sampling/invitations", detail)
    if people is not None and max(invited or 0, wanted or 0) > people:
        detail = f"There are {people} people, fewer than are to be asked or to answer."
        yield PlanFinding("more_than_there_are", "/sampling/population", detail)


def _power(sampling: Sampling, comparison: PlannedComparison, pointer: str, level: float) -> Iterator[PlanFinding]:
    if sampling.answers is None:
        return
    request = SampleRequest(comparison.goal, level=level, design_effect=sampling.design_effect)
    try:
        plan = plan_sample(request)
    except NotEstimable as refusal:
        yield PlanFinding("comparison_impossible", f"{pointer}/goal", refusal.detail)
        return
    if comparison.between is Between.GROUPS:
        needed, of = plan.answers, f"in the groups of {comparison.by} together"
    else:
        needed, of = max(group.answers for group in plan.groups), "in each wave"
    if sampling.answers < needed:
        detail = (
            f"It takes {needed} answers {of} to find this difference, and {sampling.answers} are planned: ask more, or "
            "say a larger difference that matters."
        )
        yield PlanFinding("sample_too_small", pointer, detail)
