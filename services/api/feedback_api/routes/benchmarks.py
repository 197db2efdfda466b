"""Benchmarks: figures of others, with how far they can be compared."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.practice import BenchmarkIn, BenchmarkOut, BenchmarkPage, StandardName
from feedback_api.security import CanReadStandards, CanWriteStandards
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.standards import references
from feedback_core.standards.types import STANDARD_KEY, Benchmark

router = APIRouter(prefix="/v1/benchmarks", route_class=TransactionalRoute, tags=["Standards"])

BenchmarkKey = Annotated[str, Path(pattern=STANDARD_KEY, examples=["sector_wait"])]


@router.get("", operation_id="listBenchmarks", responses=problems(Invalid))
async def list_benchmarks(
    caller: CanReadStandards,
    session: SnapshotDep,
    standard: Annotated[StandardName | None, Query(description="Key of the standard that they stand beside")] = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> BenchmarkPage:
    """Benchmarks by key."""
    found, following = await references.list_references(
        session, caller.organisation_id, Benchmark, standard=standard, limit=limit, cursor=cursor
    )
    return BenchmarkPage(items=[BenchmarkOut.of(each) for each in found], next_cursor=following)


@router.get("/{benchmark}", operation_id="getBenchmark", responses=problems(NotFound))
async def get_benchmark(
    benchmark: BenchmarkKey, caller: CanReadStandards, session: SnapshotDep, response: Response
) -> BenchmarkOut:
    """One benchmark."""
    found = await references.get_reference(session, caller.organisation_id, Benchmark, benchmark)
    response.headers["ETag"] = etag(found.revision)
    return BenchmarkOut.of(found)


@router.put(
    "/{benchmark}",
    operation_id="putBenchmark",
    responses={
        201: {"model": BenchmarkOut, "description": "It was not there, and is now"},
        **problems(Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_benchmark(
    benchmark: BenchmarkKey,
    body: BenchmarkIn,
    caller: CanWriteStandards,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> BenchmarkOut:
    """Keep a benchmark, or replace it; to replace, send If-Match."""
    revision = None if if_match is None else matched_revision(if_match)
    found, is_new = await references.put_reference(
        session, caller.organisation_id, Benchmark, benchmark, body.details(), if_revision=revision, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(found.revision)
    return BenchmarkOut.of(found)


@router.delete("/{benchmark}", operation_id="deleteBenchmark", status_code=204, responses=problems(NotFound))
async def delete_benchmark(benchmark: BenchmarkKey, caller: CanWriteStandards, session: SessionDep) -> None:
    """Delete a benchmark."""
    await references.delete_reference(session, caller.organisation_id, Benchmark, benchmark)
