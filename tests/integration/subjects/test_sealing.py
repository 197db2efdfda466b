"""Keys rotate: what an older key has sealed is sealed anew with the newest, once, whatever happens meanwhile."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.fernet import Fernet, InvalidToken
from pydantic import SecretStr
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from feedback_core.subjects import sealing
from feedback_core.subjects.payloads import Reseal
from feedback_core.subjects.sealing import request_due_resealing
from feedback_core.subjects.sealing_queries import organisations_to_check
from tests.support.api import Api
from tests.support.inbound_senders import STANDARD, deliver, new_source
from tests.support.open_responses import begin
from tests.support.responses import recorded, responses_of
from tests.support.sampling import customers, new_frame, upload
from tests.support.seeded_entries import differing, spoken
from tests.support.seeded_invitations import letters
from tests.support.seeded_people import added, goal, note
from tests.support.standing_recipients import standing_recipients
from tests.support.subjects import ask, fetched_for, work
from tests.support.surveys import publish

WHO = {"id": "customer-1", "name": "Ada", "email": "ada@example.org", "phone": None}


async def _sealed(api: Api, database: Database) -> list[bytes]:
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        found = await session.execute(
            text(
                "SELECT ciphertext FROM respondent_identity WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM subject_export WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM source_secret WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM webhook_secret WHERE organisation_id = :o UNION ALL"
                " SELECT body FROM delivery WHERE organisation_id = :o UNION ALL"
                " SELECT body FROM delivery_fetch WHERE organisation_id = :o UNION ALL"
                " SELECT contact FROM frame_unit WHERE organisation_id = :o UNION ALL"
                " SELECT contact FROM invitation WHERE organisation_id = :o UNION ALL"
                " SELECT content FROM frame_import_chunk WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM source_connector WHERE organisation_id = :o UNION ALL"
                " SELECT sealed_recipient FROM report_distribution WHERE organisation_id = :o UNION ALL"
                " SELECT sealed_recipient FROM report_schedule_recipient WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM staff_member WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM performance_review WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM performance_reply WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM performance_goal WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM recognition WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM culture_note WHERE organisation_id = :o UNION ALL"
                " SELECT sealed FROM staff_entry WHERE organisation_id = :o AND sealed IS NOT NULL UNION ALL"
                " SELECT sealed FROM second_entry WHERE organisation_id = :o AND sealed IS NOT NULL UNION ALL"
                " SELECT identity FROM open_response WHERE organisation_id = :o AND identity IS NOT NULL UNION ALL"
                " SELECT sealed_subject FROM subject_request WHERE organisation_id = :o AND sealed_subject IS NOT NULL"
            ),
            {"o": organisation_id},
        )
        return [bytes(row) for row in found.scalars()]


async def _of_people(api: Api) -> None:
    somebody = {"staff_id": await added(api)}
    await goal(api, somebody["staff_id"])
    await note(api)
    await api.post("/v1/recognitions", {**somebody, "text": "Thank you."}, status=201)
    review = {**somebody, "measures": [], "summary": "A good year."}
    reviewed = (await api.post("/v1/performance-reviews", review, status=201)).json()["id"]
    await api.post(f"/v1/performance-reviews/{reviewed}/replies", {"text": "Yes."}, status=201)


async def _reseal(api: Api, database: Database, secrets: SecretSettings, now: datetime) -> None:
    async with database.tenant(api.organisation.organisation_id) as session:
        await request_job(session, api.organisation.organisation_id, Reseal(), now=now, dedupe_key="all")
    await work(api, database, "subjects.reseal", secrets=secrets, now=now)


async def test_everything_sealed_is_readable_with_the_newest_key_alone(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    survey = await publish(api)
    for _ in range(7):
        await recorded(api, survey, respondent=WHO)
    source = await new_source(api, survey.id, STANDARD)
    assert (await deliver(api.client, source, STANDARD, b"{}")).status_code == 200
    await fetched_for(api, database, source, *(f'{{"number": {number}}}' for number in range(2)))
    connector = {"url": "https://api.example.com/{id}", "token": "a-token-of-the-sender"}
    await api.put(f"/v1/sources/{source.id}/connector", connector, status=201)
    made = (await api.post("/v1/webhooks", {"url": "https://example.com/"}, status=201)).json()
    await api.post(f"/v1/webhooks/{made['id']}/secrets", {}, status=201)
    await begin(api, survey, respondent=WHO)
    await _of_people(api)
    await letters(api, survey, "Customer-1")
    await spoken(api, survey)
    await differing(api, survey, "F-1")
    frame = await new_frame(api, customers(range(7)))
    await upload(api, frame, {"columns": [{"column": "Customer", "to": "ref"}]}, b"Customer\nC-100\n")
    await ask(api, database, "export", id="customer-1")
    analysis = {"analysis": {"kind": "review", "survey_id": survey.id}, "cadence": "monthly", "hour": 5}
    planned = (await api.post("/v1/analysis-schedules", analysis, status=201)).json()
    plan = {"analysis_schedule_id": planned["id"], "editions": [{"audience": "customers", "format": "html"}]}
    schedule = (await api.post("/v1/report-schedules", plan, status=201)).json()
    await standing_recipients(api, database, UUID(schedule["id"]))
    waiting = {"kind": "export", "subject": {"id": "customer-1"}, "reason": "Asked for"}
    await api.post("/v1/subject-requests", waiting, status=202)
    old, new = SecretSettings().secret_keys.get_secret_value(), Fernet.generate_key().decode()
    both = SecretSettings(secret_keys=SecretStr(f"{new},{old}"))
    newest = Seal([new])
    before = await _sealed(api, database)
    with pytest.raises(InvalidToken):
        newest.open(before[0])

    await _reseal(api, database, both, datetime.now(UTC))

    after = await _sealed(api, database)
    assert len(after) == len(before) == 35
    opened = [newest.open(each) for each in after]
    assert sorted(opened) == sorted(Seal([old]).open(each) for each in before)
    events = (await api.get("/v1/audit", params={"action": "organisation.resealed"})).json()["items"]
    assert [event["details"] for event in events] == [{"resealed": 35}]


async def test_few_organisations_are_looked_at_at_a_time(api: Api, database: Database, other_api: Api) -> None:
    async with database.system() as system:
        requested = await request_due_resealing(system, now=datetime.now(UTC))
        due = await organisations_to_check(system, datetime.now(UTC) - timedelta(days=1), most=100_000)
    ours, theirs = api.organisation.organisation_id, other_api.organisation.organisation_id

    assert requested == min(len(due), sealing.AT_A_TIME)
    assert {ours, theirs} <= set(due)


async def test_it_is_walked_through_twice_with_each_key_and_then_no_more(api: Api, database: Database) -> None:
    survey = await publish(api)
    old, new = SecretSettings().secret_keys.get_secret_value(), Fernet.generate_key().decode()
    both = SecretSettings(secret_keys=SecretStr(f"{new},{old}"))
    now, vault = datetime.now(UTC), Seal([new, old])

    for day, left in enumerate((0, 0, 1, 2)):
        # A process that does not have the newest key yet.
        await recorded(api, survey, respondent=WHO)
        await _reseal(api, database, both, now + timedelta(days=1.1 * day))
        assert sum(vault.resealed(each) is not None for each in await _sealed(api, database)) == left


async def test_a_response_erased_meanwhile_stays_erased(api: Api, database: Database) -> None:
    from feedback_core.subjects.sealing_queries import replace_identities

    survey = await publish(api)
    given = await recorded(api, survey, respondent=WHO)
    (sealed,) = await _sealed(api, database)
    async with database.tenant(api.organisation.organisation_id) as session:
        assert await replace_identities(session, [(UUID(given), b"another", b"new")]) == 0
    await api.post(f"{responses_of(survey)}/{given}/erase", {"reason": "Asked for"}, status=204)
    async with database.tenant(api.organisation.organisation_id) as session:
        assert await replace_identities(session, [(UUID(given), sealed, b"new")]) == 0
    assert await _sealed(api, database) == []
