"""Charts of two figures, of all pairs of groups or periods, and of a ranking."""

from collections.abc import Sequence
from dataclasses import replace

from feedback_core.charts import palette
from feedback_core.charts.document import MOST_ROWS, ROW, document
from feedback_core.charts.intervals import PLOT, interval_chart, lines, unique
from feedback_core.charts.types import Chart, Kind, Row
from feedback_core.kpis.calc.families import Pair
from feedback_core.kpis.calc.ranking import Ranking
from feedback_core.kpis.charts.naming import (
    axis_of,
    figure_row,
    intervals_at,
    p_in_words,
    period_in_words,
    scope_of,
)
from feedback_core.kpis.use_cases import Asked, Family, KpiComparison
from feedback_core.kpis.wording import difference_of, title_of

MOST_NAMED = 10
DIFFER = Kind("they differ", palette.FIGURE)
SAME = Kind("no difference can be told", palette.ORDINARY, "square")
UNKNOWN = Kind("cannot be tested", palette.NEUTRAL, "cross")
TIERS = (
    Kind("above the overall figure", palette.FIGURE, "triangle-up"),
    Kind("cannot be told from it", palette.ORDINARY, "circle"),
    Kind("below the overall figure", palette.VERMILLION, "triangle-down"),
)


def comparison_chart(sides: tuple[Asked, Asked], found: KpiComparison) -> Chart:
    """Both figures with their intervals, and below them the difference with its own."""
    first, names = sides[0], _names(sides)
    rows = unique([figure_row(names[0], found.first), figure_row(names[1], found.second)])
    panels = [{"width": PLOT, "height": {"step": ROW}, **lines(rows, axis_of(first))}]
    sentence = "One of the two is withheld, so they are not compared."
    if found.comparison is not None:
        quantity, factor = difference_of(axis_of(first))
        difference = replace(_row("difference", Pair("", "", found.comparison, None, None), factor), kind="")
        panels.append({"width": PLOT, "height": {"step": ROW}, **lines([difference], quantity, reference=0.0)})
        sentence = found.comparison.verdict
    body = {"vconcat": panels, "spacing": 22}
    title = f"{title_of(first.target)}: {names[0]} and {names[1]}"
    notes = [intervals_at(first), "difference: first minus second"]
    return document("comparison", title=title, sentence=sentence, notes=notes, body=body)


def comparisons_chart(asked: Asked, family: Family, *, by: str) -> Chart:
    """Every pair as a difference with its interval; told apart by what the adjusted p-values bear."""
    quantity, factor = difference_of(axis_of(asked))
    pairs = list(family.pairs)
    notes = [f"{intervals_at(asked)}, each of its own pair", "shape and colour: all pairs considered"]
    if len(pairs) > MOST_ROWS:
        surest = sorted(range(len(pairs)), key=lambda i: (_p(pairs[i]), i))[:MOST_ROWS]
        notes.append(f"the {MOST_ROWS} surest of {len(pairs):,} pairs")
        pairs = [pairs[i] for i in sorted(surest)]
    differ = sum(pair.differ is True for pair in family.pairs)
    told = f"{differ} of {len(family.pairs):,} differ by more than chance explains, all considered"
    scope, left_out = scope_of(asked), family.left_out
    return interval_chart(
        "comparisons",
        title=f"{title_of(asked.target)}: differences by {by}",
        sentence=f"{told}{f'; {scope}' if scope else ''}.{f' {_left_out(left_out)}' if left_out else ''}",
        quantity=quantity,
        rows=[_row(f"{pair.first} \u2212 {pair.second}", pair, factor) for pair in pairs],
        kinds=(DIFFER, SAME, UNKNOWN),
        reference=0.0,
        notes=notes,
    )


def ranking_chart(asked: Asked, by: str, ranking: Ranking, left_out: Sequence[str]) -> Chart:
    """Shrunk figures, the highest first, by tier, against the overall figure."""
    quantity = axis_of(asked)
    rows = [
        Row(
            one.group,
            one.shrunk,
            one.interval.low,
            one.interval.high,
            one.n,
            TIERS[one.tier - 1].name,
            remark=f"answered {quantity.text(one.value)}",
        )
        for one in ranking.groups
    ]
    notes = [f"{intervals_at(asked)} of figures drawn towards the overall one by how little they rest on"]
    if len(rows) > MOST_ROWS:
        ends = MOST_ROWS // 2
        notes.append(f"the first and the last {ends} of {len(rows):,}")
        rows = [*rows[:ends], *rows[-ends:]]
    sentence = ranking.verdict
    if left_out:
        sentence += f" {_left_out(left_out)}"
    return interval_chart(
        "ranking",
        title=f"{title_of(asked.target)}, ranked by {by}",
        sentence=sentence,
        quantity=quantity,
        rows=rows,
        kinds=TIERS,
        reference=ranking.overall,
        reference_name="overall",
        notes=notes,
    )


def _row(label: str, pair: Pair[str], factor: float) -> Row:
    found = pair.comparison
    kind = UNKNOWN if pair.differ is None else DIFFER if pair.differ else SAME
    low, high = (found.interval.low * factor, found.interval.high * factor) if found.interval else (None, None)
    p = pair.adjusted_p_value
    remark = "" if p is None else p_in_words(p)
    return Row(label, found.difference * factor, low, high, kind=kind.name, remark=remark)


def _left_out(names: Sequence[str]) -> str:
    more = " …" if len(names) > MOST_NAMED else ""
    return f"Without a figure that may be shown: {', '.join(names[:MOST_NAMED])}{more}."


def _p(pair: Pair[str]) -> float:
    return 2.0 if pair.adjusted_p_value is None else pair.adjusted_p_value


def _names(sides: tuple[Asked, Asked]) -> tuple[str, str]:
    """What tells the two sides apart: their groups, or their periods."""
    wheres = [side.selection.where for side in sides]
    for attribute, values in wheres[0].items():
        if wheres[1].get(attribute) != values:
            return " or ".join(values), " or ".join(wheres[1].get(attribute, ("all",)))
    first, second = (period_in_words(side) or "all time" for side in sides)
    return first, second
