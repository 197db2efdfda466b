"""KPI figures at growing numbers of responses, each against the same counts by SQL over all responses."""

import time
from collections.abc import Mapping
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from bench.analyses import measure_run
from bench.report import Measured
from bench.sql_over_responses import SAME_SQL
from bench.world import LEVELS, ORDERS, World, await_folded, fill, weigh

READS = 200
_FRAME = {"margins": {key: {value: 1 / len(LEVELS[key]) for value in LEVELS[key]} for key in ("region", "age")}}
_NPS = {"name": "NPS", "unit": "points", "measure": "nps", "question_types": ["nps"], "question": "nps"}
_RATE = {
    "name": "Refunds per order",
    "unit": "refunds",
    "measure": "ratio",
    "question_types": ["number"],
    "question": "refunds",
    "denominator": "orders",
}
Latencies = dict[tuple[str, int], NDArray[np.float64]]


def figures(world: World, sizes: list[int]) -> list[Measured]:
    """Value, series, breakdown, plain and weighted, and analyses, at each size; the last against the first."""
    surveys = {size: world.survey(f"bench-kpis-{size}") for size in sizes}
    measured: list[Measured] = []
    # All are there before anything is measured, so that each size is read from the same, settled database.
    for size, survey in surveys.items():
        fill(world, survey, size)
        seconds = await_folded(world, survey)
        if size == sizes[-1]:
            measured.append(Measured(f"folding {size:,} responses", "/s", size / seconds, None, 0))
        weigh(world, survey)
    latencies: Latencies = {}
    for size, survey in surveys.items():
        paths = {
            "KPI value": f"/v1/kpis/nps/value?survey={survey}",
            "24-month series": f"/v1/kpis/nps/series?survey={survey}&bucket=month",
            "breakdown": f"/v1/kpis/nps/breakdown?survey={survey}&by=region",
            "weighted value": f"/v1/kpis/nps/value?survey={survey}&weighting=frame",
            "weighted 24-month series": f"/v1/kpis/nps/series?survey={survey}&bucket=month&weighting=frame",
            "weighted breakdown": f"/v1/kpis/nps/breakdown?survey={survey}&by=region&weighting=frame",
        }
        for name, path in paths.items():
            latencies[name, size] = _latencies(world, path)
        if size == sizes[-1]:
            measured += _over_sizes(latencies, list(paths), sizes)
            measured += _over_responses(world, survey, latencies, dict.fromkeys(paths, 100.0), size)
        requests: dict[str, dict[str, object]] = {
            "trend": {"kind": "trend", "survey_id": str(survey), "kpi": "nps", "bucket": "month"},
            "sampling bias": {"kind": "sampling_bias", "survey_id": str(survey), "kpi": "nps", "frame": _FRAME},
        }
        for name, body in requests.items():
            measured += measure_run(world, name, body, size, seconds=2)
    return measured


def takes(world: World, sizes: list[int]) -> list[Measured]:
    """Ratios, and one response of each respondent where one in ten answered twice, at each size."""
    latencies: Latencies = {}
    with world.client() as client:
        for key, definition in {
            "bench_rate": _RATE,
            "bench_first": {**_NPS, "take": "first"},
            "bench_latest": {**_NPS, "take": "latest"},
        }.items():
            client.put(f"/v1/kpis/{key}", json=definition).raise_for_status()
    for size in sizes:
        survey = world.survey(f"bench-takes-{size}", ORDERS)
        fill(world, survey, size, ORDERS)
        await_folded(world, survey)
        paths = {
            "ratio": f"/v1/kpis/bench_rate/value?survey={survey}",
            "breakdown of a ratio": f"/v1/kpis/bench_rate/breakdown?survey={survey}&by=region",
            "first of each respondent": f"/v1/kpis/bench_first/value?survey={survey}",
            "latest of each respondent": f"/v1/kpis/bench_latest/value?survey={survey}",
        }
        for name, path in paths.items():
            latencies[name, size] = _latencies(world, path, reads=READS if "ratio" in name else READS // 10)
    # Whoever answered twice is looked at: with so many of them, a take costs about what reading everything would.
    aims = {
        "ratio": 100.0,
        "breakdown of a ratio": 100.0,
        "first of each respondent": 1.0,
        "latest of each respondent": 1.0,
    }
    growth = sizes[-1] / sizes[0]
    return [
        *_over_sizes(latencies, list(aims)[:2], sizes),
        *_over_sizes(latencies, list(aims)[2:], sizes, aim=1.3 * growth),
        *_over_responses(world, survey, latencies, aims, sizes[-1]),
    ]


def _over_sizes(latencies: Latencies, names: list[str], sizes: list[int], *, aim: float = 1.3) -> list[Measured]:
    found = []
    for name in names:
        p99 = [float(np.quantile(latencies[name, size], 0.99)) * 1000 for size in sizes]
        found += [
            Measured(f"{name} at {size:,}: p99", "ms", each, None, 1000, at_least=False)
            for size, each in zip(sizes, p99, strict=True)
        ]
        compared = f"{name}: p99 at {sizes[-1]:,} over {sizes[0]:,}"
        found.append(Measured(compared, "ms", p99[-1], p99[0], aim, at_least=False))
    return found


def _over_responses(
    world: World, survey: UUID, latencies: Latencies, aims: Mapping[str, float], size: int
) -> list[Measured]:
    found = []
    for name, aim in aims.items():
        median = float(np.median(latencies[name, size])) * 1000
        seconds = _sql_seconds(world, survey, SAME_SQL[name])
        found.append(Measured(f"{name}: SQL over {size:,} responses over it", "ms", seconds * 1000, median, aim))
    return found


def _latencies(world: World, path: str, *, reads: int = READS) -> NDArray[np.float64]:
    taken = []
    with world.client() as client:
        for _ in range(10):
            client.get(path).raise_for_status()
        for _ in range(reads):
            started = time.perf_counter()
            client.get(path).raise_for_status()
            taken.append(time.perf_counter() - started)
    return np.array(taken)


def _sql_seconds(world: World, survey: UUID, statement: str) -> float:
    with world.owner() as connection:
        started = time.perf_counter()
        connection.execute(statement, [world.organisation_id, survey]).fetchall()
        return time.perf_counter() - started
