"""Frames of many units: how long they take to come in, to be looked through for duplicates, and to be drawn from."""

import json
import time
from collections.abc import Iterator

import httpx
import psutil

from bench.report import Measured
from bench.world import World

_COLUMNS = {
    "columns": [
        {"column": "Customer", "to": "ref"},
        {"column": "Region", "to": "attribute", "key": "region"},
        {"column": "Branch", "to": "attribute", "key": "branch"},
        {"column": "Turnover", "to": "measure", "key": "turnover"},
        {"column": "Mail", "to": "email"},
    ]
}
_FRAME = {"attributes": ["region", "branch"], "measures": ["turnover"], "seed": 2026}
_REGIONS = ("north", "south", "east", "west", "islands")
_DRAWN = 2_000
_REST = {"rests": False, "counts_as_contact": False}
_DESIGNS = {
    "simple": {"kind": "simple", "n": _DRAWN},
    "systematic": {"kind": "systematic", "n": _DRAWN, "sort_by": ["region", "turnover"]},
    "stratified": {"kind": "stratified", "n": _DRAWN, "strata_by": ["region"], "rule": "proportional"},
    "cluster": {"kind": "cluster", "cluster_by": "branch", "clusters": 50, "take": 40},
    "by size": {"kind": "proportional_to_size", "n": _DRAWN, "size": "turnover"},
}
_PATIENCE = 3_600.0


def frames(world: World, n: int) -> list[Measured]:
    """Seconds for each step of a frame of different people, and of one in which everybody is the same person."""
    measured = []
    with world.client() as client:
        frame, loaded, settled, peak = _load(world, client, "Many", _file(n, same=False))
        measured += [
            Measured(f"frame of {n:,}: file read", "s", loaded, None, 600, at_least=False),
            Measured(f"frame of {n:,}: duplicates looked for", "s", settled, None, 60, at_least=False),
            Measured(f"frame of {n:,}: memory of the worker", "MB", peak, None, 1_500, at_least=False),
        ]
        for name, design in _DESIGNS.items():
            seconds = _draw(client, frame, {**design, **_REST})
            measured.append(Measured(f"frame of {n:,}: {name} sample", "s", seconds, None, 30, at_least=False))
        one, loaded, settled, _ = _load(world, client, "One person", _file(n, same=True))
        people = client.get(f"/v1/frames/{one}/coverage").raise_for_status().json()["items"][0]["coverage"]["people"]
        assert people == 1, people
        measured += [
            Measured(f"frame of {n:,} times one person: file read", "s", loaded, None, 600, at_least=False),
            Measured(f"frame of {n:,} times one person: found", "s", settled, None, 60, at_least=False),
        ]
    return measured


def _file(n: int, *, same: bool) -> bytes:
    def lines() -> Iterator[str]:
        yield "Customer,Region,Branch,Turnover,Mail"
        for i in range(n):
            mail = "ada" if same else f"c{i}"
            yield f"C-{i},{_REGIONS[i % 5]},b{i // 200},{i % 97 + 1},{mail}@example.org"

    return ("\n".join(lines()) + "\n").encode()


def _load(world: World, client: httpx.Client, name: str, content: bytes) -> tuple[str, float, float, float]:
    """The frame's id, seconds to read the file and to look for duplicates, and the worker's peak in MB."""
    frame: str = client.post("/v1/frames", json={"name": name, **_FRAME}).raise_for_status().json()["id"]
    worker, peak = psutil.Process(world.stack.worker.pid), 0
    started = time.perf_counter()
    files = {"mapping": (None, json.dumps(_COLUMNS).encode()), "file": ("customers.csv", content)}
    sent = client.post(f"/v1/frames/{frame}/imports", files=files, timeout=600).raise_for_status()
    found = {"status": "queued"}
    while found["status"] not in {"succeeded", "failed", "cancelled"}:
        assert time.perf_counter() - started < _PATIENCE, found
        time.sleep(0.2)
        found = client.get(sent.headers["Location"]).raise_for_status().json()
        peak = max(peak, worker.memory_info().rss)
    assert found["status"] == "succeeded", found
    loaded = time.perf_counter() - started
    while not client.get(f"/v1/frames/{frame}").raise_for_status().json()["settled"]:
        assert time.perf_counter() - started < _PATIENCE
        time.sleep(0.2)
        peak = max(peak, worker.memory_info().rss)
    return frame, loaded, time.perf_counter() - started - loaded, peak / 2**20


def _draw(client: httpx.Client, frame: str, design: dict[str, object]) -> float:
    """Seconds until a sample is drawn."""
    started = time.perf_counter()
    body = {"frame_id": frame, "name": "Bench", "seed": 7, "design": design}
    made = client.post("/v1/samples", json=body, timeout=120).raise_for_status()
    found = {"status": "queued"}
    while found["status"] not in {"succeeded", "failed", "cancelled"}:
        assert time.perf_counter() - started < _PATIENCE, found
        time.sleep(0.1)
        found = client.get(made.headers["Location"], timeout=60).raise_for_status().json()
    assert found["status"] == "succeeded", found
    return time.perf_counter() - started
