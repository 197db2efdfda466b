"""From what was read of a change to what became of it: method, effect, verdict, and the finding in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types import PeriodFigure, Withheld
from feedback_core.kpis.use_cases import Asked
from feedback_core.kpis.wording import SHARE, bounds_of, subject_of, title_of, unit_of
from feedback_core.recommendations.effect.calc import (
    Pace,
    difference_in_differences,
    verdict_of,
    when_it_can_be_told,
)
from feedback_core.recommendations.effect.types import (
    EffectMethod,
    EffectOutcome,
    EffectParameters,
    EffectVerdict,
    Sides,
)
from feedback_core.trends.calc import mann_kendall
from feedback_core.trends.jobs import trend_of
from feedback_core.trends.types import Component, KnownEvent, TrendOutcome, TrendParameters, TrendTest

_LEAST_DRIFT = 8  # periods before the change from which a drift can be tested
_NO_SERIES = "No complete period has a figure that may be shown."

_ASSUMES = {
    EffectMethod.BEFORE_AFTER: (
        "Nothing else changed with it: everything that moved the figure since is counted as its effect.",
        "Who answers has not changed.",
    ),
    EffectMethod.DIFFERENCE_IN_DIFFERENCES: (
        "Without the change, both groups would have moved alike.",
        "The change did not reach the control group, and did not change who answers in either.",
    ),
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Attributes:
        asked: the figure of those whom the change is for, over the whole period.
        series: of the same, by period.
        control_series: of those whom it is not for; empty without such.
        before_days: days with answers before the change that are compared.
        after_days: days since it.
    """

    asked: Asked
    treated: Sides
    control: Sides | None
    series: Sequence[PeriodFigure]
    control_series: Sequence[PeriodFigure]
    before_days: float
    after_days: float


@dataclass(frozen=True, slots=True)
class _Found:
    method: EffectMethod | None
    effect: Estimate | None
    significant: bool | None
    why_not: str | None
    assumes: tuple[str, ...]


def effect_of(parameters: EffectParameters, read: Read, *, seed: int, as_of: datetime) -> EffectOutcome:
    """What became of the change: by the control group if there is one, else by the course before it, else plainly."""
    target = read.asked.target
    trend, why_not = _trend(parameters, read, seed=seed, as_of=as_of)
    found = _compared(read, trend, parameters.level)
    drift = _drift(parameters, read) if read.control else None
    verdict = EffectVerdict.CANNOT_BE_TOLD
    if found.effect is not None:
        verdict = verdict_of(
            found.effect, wanted=parameters.wanted, smallest=parameters.smallest, significant=found.significant
        )
    possible, reason = None, None
    if verdict is EffectVerdict.CANNOT_BE_TOLD:
        possible, reason = _when(parameters, read, found, as_of)
    return EffectOutcome(
        kpi=target.definition.key,
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        unit=target.definition.unit,
        subject=title_of(target),
        bounds=bounds_of(target),
        time_zone=read.asked.selection.time_zone,
        change_on=parameters.change_on,
        label=parameters.label,
        action_id=parameters.action_id,
        as_of=as_of,
        seed=seed,
        smallest=parameters.smallest,
        wanted=parameters.wanted,
        level=parameters.level,
        method=found.method,
        effect=found.effect,
        verdict=verdict,
        reason=reason,
        possible_from=possible,
        treated=read.treated,
        control=read.control,
        drift=drift,
        interruption=trend.trend.interruption if trend else None,
        series_why_not=why_not,
        trend=trend,
        sentence=_sentence(parameters, read, found, verdict, reason, possible),
        assumes=found.assumes,
        warnings=_warnings(parameters, found, drift),
    )


def _trend(
    parameters: EffectParameters, read: Read, *, seed: int, as_of: datetime
) -> tuple[TrendOutcome | None, str | None]:
    wanted = TrendParameters(
        kpi=parameters.kpi,
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        bucket=parameters.bucket,
        level=parameters.level,
        interruption=KnownEvent(parameters.change_on, parameters.label),
    )
    try:
        outcome = trend_of(read.asked, wanted, read.series, seed=seed, as_of=as_of)
    except NotEstimable:
        return None, _NO_SERIES
    reasons = [reason.detail for reason in outcome.trend.not_estimated if reason.component is Component.INTERRUPTION]
    return outcome, reasons[0] if reasons else None


def _compared(read: Read, trend: TrendOutcome | None, level: float) -> _Found:
    if read.control is not None:
        return _against_control(read.treated, read.control, level)
    finding = trend.trend.interruption if trend else None
    if finding is not None:
        method = EffectMethod.INTERRUPTED_SERIES
        return _Found(method, finding.mean, finding.effective, None, finding.assumes)
    method = EffectMethod.BEFORE_AFTER
    change = read.treated.change
    if change is None or change.interval is None:
        return _Found(None, None, None, read.treated.why_not, ())
    return _Found(method, change, None, None, _ASSUMES[method])


def _against_control(treated: Sides, control: Sides, level: float) -> _Found:
    figures = (treated.before, treated.after, control.before, control.after)
    missing = treated.why_not or control.why_not
    if any(figure is None for figure in figures):
        return _Found(None, None, None, missing or "One of the four figures is missing.", ())
    before, after, control_before, control_after = (figure for figure in figures if figure is not None)
    method = EffectMethod.DIFFERENCE_IN_DIFFERENCES
    try:
        effect = difference_in_differences(before, after, control_before, control_after, level=level)
    except NotEstimable as reason:
        return _Found(None, None, None, reason.detail, ())
    return _Found(method, effect, None, None, _ASSUMES[method])


def _drift(parameters: EffectParameters, read: Read) -> TrendTest | None:
    """Whether the groups already moved apart before the change, by the difference of their figures by period."""
    other = {period.starts_on: _value(period) for period in read.control_series}
    apart = [
        value - control
        for period in read.series
        if period.complete and period.starts_on < parameters.change_on
        if (value := _value(period)) is not None and (control := other.get(period.starts_on)) is not None
    ]
    if len(apart) < _LEAST_DRIFT:
        return None
    try:
        return mann_kendall(apart)
    except NotEstimable:
        return None


def _value(period: PeriodFigure) -> float | None:
    if isinstance(period.figure, Withheld) or period.figure.estimate is None:
        return None
    return period.figure.estimate.value


def _when(parameters: EffectParameters, read: Read, found: _Found, as_of: datetime) -> tuple[date | None, str]:
    """The first day on which it could be told, and why it cannot be yet."""
    sides = [read.treated] + ([read.control] if read.control else [])
    answers = sum(figure.n for side in sides for figure in (side.before, side.after) if figure is not None)
    share = bounds_of(read.asked.target) == SHARE
    smallest = f"{100 * parameters.smallest:g} percentage points" if share else f"{parameters.smallest:g}"
    if found.effect is None:
        reason = found.why_not or "There is nothing to compare."
    else:
        reason = (
            f"No change and one of {smallest}, which would matter, are both within what chance explains "
            f"at n = {answers:,}."
        )
    paces = [_pace(side, read) for side in sides]
    known = [pace for pace in paces if pace is not None]
    if len(known) < len(paces):
        return None, f"{reason} Nobody knows how far answers vary: it takes answers before the change."
    days = when_it_can_be_told(
        known,
        smallest=parameters.smallest,
        power=parameters.power,
        level=parameters.level,
        days_so_far=max(read.after_days, 0.0),
    )
    if days is None:
        return None, f"{reason} No waiting helps: too few answered before the change, or none come any more."
    today = as_of.date() + timedelta(days=1)
    return max(parameters.change_on + timedelta(days=days), today), reason


def _pace(side: Sides, read: Read) -> Pace | None:
    """How fast a group's figure becomes more certain, from the answers before the change and the pace since."""
    before, after = side.before, side.after
    known = before or after
    if before is None or known is None or before.standard_error is None or not before.standard_error:
        return None
    sd = before.standard_error * before.n_effective**0.5
    if after is not None and read.after_days > 0:
        per_day = after.n_effective / read.after_days
    else:
        per_day = before.n_effective / read.before_days if read.before_days > 0 else 0.0
    return Pace(sd, before.standard_error**2, per_day)


def _sentence(
    parameters: EffectParameters,
    read: Read,
    found: _Found,
    verdict: EffectVerdict,
    reason: str | None,
    possible: date | None,
) -> str:
    subject, label = subject_of(read.asked.target), parameters.label
    if verdict is EffectVerdict.CANNOT_BE_TOLD:
        when = "" if possible is None else f" At the pace at which answers come, it could be told from {possible} on."
        return f"Whether {label} worked on {subject} cannot be told. {reason}{when}"
    assert found.effect is not None
    assert found.method is not None
    limits = found.effect.interval
    assert limits is not None
    share = bounds_of(read.asked.target) == SHARE
    times, unit = (100, "percentage points") if share else (1, unit_of(read.asked.target))
    value, low, high = (f"{times * each:+.3g}" for each in (found.effect.value, limits.low, limits.high))
    amount = f"{value}{f' {unit}' if unit else ''} ({low} to {high})"
    how = {
        EffectMethod.BEFORE_AFTER: "against the time before",
        EffectMethod.INTERRUPTED_SERIES: "against its course before, carried on",
        EffectMethod.DIFFERENCE_IN_DIFFERENCES: "against the change of the control group",
    }[found.method]
    if verdict is EffectVerdict.EFFECTIVE:
        return f"{label[:1].upper()}{label[1:]} worked: {subject} changed by {amount} {how}."
    worse = (limits.high < 0) if parameters.wanted == "higher" else (limits.low > 0)
    smallest = f"{times * parameters.smallest:g}{f' {unit}' if share else ''}"
    why = "it got worse" if worse else f"a change of {smallest}, which would matter, is ruled out"
    return f"{label[:1].upper()}{label[1:]} did not work: {subject} changed by {amount} {how}; {why}."


def _warnings(parameters: EffectParameters, found: _Found, drift: TrendTest | None) -> tuple[str, ...]:
    told = list(found.effect.warnings) if found.effect else []
    if drift is not None and drift.p_value < 1 - parameters.level:
        told.append("The groups already moved apart before the change, so their changes since prove little.")
    if found.method is EffectMethod.BEFORE_AFTER:
        told.append("Without a control group or a long series, whatever else happened since looks the same.")
    return tuple(told)
