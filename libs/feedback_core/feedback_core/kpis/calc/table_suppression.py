"""Which cells of a two-way table are withheld, so that none follows from the totals and the cells shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain

from feedback_core.kpis.calc.suppression import Reason, require_counts

Cell = tuple[int, int]
Cost = tuple[int, int]
FALLS_FROM = 2


@dataclass(frozen=True, slots=True)
class TableSuppression:
    """What of a two-way table must not be shown.

    Rows and columns are counted from 0. What has n = 0 is empty, never hidden.

    Attributes:
        cells: (row, column) withheld, with the reason.
        row_totals: rows whose total is withheld.
        column_totals: columns whose total is withheld.
        grand_total: why the grand total is withheld; ``None`` when it is shown.
    """

    cells: Mapping[Cell, Reason]
    row_totals: Mapping[int, Reason]
    column_totals: Mapping[int, Reason]
    grand_total: Reason | None


def suppress_table(counts: Sequence[Sequence[int]], *, minimum: int) -> TableSuppression:
    """Withhold cells of a table of counts that is shown with its row totals, column totals and grand total.

    First every cell and total with 0 < n < ``minimum`` (primary). Then (complementary), until nothing changes: for a
    hidden cell that the rest determines, the closed cycle of cells through it that costs the fewest answers; and in a
    line whose hidden cells together are fewer than ``minimum``, the smallest cell shown. A total goes only where no
    cell will do.

    A cell is determined exactly if no closed cycle of hidden cells lets it move by one, with no hidden cell of the
    cycle falling below 1. So it holds against a reader who knows all totals and cells shown, and that hidden
    cells are not empty. Each hidden cell keeps at least two possible values, not a stated range. Sums over several
    lines are not looked at.

    Args:
        counts: rows of equal length.
        minimum: smallest n that may be shown; 1 withholds nothing.

    Raises:
        ValueError: the rows differ in length, a count is negative, or ``minimum`` is below 1.

    Source: Gusfield (1988), SIAM Journal on Computing 17:552, for the cycles. Golden: s34.
    """
    if len({len(row) for row in counts}) > 1:
        raise ValueError("the rows of the table differ in length")
    require_counts(chain.from_iterable(counts), minimum)
    table = _Table(counts, minimum)
    while table.close_cycles() or table.widen_small_lines():
        pass
    return table.result()


class _Table:
    """The table with its totals as one more row and column, and what of it is hidden so far."""

    def __init__(self, counts: Sequence[Sequence[int]], minimum: int) -> None:
        self.rows = len(counts)
        self.columns = len(counts[0]) if counts else 0
        self.minimum = minimum
        full = [[*row, sum(row)] for row in counts]
        full.append([sum(column) for column in zip(*full, strict=True)] if full else [0])
        self.n = {(row, column): n for row, line in enumerate(full) for column, n in enumerate(line)}
        self.hidden = {cell: Reason.PRIMARY for cell, n in self.n.items() if 0 < n < minimum}
        self.free: set[Cell] = set()

    def close_cycles(self) -> bool:
        """Hide what each determined cell needs to be free; False when none was determined."""
        before = len(self.hidden)
        for cell in sorted(self.hidden):
            if cell not in self.free:
                cycle = [cell, *self._cheapest_cycle(cell)]
                self._hide(cycle)
                self.free.update(cycle)
        return len(self.hidden) > before

    def widen_small_lines(self) -> bool:
        """Hide one more cell in each line whose hidden parts are known to sum to less than the minimum."""
        before = len(self.hidden)
        for parts, total in self._lines():
            together = sum(self.n[part] for part in parts if part in self.hidden)
            if total not in self.hidden and 0 < together < self.minimum:
                shown = [part for part in parts if self.n[part] and part not in self.hidden]
                self._hide([min(shown, key=self.n.__getitem__, default=total)])
        return len(self.hidden) > before

    def result(self) -> TableSuppression:
        """What is hidden, by kind, in the order of the table."""
        hidden = dict(sorted(self.hidden.items()))
        return TableSuppression(
            cells={(row, column): why for (row, column), why in hidden.items() if not self._is_total((row, column))},
            row_totals={
                row: why for (row, column), why in hidden.items() if row < self.rows and column == self.columns
            },
            column_totals={
                column: why for (row, column), why in hidden.items() if row == self.rows and column < self.columns
            },
            grand_total=hidden.get((self.rows, self.columns)),
        )

    def _hide(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.hidden.setdefault(cell, Reason.COMPLEMENTARY)

    def _is_total(self, cell: Cell) -> bool:
        return cell[0] == self.rows or cell[1] == self.columns

    def _lines(self) -> Iterator[tuple[list[Cell], Cell]]:
        """Each row and column, that of the totals included: its parts, and their total."""
        for row in range(self.rows + 1):
            yield [(row, column) for column in range(self.columns)], (row, self.columns)
        for column in range(self.columns + 1):
            yield [(row, column) for row in range(self.rows)], (self.rows, column)

    def _cheapest_cycle(self, cell: Cell) -> list[Cell]:
        """The other cells of the cheapest cycle along which ``cell`` can move by one when all of it is hidden.

        Rows and columns are the nodes of a graph and cells its edges. Along a cycle cells rise and fall in turn, which
        leaves every line in balance. Taking an edge from row to column lets its cell rise, and back lets it fall; a
        total stands on the other side of the equation, so it falls and rises. A cell always finds a cycle: with its
        two totals and the grand total it can rise.
        """
        row, column = cell[0], self._column_node(cell[1])
        directions = [(True, column, row), (False, row, column)]
        ways = []
        for from_row, start, goal in directions:
            if self._may_move(cell, from_row=from_row):
                way = self._cheapest_path(start, goal, avoiding=cell)
                if way is not None and way[0] == (0, 0):
                    return way[1]
                ways.append(way)
        return min(way for way in ways if way is not None)[1]

    def _cheapest_path(self, start: int, goal: int, *, avoiding: Cell) -> tuple[Cost, list[Cell]] | None:
        """Dijkstra's shortest path over cells that may move the way they are taken; a shown cell costs its answers."""
        queue: list[tuple[Cost, bool, int]] = [((0, 0), True, start)]
        reached: dict[int, Cost] = {start: (0, 0)}
        by: dict[int, tuple[Cell, int]] = {}
        while queue:
            (totals, answers), _, node = heappop(queue)
            if node == goal:
                return (totals, answers), self._walk_back(by, start, goal)
            if (totals, answers) > reached[node]:
                continue
            for cell, neighbour in self._steps(node):
                more_totals, more_answers = self._cost(cell)
                cost = (totals + more_totals, answers + more_answers)
                if cell != avoiding and (neighbour not in reached or cost < reached[neighbour]):
                    reached[neighbour] = cost
                    by[neighbour] = cell, node
                    heappush(queue, (cost, neighbour != goal, neighbour))  # the goal first of equals
        return None

    @staticmethod
    def _walk_back(by: Mapping[int, tuple[Cell, int]], start: int, goal: int) -> list[Cell]:
        path = []
        node = goal
        while node != start:
            cell, node = by[node]
            path.append(cell)
        return path

    def _steps(self, node: int) -> Iterator[tuple[Cell, int]]:
        if node <= self.rows:
            for column in range(self.columns + 1):
                if self._may_move((node, column), from_row=True):
                    yield (node, column), self._column_node(column)
        else:
            column = node - self.rows - 1
            for row in range(self.rows + 1):
                if self._may_move((row, column), from_row=False):
                    yield (row, column), row

    def _column_node(self, column: int) -> int:
        return self.rows + 1 + column

    def _may_move(self, cell: Cell, *, from_row: bool) -> bool:
        is_line_total = (cell[0] == self.rows) != (cell[1] == self.columns)
        falls = from_row == is_line_total
        return self.n[cell] >= (FALLS_FROM if falls else 1)

    def _cost(self, cell: Cell) -> Cost:
        return (0, 0) if cell in self.hidden else (int(self._is_total(cell)), self.n[cell])
