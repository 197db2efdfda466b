"""Showing figures with and without suspect responses, so that the two never tell what a few of them said."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TypeVar

from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.types import Figure, Withheld
from feedback_core.kpis.use_cases.asking import Asked, minimum_of_groups

G = TypeVar("G", bound=Hashable)

_LEFT_OUT = object()


def tell_suspects_apart(asked: Asked, figures: Mapping[G, Figure], *, left_out: int = 0) -> dict[G, Figure | Withheld]:
    """The figures of groups, or of periods, of everybody, without what would give away the answers of a few suspects.

    Where the suspects of a group are few, or could be computed from those of the others, only their number is shown;
    and a figure that includes them because it was asked for is withheld, since the figure without them can be had too.

    Args:
        asked: what the figures answer.
        figures: of every group; their suspects are all there are.
        left_out: suspects of everybody who is in no group, because ``where`` leaves them out.
    """
    suspects = {group: suspects_in(figure) for group, figure in figures.items()}
    parts: list[tuple[Hashable, int]] = [*suspects.items(), (_LEFT_OUT, left_out)]
    found = suppress_groups(parts, minimum=minimum_of_groups(asked))
    hidden = suspects.keys() if found.total_hidden else found.hidden.keys()
    shown: dict[G, Figure | Withheld] = {}
    for group, figure in figures.items():
        few = group in hidden and suspects[group] > 0
        if few and asked.includes_suspects:
            shown[group] = Withheld()
        elif figure.quality and (few or asked.scheme is not None):
            shown[group] = replace(figure, quality=replace(figure.quality, otherwise=None))
        else:
            shown[group] = figure
    return shown


def suspects_in(figure: Figure) -> int:
    """Answers of suspect responses, whether or not they count in the figure."""
    return figure.quality.suspects if figure.quality else 0
