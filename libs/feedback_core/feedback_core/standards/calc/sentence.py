"""A verdict in plain words, never more than the interval bears."""

from dataclasses import dataclass

from feedback_core.kit.estimates import Estimate
from feedback_core.standards.calc.wording import asked_for, counted, percent, written
from feedback_core.standards.types import Bound, Demand, Judgement, Needed, Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """What the standard asks for, as a sentence names it."""

    name: str
    subject: str
    direction: Demand
    target: float
    tolerance: float
    threshold: float
    share: bool


def sentence_of(
    asked: Asked, judgement: Judgement, estimate: Estimate | None, because: str | None, needed: Needed | None
) -> str:
    """One verdict: what is asked for, what was found and how sure that is, and what follows."""
    wanted = _wanted(asked)
    if judgement.verdict is Verdict.NOT_ENOUGH_EVIDENCE or estimate is None:
        told = f"{asked.name}: not enough evidence. {because or ''}".rstrip()
        return f"{told}{_would_take(needed)}"
    found = _found(asked, estimate)
    assert judgement.bound is not None
    sure = _sure(judgement.bound, asked)
    if judgement.verdict is Verdict.MET:
        short = "" if judgement.reaches_target or not asked.tolerance else ", within what is tolerated"
        return f"{asked.name}: met{short}. {found}; {sure}, and {wanted}."
    return f"{asked.name}: not met. {found}; {sure}, but {wanted}."


def why_undecided(asked: Asked, estimate: Estimate) -> str:
    """That the interval lies on both sides of the threshold, in figures."""
    return (
        f"{_found(asked, estimate)}, on both sides of {asked_for(asked.threshold, share=asked.share)}: "
        f"{_wanted(asked)}, and the answers fit both."
    )


def _wanted(asked: Asked) -> str:
    side = "at least" if asked.direction is Demand.AT_LEAST else "at most"
    words = f"{side} {asked_for(asked.target, share=asked.share)} is asked for"
    if not asked.tolerance:
        return words
    return f"{words} ({asked_for(asked.threshold, share=asked.share)} with what is tolerated)"


def _found(asked: Asked, estimate: Estimate) -> str:
    interval = estimate.interval
    assert interval is not None
    low, high = (written(limit, share=asked.share) for limit in (interval.low, interval.high))
    subject = asked.subject[:1].upper() + asked.subject[1:]
    value = written(estimate.value, share=asked.share)
    return f"{subject} is {value} ({percent(interval.level)} interval {low} to {high}, {counted(estimate.n, 'answer')})"


def _sure(bound: Bound, asked: Asked) -> str:
    side = "at least" if bound.side == "lower" else "at most"
    return f"with {percent(bound.confidence)} confidence it is {side} {written(bound.value, share=asked.share)}"


def _would_take(needed: Needed | None) -> str:
    if needed is None:
        return ""
    words = f" If the figure stays where it is, about {counted(needed.answers, 'answer')} would decide it"
    if needed.missing is None:
        return f"{words}."
    words += f", {needed.missing:,} more"
    if needed.by is not None and needed.per_day is not None:
        return f"{words}; at {needed.per_day:.3g} a day there will be enough by {needed.by:%Y-%m-%d}."
    if needed.days is not None and needed.per_day is not None:
        return f"{words}; at {needed.per_day:.3g} a day that takes a period of {counted(needed.days, 'day')}."
    return f"{words}."
