"""Raking a million respondents to four margins and an NPS with its linearised error, against reading the same rows."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.report import Measured
from feedback_core.weighting.calc import (
    Calibration,
    Design,
    Linearised,
    Margin,
    WeightedCells,
    count_cells,
    rake,
    weighted_mean,
    weighted_mean_of_cells,
)

SEED = 20_260_101
RUNS = 5
SHARES = {
    "segment": (0.72, 0.22, 0.06),
    "region": (0.3, 0.25, 0.35, 0.1),
    "tenure": (0.25, 0.35, 0.4),
    "channel": (0.35, 0.3, 0.2, 0.15),
}
MARGINS = tuple(Margin(name, tuple(map(str, range(len(each)))), each) for name, each in SHARES.items())


@dataclass(frozen=True, slots=True)
class _Seconds:
    """Seconds of the median run, and the memory that the calculation added at its peak, in MB."""

    reading: float
    by_cells: float
    by_rows: float
    megabytes: float


def weights(size: int) -> list[Measured]:
    """Rake and estimate ``size`` respondents in a process of its own, counted into cells and one by one."""
    with tempfile.TemporaryDirectory(prefix="feedback-bench-") as folder:
        path = Path(folder) / "rows.csv"
        _rows(size).write_csv(path)
        told = subprocess.run([sys.executable, "-m", "bench.weighting", str(path)], check=True, capture_output=True)
    found = _Seconds(**json.loads(told.stdout))
    return [
        Measured(f"rake and NPS of {size:,}, counted", "s", found.by_cells, None, 1.3, at_least=False),
        Measured(f"rake and NPS of {size:,}, one by one", "s", found.by_rows, None, 1.3, at_least=False),
        Measured(f"rake and NPS of {size:,} over reading them", "s", found.by_cells, found.reading, 2, at_least=False),
        Measured(f"memory added by raking {size:,}", "MB", found.megabytes, None, 150, at_least=False),
    ]


def _rows(size: int) -> pl.DataFrame:
    """Respondents whose composition leans away from the frame, with a score from 0 to 10."""
    rng = np.random.default_rng(SEED)
    leaning = {name: np.array(each) * np.linspace(1.4, 0.6, len(each)) for name, each in SHARES.items()}
    columns = {name: rng.choice(each.size, size, p=each / each.sum()) for name, each in leaning.items()}
    columns["score"] = np.clip(np.round(rng.normal(7.6 - 0.4 * columns["segment"], 2.1, size)), 0, 10).astype(np.int64)
    return pl.DataFrame(columns)


def _by_cells(codes: NDArray[np.int64], nps: NDArray[np.float64]) -> Linearised:
    cells = count_cells(codes, [len(margin.categories) for margin in MARGINS], nps)
    raking = rake(cells.codes, MARGINS, counts=cells.counts.sum(axis=1), base=cells.base)
    return weighted_mean_of_cells(WeightedCells(cells.counts, cells.scores, raking.weights, cells.codes, cells.base))


def _by_rows(codes: NDArray[np.int64], nps: NDArray[np.float64]) -> Linearised:
    raking = rake(codes, MARGINS)
    return weighted_mean(nps, Design(raking.weights, calibration=Calibration(codes, np.ones(nps.size))))


def _measure(path: Path) -> _Seconds:
    reading = [_timed(lambda: pl.read_csv(path)) for _ in range(RUNS)]
    rows = pl.read_csv(path)
    codes = np.array([rows[name].to_numpy() for name in SHARES])
    score = rows["score"].to_numpy()
    nps = 100.0 * ((score >= 9).astype(float) - (score <= 6))
    before = _peak()
    by_cells = [_timed(lambda: _by_cells(codes, nps)) for _ in range(RUNS)]
    added = _peak() - before
    by_rows = [_timed(lambda: _by_rows(codes, nps)) for _ in range(RUNS)]
    return _Seconds(float(np.median(reading)), float(np.median(by_cells)), float(np.median(by_rows)), added)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(Path(sys.argv[1])))))
