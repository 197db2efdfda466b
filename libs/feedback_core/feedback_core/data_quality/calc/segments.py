"""Whether missing answers and suspect responses are spread alike: over groups, and over the questionnaire."""

from collections.abc import Iterator, Mapping, Sequence

from feedback_core.bias.calc.missing_items import ItemCounts, SegmentNonresponse, item_nonresponse, missing_by_segment
from feedback_core.data_quality.types import (
    FlagFindings,
    GroupFlags,
    ItemNonresponseFinding,
    PositionGradient,
    SegmentTest,
)
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.multiplicity import adjust_p_values

SUSPECTS = "suspects"
_UNKNOWN = "(not known)"


def by_position(nonresponse: Sequence[ItemNonresponseFinding]) -> PositionGradient | None:
    """Whether later questions are left out more, of those whose rate is shown."""
    counts = [
        ItemCounts(one.question, one.position, one.asked, one.missing)
        for one in nonresponse
        if one.asked and one.missing is not None
    ]
    if not counts:
        return None
    found = item_nonresponse(counts)
    return PositionGradient(found.tau_b, found.p_value, found.not_estimable or None)


def segment_tests(flags: FlagFindings | None, nonresponse: Sequence[ItemNonresponseFinding]) -> tuple[SegmentTest, ...]:
    """Tests of equal shares over the groups that are shown, one family; without those that say nothing."""
    found = [*_of_suspects(flags.groups if flags else ()), *_of_questions(nonresponse)]
    if not found:
        return ()
    adjusted = adjust_p_values([test.p_value for _, _, test in found])
    return tuple(
        SegmentTest(attribute, about, test.p_value, p_adjusted, test.cramers_v, test.warnings)
        for (attribute, about, test), p_adjusted in zip(found, adjusted, strict=True)
    )


def _of_suspects(groups: Sequence[GroupFlags]) -> Iterator[tuple[str, str, SegmentNonresponse]]:
    for attribute in dict.fromkeys(one.attribute for one in groups):
        suspects, looked_at = {}, {}
        for one in groups:
            if one.attribute == attribute and one.looked_at and one.suspects is not None:
                name = one.group or _UNKNOWN
                looked_at[name] = one.looked_at
                suspects[name] = round(one.suspects.value * one.looked_at)
        yield from _tested(attribute, SUSPECTS, suspects, looked_at)


def _of_questions(nonresponse: Sequence[ItemNonresponseFinding]) -> Iterator[tuple[str, str, SegmentNonresponse]]:
    for question in nonresponse:
        for attribute in dict.fromkeys(one.attribute for one in question.groups):
            shown = [one for one in question.groups if one.attribute == attribute and one.asked]
            missing = {one.group or _UNKNOWN: one.missing or 0 for one in shown}
            asked = {one.group or _UNKNOWN: one.asked or 0 for one in shown}
            yield from _tested(attribute, question.question, missing, asked)


def _tested(
    attribute: str, about: str, cases: Mapping[str, int], of: Mapping[str, int]
) -> Iterator[tuple[str, str, SegmentNonresponse]]:
    try:
        yield attribute, about, missing_by_segment(cases, of)
    except NotEstimable:
        # One group only, or nobody or everybody in all of them: there is nothing to be told apart.
        return
