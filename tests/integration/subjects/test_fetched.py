"""What was fetched for deliveries is looked through, and taken away, as the deliveries are."""

from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.inbound_senders import STANDARD, deliver, new_source
from tests.support.subjects import ask, fetched_for, touched
from tests.support.surveys import publish


async def test_an_erasure_takes_what_was_fetched_of_the_subject_and_nobody_elses(api: Api, database: Database) -> None:
    survey = await publish(api)
    theirs, others = await new_source(api, survey.id, STANDARD), await new_source(api, survey.id, STANDARD)
    for source, who in ((theirs, "ada@example.org"), (others, "bob@example.org")):
        assert (await deliver(api.client, source, STANDARD, b'{"id": 1}')).status_code == 200
        await fetched_for(api, database, source, f'{{"contact": {{"email": "{who}"}}, "text": "Slow"}}')

    done = await ask(api, database, "erase", email="ada@example.org")

    async with database.tenant(api.organisation.organisation_id) as session:
        left = await session.execute(
            text("SELECT d.source_id FROM delivery_fetch JOIN delivery d ON d.id = delivery_id")
        )
        assert [str(source_id) for source_id in left.scalars()] == [others.id]
    assert touched(done)["delivery"] == 1
