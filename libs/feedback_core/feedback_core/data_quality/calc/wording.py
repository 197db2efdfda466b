"""What an analysis of data quality says in words."""

from collections.abc import Sequence

from feedback_core.data_quality.calc.segments import SUSPECTS
from feedback_core.data_quality.types import (
    RELIABLE,
    BreakOff,
    FlagFindings,
    ItemNonresponseFinding,
    KpiWithAndWithout,
    ScaleFinding,
    SegmentTest,
)
from feedback_core.data_quality.types.reading import QualityReading
from feedback_core.kit.estimates import Estimate

WORTH_SAYING = 0.1
BEYOND_CHANCE = 0.05


def sentence_of(
    flags: FlagFindings | None,
    nonresponse: Sequence[ItemNonresponseFinding],
    segments: Sequence[SegmentTest],
    stopped: BreakOff,
    scales: Sequence[ScaleFinding],
    kpi: KpiWithAndWithout | None,
) -> str:
    """Who is suspect and what it does to the figure; then where answers are missing, and which scales do not hold."""
    parts = [
        _suspects(flags),
        _figure(kpi),
        _missing(nonresponse),
        _uneven(segments),
        _stopped(stopped),
        _scales(scales),
    ]
    return " ".join(part for part in parts if part)


def warnings_of(reading: QualityReading, flags: FlagFindings | None) -> tuple[str, ...]:
    """What a reader must be told."""
    said = []
    if reading.rule is None:
        said.append("The survey has no inclusion rule, so nobody looked for careless answers: set one to have it done.")
    elif flags is not None and not flags.up_to_date:
        said.append("Not every response is measured by the rule that holds yet: ask again later.")
    if flags is not None:
        said.append("A sign of careless answering is no proof of it, and who shows none may be careless all the same.")
    return tuple(said)


def _suspects(flags: FlagFindings | None) -> str:
    if flags is None:
        return "Nobody has looked for careless answers."
    commonest = max(flags.kinds, key=lambda one: one.n)
    if not commonest.n:
        return f"None of {flags.looked_at:,} responses shows a sign of careless answering."
    sign = f"the commonest sign is {commonest.kind.replace('_', ' ')} ({_percent(commonest.share)})"
    if not flags.excludes:
        return f"Of {flags.looked_at:,} responses none is left out, as the rule only shows signs; {sign}."
    n = round(flags.suspects.value * flags.looked_at)
    return f"Of {flags.looked_at:,} responses {n:,} are suspect ({_percent(flags.suspects)}); {sign}."


def _figure(kpi: KpiWithAndWithout | None) -> str:
    if kpi is None or kpi.with_suspects is None or kpi.without_suspects is None or not kpi.suspects:
        return ""
    return f"Without them {kpi.name} is {_number(kpi.without_suspects)}, with them {_number(kpi.with_suspects)}."


def _missing(nonresponse: Sequence[ItemNonresponseFinding]) -> str:
    known = [(one.rate.value, one) for one in nonresponse if one.rate is not None]
    if not known:
        return ""
    worst, one = max(known, key=lambda pair: pair[0])
    if worst < WORTH_SAYING:
        return f"No question lacks more than {100 * worst:.0f} % of its answers." if worst else "No answer is missing."
    assert one.rate is not None
    return f"Most often without an answer is {one.question} ({_percent(one.rate)})."


def _uneven(segments: Sequence[SegmentTest]) -> str:
    told = [one for one in segments if one.p_adjusted < BEYOND_CHANCE]
    if not told:
        return ""
    one = max(told, key=lambda test: test.cramers_v)
    what = "suspect responses are" if one.about == SUSPECTS else f"missing answers to {one.about} are"
    return f"Between groups of {one.attribute}, {what} not spread alike, by more than chance."


def _stopped(stopped: BreakOff) -> str:
    if stopped.stopped is None or not stopped.steps:
        return ""
    worst = max(stopped.steps, key=lambda step: step.stopped)
    where = f"after {worst.question}" if worst.question else "before any answer"
    return f"{_percent(stopped.stopped)} broke off, most of them {where}."


def _scales(scales: Sequence[ScaleFinding]) -> str:
    known = [one for one in scales if one.alpha is not None]
    poor = [f"{one.key} ({one.alpha:.2f})" for one in known if one.alpha is not None and one.alpha < RELIABLE]
    if not known:
        return ""
    if poor:
        return f"Below the customary reliability of {RELIABLE:.2f}: {', '.join(poor)}."
    lowest = min(one.alpha for one in known if one.alpha is not None)
    return f"Every scale reaches the customary reliability of {RELIABLE:.2f} (the lowest alpha is {lowest:.2f})."


def _percent(estimate: Estimate) -> str:
    said = f"{100 * estimate.value:.1f} %"
    if estimate.interval is None:
        return said
    return f"{said}, {100 * estimate.interval.low:.1f} to {100 * estimate.interval.high:.1f}"


def _number(estimate: Estimate) -> str:
    return f"{estimate.value:.3g}"
