"""54: what few people said is not shown, on no breakdown, nor can it be worked out from what is shown."""

from typing import Any

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.cells import fold_all
from tests.support.responses import batch
from tests.support.surveys import PublishedSurvey, publish

REGIONS = ["north", "south", "east"]


async def _answered(api: Api, database: Database, **numbers: int) -> PublishedSurvey:
    survey = await publish(api, attributes=[{"key": "region", "values": REGIONS}])
    items: list[Any] = [
        {"attributes": {"region": region}, "answers": {"nps": 9}, "submitted_at": "2026-03-01T10:00:00Z"}
        for region, n in numbers.items()
        for _ in range(n)
    ]
    await batch(api, survey, items)
    await fold_all(database, api.organisation.organisation_id, survey.id)
    return survey


def _shown(groups: list[dict[str, Any]]) -> set[str]:
    return {group["value"] for group in groups if not group["withheld"]}


async def _breakdown(api: Api, survey: PublishedSurvey) -> dict[str, Any]:
    answer = await api.get("/v1/kpis/nps/breakdown", params={"survey": survey.id, "by": "region"})
    found: dict[str, Any] = answer.json()
    return found


async def test_54_a_small_group_is_withheld_and_so_is_one_from_which_it_could_be_worked_out(
    api: Api, database: Database
) -> None:
    survey = await _answered(api, database, north=20, south=12, east=2)

    found = await _breakdown(api, survey)

    withheld = [group for group in found["groups"] if group["withheld"]]
    assert len(withheld) == 2, "one more is withheld: the total less those that are shown would tell the small one"
    assert all(str(value) not in str(group.get("answered")) for group in withheld for value in (2,))
    assert [group["answered"] for group in found["groups"] if not group["withheld"]] == [20]


async def test_54_groups_of_enough_people_are_all_shown(api: Api, database: Database) -> None:
    survey = await _answered(api, database, north=20, south=12, east=5)

    assert [group["withheld"] for group in (await _breakdown(api, survey))["groups"]] == [False] * 3


async def test_54_the_organisation_says_how_many_are_enough(api: Api, database: Database) -> None:
    survey = await _answered(api, database, north=20, south=12, east=8)
    shown = await api.get("/v1/organisation")
    body = {"name": "Test", "minimum_cell_size": 10}
    await api.put("/v1/organisation", body, headers={"If-Match": shown.headers["ETag"]}, status=200)

    assert sum(group["withheld"] for group in (await _breakdown(api, survey))["groups"]) == 2


async def test_54_a_filter_that_leaves_few_shows_nothing(api: Api, database: Database) -> None:
    survey = await _answered(api, database, north=20, east=2)

    answer = await api.get("/v1/kpis/nps/value", params={"survey": survey.id, "where": "region:east"}, status=None)
    assert answer.status_code in {200, 422}
    assert answer.json().get("value") is None
