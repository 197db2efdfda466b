"""What happens to recommendations and actions is told as events, in ids and words of ours."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.recommendations.evidence.ticks import request_due_checks
from feedback_core.recommendations.overdue import TellOverdue, request_due_telling
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.integration.recommendations.conftest import Ground, NewKey
from tests.integration.recommendations.test_actions import move, planned
from tests.integration.recommendations.test_procedures import decide, put_standard
from tests.support.subjects import work
from tests.support.waiting import soon

Json = dict[str, Any]

RING = text(
    "UPDATE job SET rung_at = now() WHERE status = 'queued' AND kind = 'recommendations.tell_overdue' RETURNING id"
)

RECORDED = text("SELECT count(*) FROM event WHERE organisation_id = :organisation AND subject_id = :subject")


async def told(ground: Ground, subject: str) -> list[tuple[str, Json]]:
    """Events about a thing, in their order; the feed shows them once nobody can come before them any more."""
    organisation_id = ground.api.organisation.organisation_id
    async with ground.database.tenant(organisation_id) as session:
        ids = {"organisation": organisation_id, "subject": subject}
        recorded: int = (await session.execute(RECORDED, ids)).scalar_one()

    async def shown() -> list[Json]:
        items: list[Json] = (await ground.api.get(f"/v1/events?subject={subject}")).json()["items"]
        return items

    async def are_shown() -> bool:
        return len(await shown()) == recorded

    await soon(are_shown, seconds=60)
    return [(event["type"], event["data"]) for event in await shown()]


async def tell(ground: Ground) -> None:
    """What the schedule and the worker do."""
    async with ground.database.system() as session:
        await request_due_telling(session, now=datetime.now(UTC))
    organisation_id = ground.api.organisation.organisation_id
    async with ground.database.tenant(organisation_id) as session:
        waiting = list((await session.execute(RING)).scalars())
    load_actors()
    executor = Executor(ground.database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    for job_id in waiting:
        assert await executor.run(HANDLERS[TellOverdue.kind], organisation_id, job_id) is Outcome.SUCCEEDED


async def test_a_recommendation_tells_that_it_entered_moved_and_is_overdue_once(ground: Ground, key_of: NewKey) -> None:
    await put_standard(ground.api)
    found = await ground.propose()
    earlier = text(
        "UPDATE recommendation SET entered_at = entered_at - :ago, due_at = due_at - :ago,"
        " escalates_at = escalates_at - :ago WHERE id = :id"
    )
    for days in (15, 15):
        async with ground.database.tenant(ground.api.organisation.organisation_id) as session:
            await session.execute(earlier, {"ago": timedelta(days=days), "id": found})
        await tell(ground)
        await tell(ground)
    await decide(await key_of("Head"), found, "rejected")
    await tell(ground)

    assert [
        (kind, data.get("step") or data.get("to_step"), data.get("escalated"))
        for kind, data in await told(ground, found)
    ] == [
        ("recommendation.created", None, None),
        ("recommendation.overdue", "proposed", False),
        ("recommendation.overdue", "proposed", True),
        ("recommendation.moved", "rejected", None),
    ]


async def test_evidence_that_was_overtaken_is_told_once(ground: Ground) -> None:
    found = await ground.propose("improve:waiting_time")
    await decide(ground.api, found, "accepted")
    interval = {"low": 0.6, "high": 0.7, "level": 0.95, "method": "wilson"}
    feature = {"feature_key": "waiting_time", "question": "wait", "item": None}
    figure = {"value": 0.65, "interval": interval, "n": 300}
    result = {"as_of": datetime.now(UTC).isoformat(), "features": [{**feature, "figure": figure}]}
    newer = await ground.finished_run(result, **{"from": "2026-02-01"})
    later = Ground(ground.api, ground.database, ground.survey_id, newer)

    for _ in range(2):
        await later.propose("improve:waiting_time")

    assert [kind for kind, _ in await told(ground, found)] == [
        "recommendation.created",
        "recommendation.moved",
        "recommendation.overtaken",
    ]


async def test_evidence_that_a_newer_run_or_an_erasure_overtakes_is_told_by_itself(ground: Ground) -> None:
    found = await ground.propose("improve:waiting_time")
    api, organisation_id = ground.api, ground.api.organisation.organisation_id
    response = {"answers": {"nps": 9}}
    given = (await api.post(f"/v1/surveys/{ground.survey_id}/responses", response, status=201)).json()["id"]

    async def look() -> int:
        async with ground.database.system() as session:
            await request_due_checks(session, now=datetime.now(UTC))
        return await work(api, ground.database, "evidence.check")

    begun = [await look(), await look()]
    await api.post(f"/v1/surveys/{ground.survey_id}/responses/{given}/erase", {"reason": "Asked for"}, status=204)
    erased = [await look(), await look()]
    interval = {"low": 0.6, "high": 0.7, "level": 0.95, "method": "wilson"}
    feature = {"feature_key": "waiting_time", "question": "wait", "item": None}
    figure = {"value": 0.65, "interval": interval, "n": 300}
    result = {"as_of": datetime.now(UTC).isoformat(), "features": [{**feature, "figure": figure}]}
    newer = await ground.finished_run(result, **{"from": "2026-02-01"})
    again = [await look(), await look()]
    first = await told(ground, found)
    # It is met by the newer run, stands on it from then on, and that is overtaken in its turn.
    await Ground(api, ground.database, ground.survey_id, newer).propose("improve:waiting_time")
    figure = {"value": 0.2, "interval": {**interval, "low": 0.15, "high": 0.25}, "n": 300}
    await ground.finished_run({**result, "features": [{**feature, "figure": figure}]}, **{"from": "2026-03-01"})
    assert await look() == 1

    assert (begun, erased, again) == ([1, 0], [1, 0], [1, 0])
    assert [kind for kind, _ in first] == ["recommendation.created", "recommendation.overtaken"]
    assert [kind for kind, _ in await told(ground, found)][2:] == ["recommendation.overtaken"]
    async with ground.database.tenant(organisation_id) as session:
        assert (await session.execute(text("SELECT count(*) FROM evidence_watch"))).scalar_one() == 1


async def test_an_action_tells_that_it_was_planned_is_overdue_and_was_closed(ground: Ground) -> None:
    action = await planned(ground, due_on="2026-01-31")
    await tell(ground)
    await tell(ground)
    await move(ground.api, action, "closed", outcome="unknown")

    events = await told(ground, action)
    assert [kind for kind, _ in events] == ["action.created", "action.overdue", "action.closed"]
    assert events[-1][1]["outcome"] == "unknown"
    assert "Grace" not in str(events)
