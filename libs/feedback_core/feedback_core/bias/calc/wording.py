"""The finding in plain words: one sentence for a reader who decides, and what the comparison cannot see."""

from collections.abc import Sequence

from feedback_core.bias.calc.cell_table import KpiScores, KpiUnit
from feedback_core.bias.calc.composition import ranked_by_gap
from feedback_core.bias.calc.verdict import Verdict
from feedback_core.bias.types import CategoryComposition, KpiUse, MarginComposition, Representation, Usability
from feedback_core.kit.estimates import Estimate

_NAMED = 4

_USES = {
    KpiUse.NONRESPONDENTS: "what those who did not answer think",
    KpiUse.COMPARING_METHODS: "comparing groups that were asked by different methods",
    KpiUse.THOSE_WHO_LEFT_IT_OUT: "what those who left the question out think",
    KpiUse.UNREACHABLE: "people whom the survey could not reach",
}


def sentence(
    kpi: KpiScores,
    unweighted: Estimate,
    weighted: Estimate | None,
    margins: Sequence[MarginComposition],
    verdict: Verdict,
) -> str:
    """Who is over- and under-represented, what that does to the KPI, and which figure to use."""
    before = figure(unweighted.value, kpi.unit)
    who = _groups(margins)
    if verdict.state is Usability.NOT_USABLE or weighted is None:
        why = verdict.reasons[0].rstrip(".")
        return _sentence(f"{who}; do not use {kpi.name} ({before}) for the whole frame: {why[:1].lower()}{why[1:]}")
    after = figure(weighted.value, kpi.unit)
    moved = f"weighting moves {kpi.name} from {before} to {after}" if after != before else f"{kpi.name} stays {before}"
    advice = "it can be used as it is" if verdict.state is Usability.AS_IS else "use the weighted figure"
    return _sentence(f"{who}; {moved}: {advice}{_limits(verdict.not_usable_for)}")


def cannot_tell(compared: Sequence[str], not_in_frame: Sequence[str]) -> tuple[str, ...]:
    """What no comparison with these margins can show, a sentence each; never empty."""
    limits = [
        (
            "Within a group, those who answered may think differently from those who did not: nonresponse that depends "
            "on the opinion itself leaves no trace in the margins, and weighting does not repair it."
        )
    ]
    if len(compared) > 1:
        limits.append(
            f"The frame was compared by {_listed(compared)} one at a time; their combinations may still differ from it."
        )
    if not_in_frame:
        limits.append(
            f"The frame gives no figures by {_listed(not_in_frame)}, so nothing is known about the respondents there."
        )
    return tuple(limits)


def figure(value: float, unit: KpiUnit) -> str:
    """A KPI as a reader sees it: 42.1, 84.2%, 4.21."""
    if unit is KpiUnit.SHARE:
        return f"{value:.1%}"
    shown = f"{value:.1f}" if unit is KpiUnit.POINTS else f"{value:.2f}"
    return shown.removeprefix("-") if float(shown) == 0 else shown


def _groups(margins: Sequence[MarginComposition]) -> str:
    off = ranked_by_gap(margins)
    if not off:
        largest = max((c for margin in margins for c in margin.categories), key=lambda c: abs(c.gap))
        return f"no group is clearly over- or under-represented (the largest gap is {_described(largest)})"
    named = off[:_NAMED]
    parts = [
        f"{_listed([_described(c) for c in group])} {'is' if len(group) == 1 else 'are'} {how.value}-represented"
        for how in (Representation.OVER, Representation.UNDER)
        if (group := [c for c in named if c.representation is how])
    ]
    rest = len(off) - len(named)
    if rest:
        parts.append(f"{rest} more {'group differs' if rest == 1 else 'groups differ'} from the frame")
    return "; ".join(parts)


def _limits(uses: Sequence[KpiUse]) -> str:
    return f", but not for {_listed([_USES[use] for use in uses])}" if uses else ""


def _described(group: CategoryComposition) -> str:
    heard = f"{group.share:.1%} of the answers" if group.n else "nobody answered"
    return f"{group.attribute} {group.category} ({heard}, {group.frame_share:.1%} of the frame)"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
