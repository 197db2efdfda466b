"""Nothing that a sampling-bias assessment shows tells of a group too small to show."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedback_core.bias.calc import AnswerCount, CellTable, KpiScores, KpiUnit, assess_sampling_bias, cell_table
from feedback_core.bias.calc.disclosure import merge_small
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.weighting.calc import Margin, read_margins

MINIMUM = 5
SCORES = KpiScores("NPS", KpiUnit.POINTS, {"10": 100.0, "8": 0.0, "3": -100.0})
REGIONS = ("north", "east", "south", "west")
VALUES = ["10", "8", "3"]
FRAME = read_margins({"region": dict.fromkeys(REGIONS, 0.25)})


def answers(by_region: dict[str | None, int], value: str = "10") -> CellTable:
    return cell_table(["region"], [AnswerCount((region,), value, n) for region, n in by_region.items()])


def sizes(sample: CellTable) -> dict[str | None, int]:
    return {cell[0]: int(row.sum()) for cell, row in zip(sample.cells, sample.counts, strict=True)}


def test_a_small_category_is_shown_together_with_the_next() -> None:
    shown = merge_small(answers({"north": 60, "east": 3, "south": 40, "west": 90}), FRAME, minimum=MINIMUM)

    assert shown.margins == (Margin("region", ("north", "west", "east + south"), (0.25, 0.25, 0.5)),)
    assert sizes(shown.sample) == {"north": 60, "west": 90, "east + south": 43}
    assert [merged.categories for merged in shown.merged] == [("east", "south")]


def test_a_few_of_unknown_category_are_hidden_among_others() -> None:
    shown = merge_small(answers({"north": 60, "east": 30, "south": 40, "west": 90, None: 2}), FRAME, minimum=MINIMUM)

    assert sizes(shown.sample) == {"north": 60, "east": 32, "south": 40, "west": 90}
    assert shown.merged[0].includes_unknown


def test_a_category_without_answers_stays() -> None:
    sample = answers({"north": 60, "south": 40, "west": 90})

    assert merge_small(sample, FRAME, minimum=MINIMUM).margins == FRAME


def test_an_attribute_of_which_nothing_can_be_shown_is_refused() -> None:
    frame = read_margins({"region": {"north": 0.5, "south": 0.5}})

    with pytest.raises(NotEstimable, match="region"):
        merge_small(answers({"north": 300, "south": 3}), frame, minimum=MINIMUM)


regions = st.dictionaries(st.sampled_from([*REGIONS, None]), st.integers(1, 12), min_size=2)


@given(regions, st.data())
def test_whatever_is_hidden_from_a_breakdown_leaves_no_trace(
    by_region: dict[str | None, int], data: st.DataObject
) -> None:
    """Answers that are spread in another way over the groups that a breakdown hides get the same assessment."""
    hidden = _hidden([AnswerCount((region,), "8", n) for region, n in by_region.items()])
    assume(len(hidden) >= 2 and sum(by_region.values()) >= MINIMUM)
    shown = [AnswerCount((region,), "3", n) for region, n in by_region.items() if region not in hidden]
    together = sum(by_region[region] for region in hidden)
    spread = [
        [AnswerCount((region,), value, 1) for value, region in zip(VALUES * together, regions, strict=False)]
        for regions in data.draw(
            st.lists(st.lists(st.sampled_from(hidden), min_size=together, max_size=together), min_size=2, max_size=2)
        )
    ]
    tables = [[*shown, *part] for part in spread]
    assume(all(_hidden(table) == hidden for table in tables))

    assert _assessed(tables[0]) == _assessed(tables[1])


def _hidden(table: list[AnswerCount]) -> list[str | None]:
    found = sizes(cell_table(["region"], table))
    groups = [(region, found.get(region, 0)) for region in (*REGIONS, None)]
    return list(suppress_groups(groups, minimum=MINIMUM).hidden)


def _assessed(table: list[AnswerCount]) -> object:
    try:
        shown = merge_small(cell_table(["region"], table), FRAME, minimum=MINIMUM)
        return assess_sampling_bias(shown.sample, shown.margins, SCORES, minimum_cell=MINIMUM)
    except NotEstimable as refusal:
        return refusal.detail
