"""From rows of cells to the counts that a figure is made from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from feedback_core.kpis.types import NO_PAIRS, UNANSWERED, WHOLE, AnswerCounts, CountRow, PairSums, Standing, Target
from feedback_core.surveys.types import QuestionType

NOT_CHOSEN = "(not chosen)"
"""Value of a multiple choice that was answered without the choice that is asked about."""


def tally(target: Target, rows: Iterable[CountRow]) -> AnswerCounts:
    """The counts of one group.

    Args:
        target: what the figure is about.
        rows: of ``WHOLE`` and of the target's own item or choice; the same kind may come more than once.
    """
    asked: dict[Standing, int] = defaultdict(int)
    whole: dict[Standing, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    part: dict[Standing, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    pairs: dict[Standing, PairSums] = defaultdict(lambda: NO_PAIRS)
    for row in rows:
        if row.pairs is not None:
            pairs[row.standing] += row.pairs
        if row.item != WHOLE:
            part[row.standing][row.value] += row.n
            continue
        asked[row.standing] += row.n
        if row.value != UNANSWERED:
            whole[row.standing][row.value] += row.n
    if target.item != WHOLE:
        return AnswerCounts(_plain(part), dict(asked))
    if target.question_type is QuestionType.MULTIPLE_CHOICE:
        return AnswerCounts(_chosen(target.choice or "", whole, part), dict(asked))
    return AnswerCounts(_plain(whole), dict(asked), dict(pairs))


def tally_by_group(target: Target, rows: Iterable[CountRow]) -> dict[object, AnswerCounts]:
    """The counts of each group, in the order in which the groups first come."""
    groups: dict[object, list[CountRow]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return {group: tally(target, of_group) for group, of_group in groups.items()}


def labels_of(target: Target, kinds: Sequence[CountRow]) -> list[list[tuple[str, int]]]:
    """For each kind of answer, the values that it counts for in a figure, and whether one more (1) or one less (-1).

    What `tally` and `AnswerCounts.counting` do to all counts together, kind by kind: where they come by cell.
    """
    return [_labels(target, kind) for kind in kinds]


def _labels(target: Target, kind: CountRow) -> list[tuple[str, int]]:
    if kind.standing not in target.definition.standings:
        return []
    is_whole = kind.item == WHOLE
    if target.item != WHOLE:
        return [] if is_whole else [(kind.value, 1)]
    if target.question_type is QuestionType.MULTIPLE_CHOICE:
        if not is_whole:
            return [(target.choice or "", 1), (NOT_CHOSEN, -1)]
        return [] if kind.value == UNANSWERED else [(NOT_CHOSEN, 1)]
    return [(kind.value, 1)] if is_whole and kind.value != UNANSWERED else []


def _chosen(
    choice: str, whole: Mapping[Standing, Mapping[str, int]], part: Mapping[Standing, Mapping[str, int]]
) -> dict[Standing, dict[str, int]]:
    counts = {}
    for standing, values in whole.items():
        chosen = sum(part.get(standing, {}).values())
        counts[standing] = {choice: chosen, NOT_CHOSEN: sum(values.values()) - chosen}
    return counts


def _plain(counts: Mapping[Standing, Mapping[str, int]]) -> dict[Standing, dict[str, int]]:
    return {standing: dict(values) for standing, values in counts.items()}
