"""Suppression in a table with published totals, against the hand-checked example of the golden."""

from feedback_core.kpis.calc import Reason, suppress_table
from tests.reference.goldens import load_golden


def test_the_least_answers_are_lost_to_protect_one_small_cell() -> None:
    example = load_golden("s34_k_anonymity_suppression")["expected"]["suppression_example"]
    names = {
        (row, column): [row_name, column_name]
        for row, (row_name, line) in enumerate(example["counts"].items())
        for column, column_name in enumerate(line)
    }
    counts = [list(line.values()) for line in example["counts"].values()]

    suppression = suppress_table(counts, minimum=example["threshold"])

    primary = [names[cell] for cell, reason in suppression.cells.items() if reason is Reason.PRIMARY]
    secondary = [cell for cell, reason in suppression.cells.items() if reason is Reason.COMPLEMENTARY]
    assert primary == example["primary"]
    assert sorted(names[cell] for cell in secondary) == example["smallest_suppressed_sum"]["cells"]
    assert sum(counts[row][column] for row, column in secondary) == example["smallest_suppressed_sum"]["sum"]
    assert len(secondary) == example["minimum_secondary_count_of_cells"]
    assert (suppression.row_totals, suppression.column_totals, suppression.grand_total) == ({}, {}, None)
