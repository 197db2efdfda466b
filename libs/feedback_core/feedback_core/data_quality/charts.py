"""Charts of an analysis of data quality: signs, missing answers, break-off, reliability, and what suspects change."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import counted, percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Quantity, Row
from feedback_core.data_quality.types import (
    RELIABLE,
    BreakOff,
    DataQualityOutcome,
    FlagFindings,
    ItemNonresponseFinding,
    KpiWithAndWithout,
    ScaleFinding,
)
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.charts.naming import WITHHELD, estimate_row, p_in_words
from feedback_core.kpis.wording import quantity_of

SUSPECT: Final = Kind("suspect", palette.VERMILLION, "diamond")
SIGN: Final = Kind("one sign", palette.FIGURE)
_OF_RESPONSES: Final = Quantity("Share of the responses", 0.0, 1.0)
_OF_ASKED: Final = Quantity("Share of those asked that gave no answer", 0.0, 1.0)
_GOING_ON: Final = Quantity("Share of those who began that went on", 0.0, 1.0)
_ALPHA: Final = Quantity("Cronbach's alpha", high=1.0, places=2)
_NOTE_LETTERS: Final = 70
"""As much of a reason as has room in a line."""


def quality_charts(outcome: DataQualityOutcome) -> tuple[Chart, ...]:
    """Signs of careless answering, missing answers by place, and break-off, reliability and the KPI, where told."""
    return tuple(_charts(outcome))


def _charts(outcome: DataQualityOutcome) -> Iterator[Chart]:
    if outcome.flags is not None:
        yield _signs(outcome.flags, outcome.sentence)
        if outcome.flags.excludes and outcome.flags.groups:
            yield _suspects(outcome.flags)
    yield _missing(outcome)
    if outcome.break_off.steps:
        yield _break_off(outcome.break_off)
    if outcome.scales:
        yield _reliability(outcome.scales)
    if outcome.kpi is not None:
        yield _kpi(outcome.kpi)


def _signs(flags: FlagFindings, sentence: str) -> Chart:
    # A rule that only shows signs calls nobody suspect: no line may say that nobody is.
    suspects = [_kind_row("suspect, by the rule", flags.suspects, SUSPECT)] if flags.excludes else []
    most = sorted(flags.kinds, key=lambda one: -one.share.value)
    rows = [*suspects, *(_kind_row(one.kind.replace("_", " "), one.share, SIGN) for one in most)]
    return interval_chart(
        "flags",
        title="Signs of careless answering",
        sentence=sentence,
        quantity=_OF_RESPONSES,
        rows=rows,
        kinds=(SUSPECT, SIGN),
        notes=_bars([flags.suspects, *(one.share for one in flags.kinds)]),
    )


def _suspects(flags: FlagFindings) -> Chart:
    rows = [
        _row_or_note(f"{one.attribute}: {_named(one.group)}", one.suspects, withheld=one.withheld)
        for one in flags.groups
    ]
    return interval_chart(
        "suspects",
        title="Suspect responses by group",
        sentence="Where responses show so many signs of careless answering that the rule calls them suspect.",
        quantity=_OF_RESPONSES,
        rows=rows,
        reference=flags.suspects.value,
        reference_name="of all",
        notes=_bars(one.suspects for one in flags.groups),
    )


def _missing(outcome: DataQualityOutcome) -> Chart:
    findings: Sequence[ItemNonresponseFinding] = outcome.item_nonresponse
    rows = [_row_or_note(f"{one.position}. {one.question}", one.rate, withheld=one.rate is None) for one in findings]
    return interval_chart(
        "missing_answers",
        title="Missing answers, by place in the questionnaire",
        sentence=_gradient_in_words(outcome),
        quantity=_OF_ASKED,
        rows=rows,
        notes=["of complete responses", *_bars(one.rate for one in findings)],
    )


def _gradient_in_words(outcome: DataQualityOutcome) -> str:
    gradient = outcome.by_position
    if gradient is None:
        return "Of no question were enough asked to show how many left it out."
    if gradient.tau_b is None or gradient.p_value is None:
        return f"Whether later questions are left out more cannot be told. {gradient.not_estimable or ''}".strip()
    tau, p = _figure(gradient.tau_b), p_in_words(gradient.p_value)
    return f"Place and missing answers: Kendall's tau {tau} (above 0: later ones are left out more), {p}."


def _break_off(found: BreakOff) -> Chart:
    rows = [
        estimate_row(
            f"beyond {step.position}. {step.question}" if step.question else "beyond the start", step.remaining
        )
        for step in found.steps
    ]
    said = ""
    if found.stopped is not None and found.begun is not None:
        said = f"Of {found.begun:,} who began, {_OF_RESPONSES.text(found.stopped.value)} stopped before the end."
    return interval_chart(
        "break_off",
        title="Who was still answering",
        sentence=said,
        quantity=_GOING_ON,
        rows=rows,
        notes=["only places where somebody stopped", *_bars(step.remaining for step in found.steps)],
    )


def _reliability(scales: Sequence[ScaleFinding]) -> Chart:
    known = [one for one in scales if one.alpha is not None]
    low = sum(one.alpha < RELIABLE for one in known if one.alpha is not None)
    said = (
        f"Alpha is below {RELIABLE:g} in {low} of {counted(len(known), 'scale')}."
        if known
        else "Of no scale can a reliability be told."
    )
    levels = {percent(one.interval.level) for one in known if one.interval is not None}
    return interval_chart(
        "reliability",
        title="Reliability of scales",
        sentence=said,
        quantity=_ALPHA,
        rows=[_scale_row(one) for one in scales],
        reference=RELIABLE if known else None,
        reference_name="usual minimum" if known else "",
        notes=[f"bars: {' and '.join(sorted(levels))} intervals"] if levels else [],
    )


def _scale_row(one: ScaleFinding) -> Row:
    if one.alpha is None:
        return Row(one.key, None, note=textwrap.shorten(one.not_estimable or WITHHELD, _NOTE_LETTERS, placeholder=" …"))
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    more = f"{len(one.items)} items"
    if one.omega is not None:
        more += f", omega {_figure(one.omega)}"
    if one.spearman_brown is not None:
        more += f", Spearman-Brown {_figure(one.spearman_brown)}"
    return Row(one.key, one.alpha, low, high, one.n, remark=more)


def _kpi(found: KpiWithAndWithout) -> Chart:
    name = found.name[:1].upper() + found.name[1:]
    sides = {"with suspects": found.with_suspects, "without suspects": found.without_suspects}
    rows = [_row_or_note(label, estimate, withheld=True) for label, estimate in sides.items()]
    said = "Suspect responses changed nothing: there is none among the answers."
    if found.withheld or None in sides.values():
        said = "Too few answered to show what suspect responses change."
    elif found.suspects:
        said = f"Answers of {found.suspects:,} suspect responses are in the one and not in the other."
    return interval_chart(
        "kpi",
        title=f"{name}, with and without suspect responses",
        sentence=said,
        quantity=quantity_of(name, found.unit, found.bounds),
        rows=rows,
        notes=_bars(sides.values()),
    )


def _kind_row(label: str, share: Estimate, kind: Kind) -> Row:
    low, high = (share.interval.low, share.interval.high) if share.interval else (None, None)
    return Row(label, share.value, low, high, share.n, kind.name)


def _row_or_note(label: str, estimate: Estimate | None, *, withheld: bool) -> Row:
    if estimate is not None:
        return estimate_row(label, estimate)
    return Row(label, None, note=WITHHELD if withheld else "nobody was asked")


def _named(group: str | None) -> str:
    return "(not known)" if group is None else group


def _bars(estimates: Iterable[Estimate | None]) -> list[str]:
    levels = {percent(one.interval.level) for one in estimates if one is not None and one.interval is not None}
    return [f"bars: {' and '.join(sorted(levels))} intervals"] if levels else []


def _figure(value: float) -> str:
    return _ALPHA.text(value)
