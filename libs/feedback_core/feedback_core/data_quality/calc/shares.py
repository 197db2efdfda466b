"""Shares of flagged responses and of missing answers, without any group of too few."""

from collections.abc import Mapping

from feedback_core.bias.calc.missing_items import still_answering
from feedback_core.data_quality.types import (
    BreakOff,
    BreakOffStep,
    FlagFindings,
    FlagShare,
    GroupFlags,
    GroupNonresponse,
    ItemNonresponseFinding,
)
from feedback_core.data_quality.types.reading import AskedCounts, GroupCounts, QualityReading, QuestionCounts
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.responses.quality.types import FlagKind


def flag_findings(reading: QualityReading, *, minimum: int, level: float) -> FlagFindings | None:
    """How many show each sign, and how many are suspect; ``None`` where nothing is measured or nobody is there."""
    rule, everybody = reading.rule, reading.everybody
    if rule is None or not everybody.looked_at:
        return None
    return FlagFindings(
        rule_version=rule.version,
        excludes=rule.excludes,
        up_to_date=reading.flagging.up_to_date,
        looked_at=everybody.looked_at,
        suspects=proportion_estimate(everybody.suspects, everybody.looked_at, level=level),
        kinds=_kinds(everybody, level),
        groups=tuple(
            one
            for attribute, counts in reading.groups.items()
            for one in group_flags(attribute, counts, minimum=minimum, level=level)
        ),
    )


def group_flags(
    attribute: str, groups: Mapping[str | None, GroupCounts], *, minimum: int, level: float
) -> list[GroupFlags]:
    """The signs in each group of an attribute."""
    hidden = suppress_groups([(group, one.looked_at) for group, one in groups.items()], minimum=minimum).hidden
    found = []
    for group, one in groups.items():
        if group in hidden or not one.looked_at:
            found.append(GroupFlags(attribute, group, withheld=group in hidden))
        else:
            suspects = proportion_estimate(one.suspects, one.looked_at, level=level)
            kinds = _kinds(one, level)
            found.append(
                GroupFlags(attribute, group, withheld=False, looked_at=one.looked_at, suspects=suspects, kinds=kinds)
            )
    return found


def nonresponse_finding(position: int, counts: QuestionCounts, *, minimum: int, level: float) -> ItemNonresponseFinding:
    """The missing answers to a question, by group as well."""
    everybody = counts.of_everybody
    if everybody.asked < minimum:
        return ItemNonresponseFinding(position, counts.question, None, None, None)
    groups = tuple(
        one
        for attribute, found in counts.by.items()
        for one in _nonresponse_of_groups(attribute, found, minimum=minimum, level=level)
    )
    rate = proportion_estimate(everybody.missing, everybody.asked, level=level)
    return ItemNonresponseFinding(position, counts.question, everybody.asked, everybody.missing, rate, groups)


def break_off(reading: QualityReading, questions: list[str], *, minimum: int, level: float) -> BreakOff:
    """Where respondents stopped, and how many were still there beyond."""
    begun, stopped = reading.everybody.looked_at, sum(reading.stopped.values())
    if begun < minimum:
        return BreakOff(None, None)
    # Whoever completed it is one position beyond the last question.
    end = len(questions) + 1
    still = still_answering({**reading.stopped, end: begun - stopped}, end, level=level)
    steps = [
        BreakOffStep(position, questions[position - 1] if position else None, n, still[position])
        for position, n in sorted(reading.stopped.items())
    ]
    return BreakOff(begun, proportion_estimate(stopped, begun, level=level), tuple(steps))


def _nonresponse_of_groups(
    attribute: str, groups: Mapping[str | None, AskedCounts], *, minimum: int, level: float
) -> list[GroupNonresponse]:
    hidden = suppress_groups([(group, one.asked) for group, one in groups.items()], minimum=minimum).hidden
    found = []
    for group, one in groups.items():
        if group in hidden:
            found.append(GroupNonresponse(attribute, group, withheld=True))
        else:
            rate = proportion_estimate(one.missing, one.asked, level=level) if one.asked else None
            found.append(
                GroupNonresponse(attribute, group, withheld=False, asked=one.asked, missing=one.missing, rate=rate)
            )
    return found


def _kinds(one: GroupCounts, level: float) -> tuple[FlagShare, ...]:
    return tuple(FlagShare(kind, n := one.signs.get(kind, 0), _share(n, one, level)) for kind in FlagKind)


def _share(n: int, one: GroupCounts, level: float) -> Estimate:
    return proportion_estimate(n, one.looked_at, level=level)
