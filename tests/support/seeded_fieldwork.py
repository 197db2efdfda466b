"""Of the seeded organisation: a collection that is watched, and alerts on it."""

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.fieldwork import Asked, invited, put_rules, watched
from tests.support.surveys import PublishedSurvey, publish

GROUPS = 24
"""That each raise an alert."""


async def fieldwork(api: Api, database: Database, survey: PublishedSurvey) -> dict[str, str]:
    """Rules on the survey, and on another one so many alerts; the id of one."""
    other = await publish(api)
    await put_rules(
        api, other, {"key": "rate", "kind": "response_rate", "threshold": 0.5, "by": "stratum", "minimum_n": 10}
    )
    asked = [Asked(20, "delivered", stratum=f"group {number}") for number in range(GROUPS)]
    await invited(api, database, other, *asked)
    found = await watched(api, database, other)
    assert len(found) == GROUPS
    await put_rules(api, survey, {"key": "pace", "kind": "pace"})
    return {"alert_id": found[0]["id"]}
