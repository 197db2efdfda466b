"""What a cross-tab says in words."""

import math
from collections.abc import Sequence

from feedback_core.kpis.types.cross_tabs import Association, CrossCell

_MARKS = ((0.1, "negligible"), (0.3, "weak"), (0.5, "moderate"))
"""Cohen's w below each; above the last: strong."""

_MOST_NAMED = 3


def strength_of(cramers_v: float, smaller: int) -> str:
    """The word for a Cramér's V in a table whose smaller side has so many categories.

    Source: Cohen (1988), Statistical Power Analysis, ch. 7: V = w / √(categories - 1).
    """
    effect = cramers_v * math.sqrt(max(smaller - 1, 1))
    return next((word for below, word in _MARKS if effect < below), "strong")


def sentence_of(rows: str, columns: str, tested: Association | str, cells: Sequence[CrossCell], n: int) -> str:
    """The finding; ``tested`` is why it could not be, where it is a text."""
    if isinstance(tested, str):
        return f"Whether {rows} and {columns} go together cannot be tested: {tested}"
    if not tested.associated:
        return (
            f"No association of {rows} with {columns} can be told at n = {tested.n} ({_test(tested)}); that is not to "
            f"say that there is none."
        )
    outstanding = sorted(
        (cell for cell in cells if cell.stands_out and cell.residual is not None),
        key=lambda cell: -abs(cell.residual or 0.0),
    )
    named = [f"{cell.row} × {cell.column} ({'more' if (cell.residual or 0) > 0 else 'fewer'})" for cell in outstanding]
    most = f" Most unlike independence: {', '.join(named[:_MOST_NAMED])}." if named else ""
    of = "" if tested.n == n else f" among {tested.n} of {n}"
    return (
        f"{rows} and {columns} go together{of} ({_test(tested)}); the link is {tested.strength} "
        f"(Cramér's V {tested.cramers_v:.2f}).{most}"
    )


def _test(tested: Association) -> str:
    p = "p < 0.001" if tested.p_value < 0.001 else f"p = {tested.p_value:.3f}"
    name = tested.statistic if tested.statistic == "Pearson" else f"Rao-Scott {tested.statistic}"
    if tested.statistic in {"Wald", "adjWald"}:
        name = tested.statistic
    return f"{name} {tested.value:.3g}, {p}"
