"""KPI figures and analyses at growing numbers of responses, against the same SQL over responses."""

import time
from uuid import UUID

import httpx
import numpy as np
import psutil

from bench.report import Measured
from bench.world import World, await_folded, fill, weigh

READS = 200
_SAME_SQL = """
    SELECT date_trunc('month', r.submitted_at AT TIME ZONE 'Europe/London')::date AS month,
           r.answers ->> 'nps' AS value, count(*)
      FROM response r
     WHERE r.organisation_id = %s AND r.survey_id = %s AND r.answers ? 'nps'
       AND NOT EXISTS (SELECT FROM response_exclusion x
                        WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL)
     GROUP BY 1, 2
"""


def figures(world: World, sizes: list[int]) -> list[Measured]:
    """Value, series and analyses at each size; the last against the first, and against SQL over responses."""
    measured: list[Measured] = []
    latencies: dict[tuple[str, int], np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for size in sizes:
        survey = world.survey(f"bench-kpis-{size}")
        fill(world, survey, size)
        seconds = await_folded(world, survey)
        if size == sizes[-1]:
            measured.append(Measured(f"folding {size:,} responses", "/s", size / seconds, None, 0))
        weigh(world, survey)
        paths = {
            "KPI value": f"/v1/kpis/nps/value?survey={survey}",
            "24-month series": f"/v1/kpis/nps/series?survey={survey}&bucket=month",
            "breakdown": f"/v1/kpis/nps/breakdown?survey={survey}&by=region",
            "weighted value": f"/v1/kpis/nps/value?survey={survey}&weighting=frame",
        }
        for name, path in paths.items():
            latencies[name, size] = _latencies(world, path)
        if size == sizes[-1]:
            over_responses = _sql_seconds(world, survey)
            measured += _against(latencies, list(paths), sizes, over_responses)
        measured += _analyses(world, survey, size)
    return measured


def _against(
    latencies: dict[tuple[str, int], np.ndarray[tuple[int], np.dtype[np.float64]]],
    names: list[str],
    sizes: list[int],
    over_responses: float,
) -> list[Measured]:
    found = []
    for name in names:
        for size in sizes:
            p99 = float(np.quantile(latencies[name, size], 0.99)) * 1000
            found.append(Measured(f"{name} at {size:,}: p99", "ms", p99, None, 1000, at_least=False))
        first, last = (float(np.quantile(latencies[name, size], 0.99)) * 1000 for size in (sizes[0], sizes[-1]))
        found.append(
            Measured(f"{name}: p99 at {sizes[-1]:,} over {sizes[0]:,}", "ms", last, first, 1.3, at_least=False)
        )
        median = float(np.median(latencies[name, sizes[-1]])) * 1000
        found.append(
            Measured(f"{name}: SQL over {sizes[-1]:,} responses over it", "ms", over_responses * 1000, median, 100)
        )
    return found


def _latencies(world: World, path: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    taken = []
    with world.client() as client:
        for _ in range(10):
            client.get(path).raise_for_status()
        for _ in range(READS):
            started = time.perf_counter()
            client.get(path).raise_for_status()
            taken.append(time.perf_counter() - started)
    return np.array(taken)


def _sql_seconds(world: World, survey: UUID) -> float:
    with world.owner() as connection:
        started = time.perf_counter()
        connection.execute(_SAME_SQL, [world.organisation_id, survey]).fetchall()
        return time.perf_counter() - started


def _analyses(world: World, survey: UUID, size: int) -> list[Measured]:
    worker = psutil.Process(world.stack.worker.pid)
    requests: dict[str, dict[str, object]] = {
        "trend": {"kind": "trend", "survey_id": str(survey), "kpi": "nps", "bucket": "month"},
        "sampling bias": {
            "kind": "sampling_bias",
            "survey_id": str(survey),
            "kpi": "nps",
            "frame": {
                "margins": {"region": {f"r{n}": 0.2 for n in range(5)}, "age": {f"a{n}": 1 / 6 for n in range(6)}}
            },
        },
    }
    found = []
    with world.client() as client:
        for name, body in requests.items():
            client.post("/v1/analyses", json={**body, "level": 0.9}).raise_for_status()
            run, seconds, peak = _run(client, body, worker)
            assert run["status"] == "succeeded", run
            found.append(Measured(f"{name} run at {size:,}", "s", seconds, None, 2, at_least=False))
            found.append(
                Measured(f"peak memory of the worker, {name} at {size:,}", "MB", peak, None, 400, at_least=False)
            )
    return found


def _run(
    client: httpx.Client, body: dict[str, object], worker: psutil.Process
) -> tuple[dict[str, object], float, float]:
    started = time.perf_counter()
    sent = client.post("/v1/analyses", json=body)
    sent.raise_for_status()
    peak = 0.0
    while True:
        run: dict[str, object] = client.get(sent.headers["Location"]).json()
        peak = max(peak, worker.memory_info().rss / 2**20)
        if run["status"] not in {"queued", "running"}:
            return run, time.perf_counter() - started, peak
        time.sleep(0.05)
