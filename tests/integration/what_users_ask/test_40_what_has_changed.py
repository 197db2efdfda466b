"""A warehouse that asks only for what has changed is exact."""

from typing import Any

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.exports import content_of, exported_now, rows_of
from tests.support.responses import batch, decide, listed, recorded
from tests.support.surveys import PublishedSurvey, publish


async def test_40_a_warehouse_is_kept_exact_by_what_has_changed(api: Api, database: Database) -> None:
    survey = await publish(api)
    given = await batch(api, survey, [{"answers": {"nps": number}} for number in range(10)])
    ids = [item["id"] for item in given["items"]]
    warehouse: dict[str, dict[str, str]] = {}

    async def sync(**since: Any) -> tuple[str, int]:
        done = await exported_now(database, api, survey, format="csv", **since)
        rows = rows_of(await content_of(api, done))
        for row in rows:
            warehouse.pop(row["response_id"], None)
            if row["change"] == "upsert":
                warehouse[row["response_id"]] = row
        return done["next_updated_since"], len(rows)

    following, taken = await sync()
    assert taken == 10
    await decide(api, survey, ids[3], "erase")
    await decide(api, survey, ids[4], "exclude")
    new = await recorded(api, survey, submitted_at="2020-01-01T00:00:00Z")

    _, taken = await sync(updated_since=following)

    assert taken == 3
    assert {one: row["excluded"] for one, row in warehouse.items()} == await _standing(api, survey)
    assert (ids[3] in warehouse, warehouse[ids[4]]["excluded"], new in warehouse) == (False, "true", True)


async def _standing(api: Api, survey: PublishedSurvey) -> dict[str, str]:
    return {found["id"]: str(found["excluded"]).lower() for found in await listed(api, survey)}
