"""Of the seeded organisation: a collection that is watched, and alerts on it."""

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.fieldwork import Asked, invited, put_rules, watched
from tests.support.surveys import Json, PublishedSurvey, publish

RATE: Json = {"key": "rate", "kind": "response_rate", "threshold": 0.5, "by": "stratum", "minimum_n": 10}
GROUPS = 24
"""That each raise an alert."""


async def fieldwork(api: Api, database: Database, survey: PublishedSurvey) -> dict[str, str]:
    """Two alerts on the survey, and on another one many; the id of one of these."""
    other = await publish(api)
    for of, groups in ((survey, 2), (other, GROUPS)):
        await put_rules(api, of, RATE)
        asked = [Asked(20, "delivered", stratum=f"group {number}") for number in range(groups)]
        await invited(api, database, of, *asked)
        found = await watched(api, database, of)
        assert len(found) == groups
    return {"alert_id": found[0]["id"]}
