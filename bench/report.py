"""What a bench measured: printed, and written down."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside its limit.

    Attributes:
        figure: what was reached.
        limit: what it is held against, measured in the same run; ``None`` where the aim is absolute.
        aim: what the ratio (or the figure itself, without a limit) should be.
        at_least: whether more is better.
    """

    name: str
    unit: str
    figure: float
    limit: float | None
    aim: float
    at_least: bool = True

    @property
    def ratio(self) -> float:
        """The figure over its limit, or the figure itself."""
        return self.figure if self.limit is None else self.figure / self.limit

    @property
    def reached(self) -> bool:
        """Whether the aim is met."""
        return self.ratio >= self.aim if self.at_least else self.ratio <= self.aim


def show(measured: Sequence[Measured]) -> None:
    """A line per figure."""
    print(f"{'figure':<52}{'measured':>14}{'limit':>14}{'ratio':>10}{'aim':>10}")
    for one in measured:
        limit = "-" if one.limit is None else f"{one.limit:,.4g}"
        sign = "≥" if one.at_least else "≤"
        mark = "" if one.reached else "  not reached"
        print(
            f"{one.name:<52}{f'{one.figure:,.4g} {one.unit}':>14}{limit:>14}{one.ratio:>10.3g}"
            f"{f'{sign} {one.aim:g}':>10}{mark}"
        )


def write(measured: Sequence[Measured], part: str) -> None:
    """Keep the figures of a part, in place of those that it gave before, with the machine they were measured on."""
    kept = json.loads(RESULTS.read_text())["parts"] if RESULTS.exists() else {}
    kept[part] = [{**asdict(one), "ratio": one.ratio, "reached": one.reached} for one in measured]
    machine = {"python": platform.python_version(), "system": platform.platform(terse=True), "cores": os.cpu_count()}
    RESULTS.write_text(json.dumps({"machine": machine, "parts": kept}, indent=2) + "\n")
