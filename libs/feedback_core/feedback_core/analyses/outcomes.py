"""Keeping what a run found: the same for every kind of analysis."""

import hashlib
import json
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.libraries import versions_of
from feedback_core.analyses.queries import run_by_id, save_result
from feedback_core.analyses.types import AnalysisRun
from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload

P = TypeVar("P", bound=JobPayload)


async def keep_outcome(
    session: Session,
    run: JobRun[P],
    run_id: UUID,
    outcome: object,
    *,
    sentence: str,
    libraries: Sequence[str],
    version: str,
) -> None:
    """Keep an outcome as the result of its run, with the data it stands on and what calculated it.

    Args:
        session: of the run's completion.
        run: the attempt that made it.
        run_id: whose result it is.
        outcome: frozen dataclass of the kind of analysis.
        sentence: the finding in plain words.
        libraries: whose versions are kept with it.
        version: of the data that were read.
    """
    await save_result(
        session,
        run.organisation_id,
        run_id,
        result=to_document(outcome),
        sentence=sentence,
        libraries=versions_of(*libraries),
        at=run.clock.now(),
        version=version,
    )
    kept = await run_by_id(session, run.organisation_id, run_id)
    assert kept is not None
    data = {"analysis": kept.kind.value, "survey_id": str(kept.survey_id), "schedule_id": _text(kept.schedule_id)}
    event = Event(EventKind.ANALYSIS_FINISHED, run_id, data, version=1)
    await record_event(session, run.organisation_id, event, clock=run.clock)


def _text(identifier: UUID | None) -> str | None:
    return None if identifier is None else str(identifier)


def seed_of_request(run: AnalysisRun) -> int:
    """A seed that another run of the same request draws again, so that it finds the same in the same data."""
    asked = json.dumps([run.kind, str(run.survey_id), run.parameters], sort_keys=True)
    return int.from_bytes(hashlib.blake2b(asked.encode(), digest_size=6).digest(), "big")


def seed_of(run_id: UUID) -> int:
    """A seed that follows from an id; small enough for any reader of JSON."""
    return int.from_bytes(hashlib.blake2b(run_id.bytes, digest_size=6).digest(), "big")
