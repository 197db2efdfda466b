"""The service under measurement: its servers, an API with the no-op route, a survey, and millions of responses."""

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from feedback_core.organisations.credentials import parse_credential
from feedback_core.surveys.cells import cell_of
from feedback_dev.ports import free_port
from feedback_dev.stack import Stack

ROOT = Path(__file__).resolve().parents[1]
LEVELS = {
    "region": [f"r{number}" for number in range(5)],
    "segment": [f"s{number}" for number in range(3)],
    "channel": [f"c{number}" for number in range(4)],
    "age": [f"a{number}" for number in range(6)],
}
SURVEY: dict[str, Any] = {
    "title": "Bench",
    "language": "en",
    "attributes": [{"key": key, "label": key, "values": values} for key, values in LEVELS.items()],
    "questions": [
        {"key": "nps", "type": "nps", "text": "Recommend?"},
        {"key": "wait", "type": "csat", "text": "The wait?"},
        {"key": "ease", "type": "ces", "text": "Easy?"},
    ],
}
METHOD = "online_questionnaire"
RATINGS = ("staff", "price", "speed", "place", "choice", "advice")


@dataclass(frozen=True, slots=True)
class Content:
    """What respondents of a survey are asked, and say.

    Attributes:
        questions: of the questionnaire.
        answers: SQL of the answers to them.
        respondent: SQL of the number of response ``g``'s respondent; NULL where nobody is known again.
    """

    questions: Sequence[Mapping[str, object]]
    answers: str
    respondent: str = "NULL::bigint"


VISITS = Content(
    SURVEY["questions"],
    """jsonb_build_object('nps', least(10, floor(13 * sqrt(random())))::int,
                          'wait', 1 + floor(5 * random())::int, 'ease', 1 + floor(7 * random())::int)""",
)
"""Answered once by everybody."""

ORDERS = Content(
    [
        {"key": "nps", "type": "nps", "text": "Recommend?"},
        {"key": "refunds", "type": "number", "text": "Refunds?"},
        {"key": "orders", "type": "number", "text": "Orders?"},
    ],
    """jsonb_build_object('nps', least(10, floor(13 * sqrt(random())))::int,
                          'refunds', floor(5 * random() ^ 3)::int, 'orders', 1 + floor(40 * random() ^ 2)::int)""",
    "CASE WHEN g % 11 = 10 THEN (random() * g)::bigint ELSE g END",
)
"""Every respondent is known; one in ten answers a second time."""

FEATURES = Content(
    [
        {"key": "nps", "type": "nps", "text": "Recommend?"},
        *({"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": f"The {key}?"} for key in RATINGS),
    ],
    "(SELECT jsonb_build_object('nps', least(10, greatest(0, round(e.likes * 2 + 3 * random() - 1)))::int, "
    + ", ".join(
        f"'{key}', greatest(1, least(5, round(e.likes + {3 + i} * (random() - 0.5))))::int"
        for i, key in enumerate(RATINGS)
    )
    + ") FROM (SELECT 1 + 4 * random() + 0 * s.g AS likes) AS e)",
)
"""An outcome and six ratings that go together, the later ones less."""

# Their arithmetic stays, and nobody reaches them.
_NO_QUOTAS = dict.fromkeys(
    ("API_KEY_REQUESTS_PER_MINUTE", "API_ORGANISATION_REQUESTS_PER_MINUTE", "API_WEBHOOK_REQUESTS_PER_MINUTE"),
    "1000000000",
)

# The receivers of webhooks are on this machine.
_DEPLOYMENT = {"LOG_LEVEL": "WARNING", "WORKER_TICK_SECONDS": "1", "WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true"}

# Several connections fill at once, so that the bench spends its time on what it measures.
_FILLERS = 2
_PART = 250_000

_UNFOLDED = """
    SELECT EXISTS (
        SELECT FROM response
         WHERE organisation_id = %(o)s AND survey_id = %(s)s
           AND recorded_xid >= coalesce(
                   (SELECT least(f.watermark, (SELECT min(watermark) FROM ratio_fold
                                                WHERE organisation_id = %(o)s AND survey_id = %(s)s))
                      FROM fold_state f WHERE f.organisation_id = %(o)s AND f.survey_id = %(s)s), '0'))
"""


@dataclass(frozen=True, slots=True)
class World:
    """What the measurements talk to."""

    stack: Stack
    port: int
    api_pid: int
    key: str
    organisation_id: UUID

    @property
    def url(self) -> str:
        """The API's address."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        """A client with the key."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=600)

    def survey(self, key: str, content: Content | None = None) -> UUID:
        """A new published survey."""
        asked = SURVEY if content is None else {**SURVEY, "questions": content.questions}
        with self.client() as client:
            made = client.post("/v1/surveys", json={"key": key, **asked}).raise_for_status().json()
            client.post(f"/v1/surveys/{made['id']}/publish").raise_for_status()
        return UUID(made["id"])

    def owner(self) -> psycopg.Connection:
        """A connection of the tables' owner."""
        return psycopg.connect(self.stack.owner_url, autocommit=True)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Everything running, ended on leaving."""
    with Stack(folder, environment=_DEPLOYMENT) as stack:
        port = free_port()
        environment = {**stack.service_environment, "PORT": str(port), "PYTHONPATH": str(ROOT), **_NO_QUOTAS}
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "bench.application:app", "--port", str(port), "--no-access-log",
             "--loop", "uvloop", "--http", "httptools", "--log-level", "warning"],
            env=environment,
            cwd=ROOT,
        )  # fmt: skip
        try:
            _await(port)
            assert stack.api_key
            credential = parse_credential(stack.api_key)
            assert credential
            yield World(stack, port, process.pid, stack.api_key, credential.organisation_id)
        finally:
            process.terminate()
            process.wait(20)


def body(number: int) -> bytes:
    """A response of three answers, different for every number."""
    attributes = {key: values[number % len(values)] for key, values in LEVELS.items()}
    answers = {"nps": number % 11, "wait": 1 + number % 5, "ease": 1 + number % 7}
    return json.dumps(
        {"external_id": f"b{os.getpid()}-{number}", "attributes": attributes, "answers": answers}
    ).encode()


def fill(world: World, survey_id: UUID, n: int, content: Content = VISITS) -> None:
    """Write ``n`` responses of 24 months straight into the table; none is folded before all are there."""
    with world.owner() as holding, holding.transaction():
        # An open transaction that could still write keeps the worker from folding what others wrote since.
        holding.execute("SELECT pg_current_xact_id()")
        parts = [(first, min(first + _PART, n) - 1) for first in range(0, n, _PART)]
        with ThreadPoolExecutor(_FILLERS) as fillers:
            for filled in [fillers.submit(_fill_part, world, survey_id, n, content, part) for part in parts]:
                filled.result()
    with world.owner() as connection:
        connection.execute("VACUUM ANALYZE response")


def _fill_part(world: World, survey_id: UUID, n: int, content: Content, part: tuple[int, int]) -> None:
    cells = [
        (cell.id, json.dumps(attributes))
        for values in itertools.product(*LEVELS.values())
        for attributes in [dict(zip(LEVELS, values, strict=True))]
        for cell in [cell_of(attributes, METHOD)]
    ]
    with world.owner() as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("CREATE TEMP TABLE cell (number serial, cell_id uuid, attributes jsonb)")
        with connection.cursor().copy("COPY cell (cell_id, attributes) FROM STDIN") as copy:
            for row in cells:
                copy.write_row(row)
        version = connection.execute("SELECT id FROM survey_version WHERE survey_id = %s", [survey_id]).fetchone()
        assert version
        connection.execute(
            f"""
            INSERT INTO response (organisation_id, id, survey_id, survey_version_id, content_hash, status,
                                  method, confidentiality, submitted_at, received_at, attributes, cell_id,
                                  answers, unanswered, respondent_ref)
            SELECT %(organisation)s, uuidv7(), %(survey)s, %(version)s, '\\x00', 'complete', %(method)s,
                   'anonymous', t, t, c.attributes, c.cell_id, {content.answers}, '{{}}',
                   decode(md5(({content.respondent.replace("%", "%%")})::text), 'hex')
              FROM (SELECT g, timestamptz '2024-01-01' + (g + random()) / %(n)s * interval '730 days' AS t,
                           1 + (random() * %(cells)s)::int %% %(cells)s AS number
                      FROM generate_series(%(first)s::int, %(last)s::int) AS g) AS s
              JOIN cell c USING (number)
            """,
            {
                "organisation": world.organisation_id,
                "survey": survey_id,
                "version": version[0],
                "method": METHOD,
                "cells": len(cells),
                "n": n,
                "first": part[0],
                "last": part[1],
            },
        )


def weigh(world: World, survey_id: UUID) -> None:
    """Keep a scheme that rakes the survey to a frame of four attributes, in which every value is as frequent."""
    margins = {key: {value: 1 / len(values) for value in values} for key, values in LEVELS.items()}
    scheme = {"name": "Frame", "kind": "raking", "frame": {"margins": margins}}
    with world.client() as client:
        client.put(f"/v1/surveys/{survey_id}/weighting-schemes/frame", json=scheme).raise_for_status()


def await_folded(world: World, survey_id: UUID, seconds: float = 3600) -> float:
    """Wait until the worker has folded everything; how long it took."""
    started = time.perf_counter()
    with world.owner() as connection:
        while time.perf_counter() - started < seconds:
            left = connection.execute(_UNFOLDED, {"o": world.organisation_id, "s": survey_id}).fetchone()
            assert left
            if not left[0]:
                # As autovacuum would, in a minute.
                connection.execute("VACUUM ANALYZE kpi_cell, respondent_cell, ratio_cell, repeated_response")
                return time.perf_counter() - started
            time.sleep(0.2)
    raise TimeoutError("the worker did not fold in time")


def _await(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError("the API did not start")
