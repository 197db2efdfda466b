"""Of the seeded organisation: the links by which its survey goes out."""

from tests.support.api import Api
from tests.support.hosted import collector
from tests.support.surveys import PublishedSurvey


async def collectors(api: Api, survey: PublishedSurvey) -> dict[str, str]:
    """Two collectors; the id of one, and its link."""
    await new_collector(api, survey)
    made = await collector(api, survey, name="Till receipt", attributes={"region": "south"})
    return {"collector_id": made["id"], "link": made["url"].rpartition("/")[2]}


async def new_collector(api: Api, survey: PublishedSurvey) -> str:
    """One more; its id."""
    return str((await collector(api, survey))["id"])
