"""Single responses against the same app's no-op; batches and imports against COPY of the same rows."""

import asyncio
import csv
import io
import itertools
import json
import time
from uuid import UUID

import psutil

from bench.load import Load, drive, request
from bench.report import Measured
from bench.world import LEVELS, World, body

CONNECTIONS = 32
MANY_CONNECTIONS = 500
_COLUMNS = (
    "organisation_id, id, survey_id, survey_version_id, external_id, external_ref, content_hash, status, method,"
    " confidentiality, submitted_at, received_at, attributes, cell_id, answers, unanswered, import_id, import_line,"
    " sent_by, request_id"
)
_ROWS_AGAIN = """
    SELECT r.organisation_id, uuidv7(), v.survey_id, v.id, r.external_id, substr(sha256(r.external_ref), 1, 16),
           r.content_hash, r.status, r.method, r.confidentiality, r.submitted_at, r.received_at, r.attributes::text,
           r.cell_id, r.answers::text, r.unanswered, r.import_id, r.import_line, r.sent_by, r.request_id
      FROM response r
      JOIN survey_version v ON v.organisation_id = r.organisation_id AND v.survey_id = %(other)s
     WHERE r.survey_id = %(survey)s
"""


def singles(world: World, n: int) -> list[Measured]:
    """Responses one per request, keyed, validated, deduplicated, durable."""
    survey = world.survey("bench-singles")
    bodies = iter(body(number) for number in itertools.count())

    def run(route: str, requests: int = n, connections: int = CONNECTIONS) -> Load:
        ready = [request("POST", f"/v1/surveys/{survey}/{route}", world.key, next(bodies)) for _ in range(requests)]
        load = asyncio.run(drive(world.port, ready.__getitem__, requests=requests, connections=connections, status=201))
        assert not load.failures, f"{load.failures} requests failed"
        return load

    for route in ("nothing", "plain", "responses"):
        run(route, n // 10)
    limit, plain, reached = (run(route).per_second for route in ("nothing", "plain", "responses"))
    crowd = run("responses", 4 * n, MANY_CONNECTIONS)
    return [
        Measured("single responses against the no-op POST", "/s", reached, limit, 0.6),
        Measured("single responses against one insert per request", "/s", reached, plain, 2.5),
        Measured(
            f"p99 over median of single responses on {MANY_CONNECTIONS} connections",
            "ms",
            crowd.quantile(0.99) * 1000,
            crowd.quantile(0.5) * 1000,
            10,
            at_least=False,
        ),
    ]


def batches(world: World, n: int) -> list[Measured]:
    """Batches of 1,000 against psycopg COPY of the same rows."""
    survey = world.survey("bench-batches")
    items = [json.loads(body(number)) for number in range(n)]
    payloads = [json.dumps({"items": items[first : first + 1000]}).encode() for first in range(0, n, 1000)]

    async def run() -> float:
        load = await drive(
            world.port,
            lambda number: request("POST", f"/v1/surveys/{survey}/responses/batch", world.key, payloads[number]),
            requests=len(payloads),
            connections=4,
            status=200,
        )
        assert not load.failures
        return n / load.seconds

    reached = asyncio.run(run())
    return [Measured("responses in batches of 1,000 against COPY", "/s", reached, copy_rate(world, survey), 0.3)]


def imports(world: World, n: int) -> list[Measured]:
    """A CSV file against COPY of the same rows; and the worker's memory."""
    survey = world.survey("bench-import")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", *LEVELS, "nps", "wait", "ease"])
    for number in range(n):
        levels = [values[number % len(values)] for values in LEVELS.values()]
        writer.writerow([f"i{number}", *levels, number % 11, 1 + number % 5, 1 + number % 7])
    columns = [{"column": "id", "to": "external_id"}]
    columns += [{"column": key, "to": "attribute", "key": key} for key in LEVELS]
    columns += [{"column": key, "to": "question", "key": key} for key in ("nps", "wait", "ease")]
    mapping = {"format": "csv", "columns": columns}
    worker = psutil.Process(world.stack.worker.pid)
    peak = 0
    with world.client() as client:
        started = time.perf_counter()
        sent = client.post(
            f"/v1/surveys/{survey}/imports",
            files={
                "mapping": (None, json.dumps(mapping), "application/json"),
                "file": ("bench.csv", text.getvalue().encode(), "text/csv"),
            },
        )
        sent.raise_for_status()
        while True:
            found = client.get(sent.headers["Location"]).json()
            peak = max(peak, worker.memory_info().rss)
            if found["status"] not in {"queued", "running"}:
                break
            time.sleep(0.2)
        seconds = time.perf_counter() - started
    assert (found["status"], found["rows_recorded"]) == ("succeeded", n), found
    limit = copy_rate(world, survey)
    return [
        Measured(f"import of {n:,} CSV rows against COPY", "/s", n / seconds, limit, 0.3),
        Measured("peak memory of the worker while importing", "MB", peak / 2**20, None, 300, at_least=False),
    ]


def copy_rate(world: World, survey: UUID) -> float:
    """Rows per second of COPY of the rows that a survey has, into the same table with its indexes.

    They go to a survey of their own under new ids and references: all columns, and each index, get as much as before.
    """
    other = world.survey(f"bench-copy-{survey}")
    with world.owner() as connection:
        rows = connection.execute(_ROWS_AGAIN, {"survey": survey, "other": other}).fetchall()
        connection.execute("BEGIN")
        started = time.perf_counter()
        with connection.cursor().copy(f"COPY response ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        seconds = time.perf_counter() - started
        connection.execute("ROLLBACK")
    return len(rows) / seconds
