"""Exports against COPY TO of the same rows, and what they weigh: the same for many responses as for few."""

import time
from uuid import UUID

import psutil

from bench.report import Measured
from bench.world import World, await_folded, fill

_COPY = """
    COPY (SELECT id, survey_version_id, external_id, respondent_ref, status, method, confidentiality, submitted_at,
                 started_at, received_at, import_id, import_line, unanswered, attributes, answers
            FROM response WHERE organisation_id = '{}' AND survey_id = '{}' ORDER BY id) TO STDOUT (FORMAT csv)
"""
_STREAMED = ("ndjson", "csv", "parquet")


def exports(world: World, few: int, many: int) -> list[Measured]:
    """Files of every form: rows a second, peak memory of the worker, and how soon the first byte is there."""
    some = many // 10
    small, middle, large = (world.survey(f"bench-exports-{name}") for name in ("few", "some", "many"))
    for survey, n in ((small, few), (middle, some), (large, many)):
        fill(world, survey, n)
        await_folded(world, survey)
    for form in (*_STREAMED, "xlsx"):
        # Loads what the writers need, which is then not taken for growth.
        _export(world, small, form)
    limit = _copy_rate(world, large, many)
    measured = []
    for form in (*_STREAMED, "xlsx"):
        # A workbook takes ten times as long, and nobody opens one of millions of rows.
        n, survey = (some, middle) if form == "xlsx" else (many, large)
        _, before, _ = _export(world, small, form)
        seconds, peak, first = _export(world, survey, form)
        name = f"export of {n:,} responses as {form}"
        measured += [
            Measured(f"{name} against COPY TO", "/s", n / seconds, limit, 0.01 if form == "xlsx" else 0.05),
            Measured(f"{name}: memory over {few:,}", "MB", peak, before, 1.2, at_least=False),
            Measured(f"{name}: first byte", "s", first, None, 1, at_least=False),
        ]
    return measured


def _export(world: World, survey: UUID, form: str) -> tuple[float, float, float]:
    """Seconds until the file is ready, peak of the worker in MB, and seconds to the first byte of the download."""
    worker, peak = psutil.Process(world.stack.worker.pid), 0
    with world.client() as client:
        started = time.perf_counter()
        asked = client.post(f"/v1/surveys/{survey}/exports", json={"format": form}).raise_for_status()
        while True:
            found = client.get(asked.headers["Location"]).json()
            peak = max(peak, worker.memory_info().rss)
            if found["status"] not in {"queued", "running"}:
                break
            time.sleep(0.1)
        seconds = time.perf_counter() - started
        assert found["status"] == "succeeded", found
        asked_for = time.perf_counter()
        with client.stream("GET", found["links"]["file"]) as file:
            next(file.iter_raw(1024))
            first = time.perf_counter() - asked_for
        client.delete(found["links"]["self"]).raise_for_status()
    return seconds, peak / 2**20, first


def _copy_rate(world: World, survey: UUID, n: int) -> float:
    """Rows per second of COPY TO, read here."""
    with world.owner() as connection:
        started = time.perf_counter()
        with connection.cursor().copy(_COPY.format(world.organisation_id, survey).encode()) as copy:
            for _ in copy:
                pass
        return n / (time.perf_counter() - started)
