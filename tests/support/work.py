"""Work for the worker, of every kind, and the proof that it was done once."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from feedback_core.analyses.payloads import RunReview, RunSamplingBias, RunTrend
from feedback_core.responses.imports.types import RunImport
from tests.support.api import Api
from tests.support.breakpoints import Place
from tests.support.surveys import PublishedSurvey
from tests.support.truth import assert_cells_become_exact, assert_figures_are_exact, stored_ids
from tests.support.waiting import soon

Json = dict[str, Any]

ROWS = 6_000
"""Of the file: three of the worker's transactions."""

_ANALYSES = f"NEW.kind IN ('{RunTrend.kind}', '{RunSamplingBias.kind}', '{RunReview.kind}')"
_OURS = f"({_ANALYSES} OR NEW.kind = '{RunImport.kind}')"
_BEGUN = f"{_OURS} AND OLD.status = 'queued' AND NEW.status = 'running'"
RUNG = Place("job", "UPDATE", _BEGUN)
BEGUN = Place("job", "UPDATE", _BEGUN, at_commit=True)
ENDED = Place("job", "UPDATE", f"{_OURS} AND NEW.status = 'succeeded'", at_commit=True)
READ = Place("job", "UPDATE", f"{_ANALYSES} AND NEW.progress_done > 0 AND OLD.progress_done = 0")
FOLDED = Place("fold_state", "UPDATE", at_commit=True)
SAVED = Place("analysis_run", "UPDATE", "NEW.result IS NOT NULL")
_HALF_WAY = "OLD.rows_read < 4000 AND NEW.rows_read >= 4000"
ROWS_BEFORE = Place("response_import", "UPDATE", _HALF_WAY)
ROWS_AT_COMMIT = Place("response_import", "UPDATE", _HALF_WAY, at_commit=True)

FINAL = {"succeeded", "failed", "cancelled"}
FRAME = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
MAPPING = {
    "columns": [
        {"column": "Ticket", "to": "external_id"},
        {"column": "Day", "to": "submitted_at"},
        {"column": "Region", "to": "attribute", "key": "region"},
        {"column": "NPS", "to": "question", "key": "nps"},
        {"column": "Wait", "to": "question", "key": "wait"},
        {"column": "Why", "to": "question", "key": "why"},
    ]
}


def analyses_of(survey: PublishedSurvey) -> dict[str, Json]:
    """A request of the kinds of analysis that a review rests on, and of a review."""
    common = {"survey_id": survey.id, "kpi": "nps"}
    return {
        "trend": {**common, "kind": "trend", "bucket": "month"},
        "sampling_bias": {**common, "kind": "sampling_bias", "frame": FRAME},
        "review": {"survey_id": survey.id, "kind": "review", "frame": FRAME},
    }


def answers_over_a_year() -> list[Json]:
    """Forty answers a month; waiting gets worse in the second half."""
    return [
        {
            "submitted_at": f"2025-{month:02}-{number % 28 + 1:02}T12:00:00Z",
            "attributes": {"region": "north" if number % 4 else "south"},
            "answers": {"nps": number * 7 % 11, "wait": number % 3 + (3 if month < 7 else 1), "ease": number % 7 + 1},
        }
        for month in range(1, 13)
        for number in range(40)
    ]


def rows_of(numbers: Iterable[int] = range(ROWS), *, reason: str = "") -> bytes:
    """A file of responses, all of which give the same reason."""
    text = io.StringIO()
    text.write("Ticket,Day,Region,NPS,Wait,Why\n")
    for number in numbers:
        day, region = number % 28 + 1, "north" if number % 3 else "south"
        text.write(f"{number},2026-02-{day:02}T12:00:00Z,{region},{number * 7 % 11},{number % 5 + 1},{reason}\n")
    return text.getvalue().encode()


async def upload(
    api: Api, survey: PublishedSurvey, file: bytes, *, key: str | None = None, status: int | None = 202
) -> Json:
    """Send a file to be imported; the import."""
    answer = await api.call(
        "POST",
        f"/v1/surveys/{survey.id}/imports",
        status=status,
        files={
            "mapping": (None, json.dumps(MAPPING), "application/json"),
            "file": ("rows.csv", file, "text/csv"),
        },
        headers={"Idempotency-Key": key} if key else {},
    )
    found: Json = answer.json()
    return found


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it stands in the database."""

    status: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Work:
    """Every analysis of one survey, and maybe an import into another: asked for, and not yet waited for.

    Attributes:
        analysed: the survey of the analyses.
        runs: their ids by kind.
        imported: the survey of the import; None without one.
        import_id: its id.
    """

    api: Api
    owner_url: str
    analysed: PublishedSurvey
    runs: dict[str, str]
    imported: PublishedSurvey | None = None
    import_id: str | None = None

    @property
    def surveys(self) -> list[PublishedSurvey]:
        """The surveys that it is about."""
        return [survey for survey in (self.analysed, self.imported) if survey is not None]

    def jobs(self) -> list[JobRow]:
        """The jobs of the analyses and of the import."""
        statement = (
            "SELECT status, attempts FROM job WHERE id IN (SELECT job_id FROM analysis_run WHERE id = ANY(%s::uuid[])"
            " UNION ALL SELECT job_id FROM response_import WHERE id = %s)"
        )
        with psycopg.connect(self.owner_url) as connection:
            return [JobRow(*row) for row in connection.execute(statement, [list(self.runs.values()), self.import_id])]

    def attempts(self) -> set[int]:
        """How often its jobs were begun."""
        return {job.attempts for job in self.jobs()}

    async def reads(self, rows: int) -> None:
        """Return when the import has done so many rows."""
        statement = "SELECT 1 FROM response_import WHERE id = %s AND rows_read >= %s"
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            await soon(lambda: bool(connection.execute(statement, [self.import_id, rows]).fetchone()), seconds=30)

    async def begun(self) -> None:
        """Return when a worker has begun some of it."""
        await soon(lambda: any(job.status == "running" for job in self.jobs()), seconds=30)

    async def ended(self, *, seconds: float = 60) -> None:
        """Return when all of it has ended."""
        await soon(lambda: all(job.status in FINAL for job in self.jobs()), seconds=seconds, pause=0.05)

    async def assert_done_once(self) -> None:
        """Every analysis has its result and every row is recorded, once."""
        assert {job.status for job in self.jobs()} == {"succeeded"}, self.jobs()
        for kind, body in analyses_of(self.analysed).items():
            run = (await self.api.get(f"/v1/analyses/{self.runs[kind]}")).json()
            assert (run["result"] is not None, bool(run["sentence"]), run["error"]) == (True, True, None)
            again = (await self.api.post("/v1/analyses", body, status=200)).json()
            assert again["id"] == run["id"]
        await self._assert_proposed_once()
        if self.imported is not None:
            await self._assert_imported_once(self.imported)

    async def _assert_proposed_once(self) -> None:
        """A recommendation for each candidate of the review, never written to a second time."""
        review = (await self.api.get(f"/v1/analyses/{self.runs['review']}")).json()
        statement = "SELECT subject, run_id::text, revision FROM recommendation WHERE survey_id = %s"
        with psycopg.connect(self.owner_url) as connection:
            proposed = connection.execute(statement, [self.analysed.id]).fetchall()
        expected = [(candidate["subject"], review["id"], 1) for candidate in review["result"]["candidates"]]
        assert expected
        assert sorted(proposed) == sorted(expected)

    async def _assert_imported_once(self, imported: PublishedSurvey) -> None:
        found = (await self.api.get(f"/v1/imports/{self.import_id}")).json()
        counts = ("rows_read", "rows_recorded", "rows_duplicate", "rows_rejected", "faults_listed")
        assert [found[name] for name in counts] == [ROWS, ROWS, 0, 0, 0]
        assert len(stored_ids(self.owner_url, imported)) == ROWS


async def ask(api: Api, owner_url: str, analysed: PublishedSurvey, imported: PublishedSurvey | None = None) -> Work:
    """Give a year of answers to one survey, ask for every analysis of it, and for an import into the other."""
    sent = await api.post(f"/v1/surveys/{analysed.id}/responses/batch", {"items": answers_over_a_year()}, status=200)
    assert sent.json()["rejected"] == 0, sent.text
    runs = {
        kind: (await api.post("/v1/analyses", body, status=202)).json()["id"]
        for kind, body in analyses_of(analysed).items()
    }
    import_id = None if imported is None else (await upload(api, imported, rows_of()))["id"]
    return Work(api, owner_url, analysed, runs, imported, import_id)


async def assert_figures_are_exact_for(work: Work) -> None:
    """Figures of every survey that the work was about are what a recount gives."""
    for survey in work.surveys:
        await assert_figures_are_exact(work.api, work.owner_url, survey)


async def assert_cells_become_exact_for(work: Work, database_url: str) -> None:
    """Cells of every survey that the work was about are, once all is folded, what a recount gives."""
    for survey in work.surveys:
        await assert_cells_become_exact(work.api, database_url, survey)
