"""How long the API takes from import to ready, and what it weighs."""

import subprocess
import sys
import time

import httpx
import psutil

from bench.report import Measured
from bench.world import World
from feedback_dev.ports import free_port


def api_start(world: World) -> list[Measured]:
    """The best of three starts."""
    seconds, megabytes = min(_start(world) for _ in range(3))
    return [
        Measured("API from import to ready", "s", seconds, None, 1.5, at_least=False),
        Measured("memory of the API when ready", "MB", megabytes, None, 150, at_least=False),
    ]


def _start(world: World) -> tuple[float, float]:
    port = free_port()
    environment = {**world.stack.service_environment, "PORT": str(port)}
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "feedback_api", "serve"], env=environment)
    try:
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.01)
        return time.perf_counter() - started, psutil.Process(process.pid).memory_info().rss / 2**20
    finally:
        process.terminate()
        process.wait(20)
