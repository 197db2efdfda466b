"""A KPI of those who speak of a theme against that of those who do not: all themes as one family."""

from collections.abc import Mapping

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.families import adjusted_family
from feedback_core.kpis.calc.figures import compare_figures, figure_of
from feedback_core.kpis.types import AnswerCounts, Target
from feedback_core.themes.analysis.types import ThemeScore

_WITHHELD = ThemeScore(None, None, None, None, None, withheld=True)


def theme_scores(
    answers: Mapping[str, tuple[AnswerCounts, AnswerCounts]], target: Target, *, minimum: int, level: float
) -> dict[str, ThemeScore]:
    """Of each theme, the figures of both sides and how they differ.

    Args:
        answers: by theme that is shown, of those who speak of it, and of those who were coded and do not.
        target: of the KPI.
        minimum: fewest answers of a side that may be shown.
        level: of tests and intervals.
    """
    figures = {
        theme: (figure_of(target, speaking, level=level), figure_of(target, others, level=level))
        for theme, (speaking, others) in answers.items()
    }
    shown = {theme: pair for theme, pair in figures.items() if min(pair[0].answered, pair[1].answered) >= minimum}
    compared = []
    for theme, (speaking, others) in shown.items():
        try:
            compared.append((theme, theme, compare_figures(target, speaking, others, level=level)))
        except NotEstimable:
            continue
    can_be_tested = any(comparison.p_value is not None for _, _, comparison in compared)
    family = {pair.first: pair for pair in adjusted_family(compared, level=level)} if can_be_tested else {}
    differences = {theme: comparison for theme, _, comparison in compared}
    found = dict.fromkeys(figures, _WITHHELD)
    for theme, (speaking, others) in shown.items():
        pair = family.get(theme)
        found[theme] = ThemeScore(
            mentioned=speaking.estimate,
            others=others.estimate,
            comparison=differences.get(theme),
            adjusted_p_value=pair.adjusted_p_value if pair else None,
            differ=pair.differ if pair else None,
            withheld=False,
        )
    return found
