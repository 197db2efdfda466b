"""What the rules of a collection find: pure, from its figures as they stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.fieldwork.calc.pace import FALSE_ALARM, binomial_limits, fewest
from feedback_core.fieldwork.calc.silences import longest_pause
from feedback_core.fieldwork.types.live import Fieldwork, GroupedBy, GroupStanding, Pace
from feedback_core.fieldwork.types.rules import FieldworkRule, Finding, RuleKind, Verdict
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.proportions import proportion_estimate

MINIMUM_N: Final = 30
AFTER_DAYS: Final = 7
BACK_BELOW: Final = 0.95
"""Of the limit on cost: so far it must fall before that is over; money has no interval."""


@dataclass(frozen=True, slots=True)
class Aged:
    """Invitations of a group that went out so long ago, and those of them who have completed."""

    group: str | None
    invited: int
    completed: int


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the rules look at.

    Attributes:
        live: the figures.
        minimum: fewest of whom anything may be told.
        groups: standings by what rules ask for.
        aged: by what rules ask for and after how many days: response rates with their intervals.
    """

    live: Fieldwork
    minimum: int
    groups: Mapping[GroupedBy, Sequence[GroupStanding]]
    aged: Mapping[tuple[GroupedBy | None, int], Sequence[Aged]]


def findings_of(rules: Iterable[FieldworkRule], picture: Picture) -> tuple[Finding, ...]:
    """What every rule that is enabled finds of each of its subjects.

    Args:
        rules: of the survey.
        picture: figures now.
    """
    found: list[Finding] = []
    for rule in rules:
        if rule.enabled:
            found.extend(_LOOKS[rule.kind](rule, picture))
    return tuple(found)


def judge(estimate: Estimate, limit: float, *, good_below: bool) -> Verdict:
    """Whether the whole interval lies beyond a limit, or the whole of it on the good side; else unsure."""
    interval = estimate.interval
    if interval is None:
        return Verdict.UNSURE
    if interval.low > limit:
        return Verdict.BREACHED if good_below else Verdict.CLEAR
    if interval.high < limit:
        return Verdict.CLEAR if good_below else Verdict.BREACHED
    return Verdict.UNSURE


def _response_rate(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    days = AFTER_DAYS if rule.after_days is None else rule.after_days
    assert rule.threshold is not None  # rules without are refused
    for aged in picture.aged.get((rule.by, days), ()):
        if aged.invited < _minimum(rule, picture):
            continue
        found = proportion_estimate(aged.completed, aged.invited, level=_level(rule))
        yield _of_share(
            rule,
            aged.group or "",
            found,
            rule.threshold,
            good_below=False,
            sentence=f"{found.value:.1%} of the {aged.invited:,} invited {days} days ago or earlier{_of(aged.group)}"
            f" have completed; {rule.threshold:.1%} is the least that is good.",
        )


def _pace(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    standings = [picture.live.whole] if rule.by is None else picture.groups.get(rule.by, ())
    for standing in standings:
        seen = standing.pace
        if seen is None or seen.n < picture.minimum:
            continue
        low = _low(rule, seen)
        yield Finding(
            rule=rule,
            subject=standing.group or "",
            verdict=_against(seen.completed, low, seen.expected),
            value=float(seen.completed),
            limit=float(low),
            n=seen.n,
            sentence=f"{seen.completed:,} have completed{_of(standing.group)}; {seen.expected:,.0f} were expected by"
            f" now, and chance alone explains no fewer than {low:,}.",
            low=float(low),
            high=float(seen.high),
        )


def _composition(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    limit = rule.threshold or 0.0
    for gap in picture.live.composition.gaps:
        n = gap.answered.n
        interval = proportion_estimate(round(gap.answered.value * n), n, level=_level(rule)).interval
        if n < _minimum(rule, picture) or interval is None:
            continue
        low, high = interval.low - gap.invited, interval.high - gap.invited
        if low > limit or high < -limit:
            verdict = Verdict.BREACHED
        elif -limit < low and high < limit:
            verdict = Verdict.CLEAR
        else:
            verdict = Verdict.UNSURE
        yield Finding(
            rule=rule,
            subject=f"{gap.attribute}: {gap.category}",
            verdict=verdict,
            value=gap.gap.value,
            limit=limit,
            n=n,
            sentence=f"{gap.attribute} {gap.category}: {gap.answered.value:.1%} of those who answered, and"
            f" {gap.invited:.1%} of the invited.",
            low=low,
            high=high,
        )


def _quota(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    for target in picture.live.targets:
        if target.expected is None:
            continue
        low = fewest(target.expected, target.target, _alarm(rule))
        yield Finding(
            rule=rule,
            subject=target.key,
            verdict=_against(target.completed, low, target.expected),
            value=float(target.completed),
            limit=float(low),
            n=target.target,
            sentence=f"{target.label}: {target.completed:,} of {target.target:,}; {target.expected:,.0f} were expected"
            f" by now, and chance alone explains no fewer than {low:,}.",
        )


def _silence(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    alarm = _alarm(rule)
    for source in picture.live.sources:
        longest = longest_pause(source.gaps, source.usual * source.gaps, alarm)
        yield Finding(
            rule=rule,
            subject=source.source,
            verdict=Verdict.BREACHED if source.silent > longest else Verdict.CLEAR,
            value=source.silent,
            limit=longest,
            n=source.gaps,
            sentence=f"Nothing has come by {source.source} for {_time(source.silent)}; usually something comes every"
            f" {_time(source.usual)}, and only {alarm:.2%} of the pauses exceed {_time(longest)}.",
        )


def _drop_off(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    assert rule.threshold is not None  # rules without are refused
    for question in picture.live.drop_off.questions:
        if question.reached < _minimum(rule, picture):
            continue
        found = proportion_estimate(question.left, question.reached, level=_level(rule))
        yield _of_share(
            rule,
            question.question,
            found,
            rule.threshold,
            good_below=True,
            sentence=f"{found.value:.1%} of the {question.reached:,} who came to {question.question} gave their last"
            f" answer there; at most {rule.threshold:.1%} is good.",
        )


def _cost(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    cost, limit = picture.live.cost, rule.threshold or 1.0
    for subject, share, words in (
        ("spent", cost.share, "is spent"),
        ("at_end", cost.share_at_end, "will be spent when those expected have answered"),
    ):
        if share is None:
            continue
        verdict = Verdict.UNSURE
        if share > limit:
            verdict = Verdict.BREACHED
        elif share < limit * BACK_BELOW:
            verdict = Verdict.CLEAR
        sentence = f"{share:.0%} of the budget {words}; {limit:.0%} is the limit."
        yield Finding(rule, subject, verdict, share, limit, sum(each.contacts for each in cost.methods), sentence)


def _off_topic(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    counts = picture.live.off_topic.counts
    assert rule.threshold is not None  # rules without are refused
    if counts.themed < _minimum(rule, picture):
        return
    found = proportion_estimate(counts.off_topic, counts.themed, level=_level(rule))
    yield _of_share(
        rule,
        "",
        found,
        rule.threshold,
        good_below=True,
        sentence=f"{found.value:.1%} of {counts.themed:,} comments speak of nothing that the service is about; at most"
        f" {rule.threshold:.1%} is good.",
    )


def _interviewer(rule: FieldworkRule, picture: Picture) -> Iterator[Finding]:
    """Each interviewer against all the others: a funnel whose chance of a false alarm is that of all of them."""
    alarm = _alarm(rule)
    named = [each for each in picture.groups.get(GroupedBy.INTERVIEWER, ()) if each.group is not None]
    for each in named:
        n, done = each.counts.invited, each.counts.completed
        others = sum(other.counts.invited for other in named) - n
        if n < _minimum(rule, picture) or others < _minimum(rule, picture):
            continue
        share = (sum(other.counts.completed for other in named) - done) / others
        low, high = binomial_limits(n, share, reference=others, false_alarm=alarm / len(named))
        beyond = done < low or done > high
        near = binomial_limits(n, share, reference=others, false_alarm=0.5)
        verdict = Verdict.BREACHED if beyond else Verdict.CLEAR if near[0] <= done <= near[1] else Verdict.UNSURE
        yield Finding(
            rule=rule,
            subject=each.group or "",
            verdict=verdict,
            value=done / n,
            limit=share,
            n=n,
            sentence=f"{done:,} of the {n:,} asked by {each.group} have completed; with the others it is {share:.1%},"
            f" so chance alone explains {low:,} to {high:,}.",
            low=low / n,
            high=high / n,
        )


_LOOKS: Final[Mapping[RuleKind, Callable[[FieldworkRule, Picture], Iterator[Finding]]]] = {
    RuleKind.RESPONSE_RATE: _response_rate,
    RuleKind.PACE: _pace,
    RuleKind.COMPOSITION: _composition,
    RuleKind.QUOTA: _quota,
    RuleKind.SILENCE: _silence,
    RuleKind.DROP_OFF: _drop_off,
    RuleKind.COST: _cost,
    RuleKind.OFF_TOPIC: _off_topic,
    RuleKind.INTERVIEWER: _interviewer,
}


def _of_share(
    rule: FieldworkRule, subject: str, found: Estimate, limit: float, *, good_below: bool, sentence: str
) -> Finding:
    interval = found.interval
    return Finding(
        rule=rule,
        subject=subject,
        verdict=judge(found, limit, good_below=good_below),
        value=found.value,
        limit=limit,
        n=found.n,
        sentence=sentence,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def _against(completed: int, low: int, expected: float) -> Verdict:
    """Below the limit it is breached; over again once as many are there as were expected."""
    if completed < low:
        return Verdict.BREACHED
    return Verdict.CLEAR if completed >= expected else Verdict.UNSURE


def _low(rule: FieldworkRule, seen: Pace) -> int:
    if rule.false_alarm is None:
        return seen.low
    return binomial_limits(seen.n, seen.expected / seen.n, reference=seen.reference, false_alarm=rule.false_alarm)[0]


def _alarm(rule: FieldworkRule) -> float:
    return FALSE_ALARM if rule.false_alarm is None else rule.false_alarm


def _minimum(rule: FieldworkRule, picture: Picture) -> int:
    return max(picture.minimum, MINIMUM_N if rule.minimum_n is None else rule.minimum_n)


def _level(rule: FieldworkRule) -> float:
    return 0.95 if rule.level is None else rule.level


def _of(group: str | None) -> str:
    return f" of {group}" if group else ""


def _time(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    hours = minutes / 60
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
