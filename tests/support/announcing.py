"""Having events recorded of responses that came in, as a worker does."""

from typing import Any
from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.kpis.announcing.jobs import announce_part
from tests.support.api import Api
from tests.support.comments import until_none_is_held_back
from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon


async def announce(database: Database, api: Api, survey: PublishedSurvey, *, most: int = 1_000) -> None:
    """Tell of every response of a survey, once none is held back."""
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    await until_none_is_held_back(database, organisation_id, survey_id)
    more = True
    while more:
        async with database.tenant(organisation_id) as session:
            more = await announce_part(session, organisation_id, survey_id, most=most)


async def feed(api: Api, *, at_least: int = 0, **filters: Any) -> list[dict[str, Any]]:
    """Events of an organisation, the oldest first, once there are so many: a moment later than they are recorded."""

    async def events() -> list[dict[str, Any]]:
        page = (await api.get("/v1/events", params={"limit": 1000, **filters})).json()
        found: list[dict[str, Any]] = page["items"]
        return found

    async def there() -> bool:
        return len(await events()) >= at_least

    await soon(there, seconds=20)
    return await events()
