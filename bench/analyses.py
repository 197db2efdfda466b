"""Runs of analyses: how long from the request to the result, and what the worker's memory reaches meanwhile."""

import time
from pathlib import Path

import httpx
import psutil

from bench.report import Measured
from bench.world import FEATURES, RATINGS, World, await_folded, fill

_POLL_SECONDS = 0.05
_LARGEST_MB = 400


def drivers(world: World, size: int) -> list[Measured]:
    """Six ratings as drivers of an NPS, without intervals."""
    survey = world.survey(f"bench-drivers-{size}", FEATURES)
    fill(world, survey, size, FEATURES)
    await_folded(world, survey)
    body: dict[str, object] = {
        "kind": "drivers",
        "survey_id": str(survey),
        "outcome": "nps",
        "drivers": list(RATINGS),
        "intervals": False,
    }
    return measure_run(world, f"drivers of {len(RATINGS)} ratings", body, size, seconds=10)


def measure_run(
    world: World, name: str, body: dict[str, object], size: int, *, seconds: float, largest_mb: float = _LARGEST_MB
) -> list[Measured]:
    """A run of an analysis in a worker that has made one like it before."""
    with world.client() as client:
        _run(client, {**body, "level": 0.9})
        _forget_peaks(world)
        taken = _run(client, body)
    peak = sum(_peak_mb(process) for process in _processes(world))
    return [
        Measured(f"{name} run at {size:,}", "s", taken, None, seconds, at_least=False),
        Measured(f"peak memory of the worker, {name} at {size:,}", "MB", peak, None, largest_mb, at_least=False),
    ]


def _run(client: httpx.Client, body: dict[str, object]) -> float:
    started = time.perf_counter()
    sent = client.post("/v1/analyses", json=body)
    sent.raise_for_status()
    while True:
        run: dict[str, object] = client.get(sent.headers["Location"]).json()
        if run["status"] not in {"queued", "running"}:
            assert run["status"] == "succeeded", run
            return time.perf_counter() - started
        time.sleep(_POLL_SECONDS)


def _processes(world: World) -> list[psutil.Process]:
    worker = psutil.Process(world.stack.worker.pid)
    return [worker, *worker.children(recursive=True)]


def _forget_peaks(world: World) -> None:
    for process in _processes(world):
        Path(f"/proc/{process.pid}/clear_refs").write_text("5")


def _peak_mb(process: psutil.Process) -> float:
    """The kernel's own note of the largest resident size: nothing between two looks is missed."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
