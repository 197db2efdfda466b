"""Chart of a cross-tab: of every column, how many are in each row; what stands out is told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import MOST_ROWS, ROW, document, notice, percent
from feedback_core.charts.intervals import PLOT, Panel, interval_chart, lines
from feedback_core.charts.scales import domain
from feedback_core.charts.types import Chart, Kind, Quantity, Row, Spec
from feedback_core.kpis.charts.naming import NO_ANSWERS, WITHHELD
from feedback_core.kpis.types.cross_tabs import CrossCell, CrossLine
from feedback_core.kpis.use_cases import CrossTabFound

MORE: Final = Kind("more than by independence", palette.FIGURE, "triangle-up")
LESS: Final = Kind("fewer than by independence", palette.VERMILLION, "triangle-down")
NEITHER: Final = Kind("does not stand out", palette.ORDINARY)
UNKNOWN: Final = Kind("cannot be tested", palette.NEUTRAL, "cross")
KINDS: Final = (MORE, NEITHER, LESS, UNKNOWN)
_GIVES_AWAY: Final = "not shown: it would tell of what is withheld"


def cross_table_chart(found: CrossTabFound) -> Chart:
    """A panel per row of the table, a line per column: its share with the interval, against that of the whole table.

    Of a table with more cells than a chart has lines, the cells most unlike independence are lines of one plot.
    """
    table, rows_of, columns_of = found.table, found.rows.name, found.columns.name
    title = f"{rows_of} by {columns_of}"
    if len(table.cells) > MOST_ROWS:
        return _most_unlike(found, title)
    if not table.cells:
        return notice("cross_tab", title=title, words=table.sentence or "There is nothing to cross.")
    quantity = Quantity(f"Share of each {columns_of}", 0.0, 1.0)
    bases = {line.category: line for line in table.columns}
    panels = _panels(table.cells, bases)
    ends = domain(quantity, [v for rows in panels.values() for row in rows for v in (row.value, row.low, row.high)])
    met = {row.kind for rows in panels.values() for row in rows if row.value is not None}
    overall = {line.category: line.share for line in table.rows}
    last = list(panels)[-1]
    parts = [
        _panel(category, rows, quantity, overall[category], Panel(ends, met, named=category == last))
        for category, rows in panels.items()
    ]
    return document(
        "cross_tab", title=title, sentence=table.sentence, notes=_notes(found, table.cells),
        body={"vconcat": parts, "spacing": 14},
    )  # fmt: skip


def _most_unlike(found: CrossTabFound, title: str) -> Chart:
    table = found.table
    bases = {line.category: line for line in table.columns}
    overall = {line.category: line.share for line in table.rows}
    quantity = Quantity(f"Share of the {found.columns.name} that is in the row", 0.0, 1.0)
    unlike = sorted(table.cells, key=lambda cell: -abs(cell.residual or 0.0))[:MOST_ROWS]
    rows = []
    for cell in unlike:
        row, whole = _row(cell, bases[cell.column].n), overall[cell.row]
        remark = "" if row.value is None or whole is None else f"of all {quantity.text(whole)}"
        rows.append(replace(row, label=f"{cell.row} × {cell.column}", remark=remark))
    withheld = sum(cell.withheld for cell in table.cells)
    most = f"the {len(rows)} of {len(table.cells)} cells most unlike independence; {withheld} are withheld"
    return interval_chart(
        "cross_tab",
        title=title,
        sentence=table.sentence,
        quantity=quantity,
        rows=rows,
        kinds=KINDS,
        notes=[*_notes(found, unlike), most],
    )


def _panels(cells: Sequence[CrossCell], bases: Mapping[str, CrossLine]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for cell in cells:
        found.setdefault(cell.row, []).append(_row(cell, bases[cell.column].n))
    return found


def _row(cell: CrossCell, base: int | None) -> Row:
    if cell.withheld:
        return Row(cell.column, None, note=WITHHELD)
    share = cell.column_share
    if share is None:
        return Row(cell.column, None, note=NO_ANSWERS if base == 0 else _GIVES_AWAY)
    low, high = (share.interval.low, share.interval.high) if share.interval else (None, None)
    return Row(cell.column, share.value, low, high, base, _kind(cell).name)


def _kind(cell: CrossCell) -> Kind:
    if cell.stands_out is None or cell.residual is None:
        return UNKNOWN
    if not cell.stands_out:
        return NEITHER
    return MORE if cell.residual > 0 else LESS


def _panel(category: str, rows: Sequence[Row], quantity: Quantity, overall: float | None, panel: Panel) -> Spec:
    return {
        "title": {"text": category, "fontSize": 12, "offset": 4, "frame": "group"},
        "width": PLOT,
        "height": {"step": ROW},
        **lines(rows, quantity, KINDS, overall, "of all" if overall is not None else "", panel),
    }


def _notes(found: CrossTabFound, drawn: Sequence[CrossCell]) -> list[str]:
    shares = [cell.column_share for cell in drawn if cell.column_share is not None]
    levels = {percent(share.interval.level) for share in shares if share.interval is not None}
    notes = [f"bars: {' and '.join(sorted(levels))} intervals"] if levels else []
    notes += ["n: base of the column", "shape and colour: all cells considered"] if shares else []
    return notes + ([f"weighted by {found.scheme.key}"] if found.scheme else [])
