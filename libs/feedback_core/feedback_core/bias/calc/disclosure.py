"""What may be shown of a composition: categories too small to show are merged before anything is calculated."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.bias.calc.cell_table import AnswerCount, CellTable, cell_table
from feedback_core.bias.types import MergedCategories
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.weighting.types import Margin


@dataclass(frozen=True, slots=True)
class Shown:
    """Answers and frame of which every figure may be shown.

    Attributes:
        sample: answers by cell, small categories merged.
        margins: the frame, its categories merged alike.
        merged: what was merged.
    """

    sample: CellTable
    margins: tuple[Margin, ...]
    merged: tuple[MergedCategories, ...]


def merge_small(sample: CellTable, margins: Sequence[Margin], *, minimum: int) -> Shown:
    """Merge, attribute by attribute, the categories that a breakdown of the same answers would withhold.

    Those are the categories with fewer answers than ``minimum`` and as many others as it takes that none can be worked
    out (`suppress_groups`); respondents whose category is not known are a group like any other. Since the merged
    categories are all that the calculation sees, nothing it gives can tell them apart. A category without answers gives
    nobody away and stays.

    Args:
        sample: answers by cell; it has the attribute of every margin.
        margins: the frame.
        minimum: fewest answers that may be shown.

    Raises:
        NotEstimable: that leaves an attribute fewer than two categories.
    """
    merged: list[MergedCategories] = []
    kept: list[Margin] = []
    for margin in margins:
        together = _to_merge(sample, margin, minimum)
        if together is None:
            kept.append(margin)
            continue
        if set(together.categories) == set(margin.categories):
            raise _not_showable(margin.attribute)
        sample = _recoded(sample, together)
        kept.append(_merged_margin(margin, together))
        merged.append(together)
    return Shown(sample, tuple(kept), tuple(merged))


def _to_merge(sample: CellTable, margin: Margin, minimum: int) -> MergedCategories | None:
    folded = sample.onto([margin.attribute])
    answers = {cell[0]: int(row.sum()) for cell, row in zip(folded.cells, folded.counts, strict=True)}
    if any(category is not None and category not in margin.categories for category in answers):
        return None  # the assessment refuses these, and names them
    groups: list[tuple[str | None, int]] = [(category, answers.get(category, 0)) for category in margin.categories]
    suppression = suppress_groups([*groups, (None, answers.get(None, 0))], minimum=minimum)
    if suppression.total_hidden:
        raise _not_showable(margin.attribute)
    hidden = suppression.hidden
    categories = tuple(category for category in margin.categories if category in hidden)
    if not categories:
        return None
    return MergedCategories(margin.attribute, " + ".join(categories), categories, None in hidden)


def _not_showable(attribute: str) -> NotEstimable:
    return NotEstimable(
        f"Too few answered in some group of {attribute} to show its composition without giving them away: merge its "
        "small groups into larger ones, leave it out of the frame, or collect more answers."
    )


def _recoded(sample: CellTable, together: MergedCategories) -> CellTable:
    column = sample.attributes.index(together.attribute)

    def recode(cell: tuple[str | None, ...]) -> tuple[str | None, ...]:
        category = cell[column]
        belongs = together.includes_unknown if category is None else category in together.categories
        return (*cell[:column], together.category, *cell[column + 1 :]) if belongs else cell

    return cell_table(
        sample.attributes,
        (
            AnswerCount(recode(cell), value, int(n))
            for cell, row in zip(sample.cells, sample.counts, strict=True)
            for value, n in zip(sample.values, row, strict=True)
        ),
    )


def _merged_margin(margin: Margin, together: MergedCategories) -> Margin:
    shares = dict(zip(margin.categories, margin.shares, strict=True))
    combined = sum(shares.pop(category) for category in together.categories)
    return Margin(margin.attribute, (*shares, together.category), (*shares.values(), combined), margin.total)
