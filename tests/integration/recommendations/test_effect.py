"""Effects by the real worker: what worked is found effective, a placebo is not, and what cannot be told says when."""

import re
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Any

import pytest

from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

Json = dict[str, Any]
CHANGE = date(2026, 1, 1)


def waits(region: str, months: range, n: int, share: float, chance: Random) -> list[Json]:
    """Ratings of the wait in each month counted from the change; so many of them are good."""
    days = cycle(range(1, 28))
    return [
        {
            "submitted_at": f"{(CHANGE + timedelta(days=30 * month + next(days))).isoformat()}T12:00:00Z",
            "attributes": {"region": region},
            "answers": {"wait": 5 if chance.random() < share else 2},
        }
        for month in months
        for _ in range(n)
    ]


async def repaired(api: Api, *, n: int = 150, months: int = 3) -> PublishedSurvey:
    """Waits were repaired in the north; in the south nothing changed."""
    survey, chance = await publish(api), Random(7)
    before, after = range(-months - 1, -1), range(months)
    rows = waits("north", before, n, 0.4, chance) + waits("north", after, n, 0.7, chance)
    rows += waits("south", before, n, 0.5, chance) + waits("south", after, n, 0.5, chance)
    await answer(api, survey.id, rows)
    return survey


def question(survey: PublishedSurvey, **more: Any) -> Json:
    base = {"kind": "effect", "survey_id": survey.id, "kpi": "csat", "question": "wait"}
    return {**base, "change_on": CHANGE.isoformat(), "label": "the second desk", **more}


async def test_R2_6_a_repair_is_effective_and_a_placebo_is_not(api: Api) -> None:
    survey = await repaired(api)
    north, south = {"region": ["north"]}, {"region": ["south"]}

    run = await made(api, question(survey, where=north, control=south))
    plain = await made(api, question(survey, where=north))
    placebo = await made(api, question(survey, where=south, smallest=0.2))
    asked = await api.post("/v1/analyses", question(survey, where=north, control=south))

    found = run["result"]
    four = [(group, when) for group in ("treated", "control") for when in ("before", "after")]
    values = {place: found[place[0]][place[1]]["value"] for place in four}
    expected = (values["treated", "after"] - values["treated", "before"]) - (
        values["control", "after"] - values["control", "before"]
    )
    assert (found["method"], found["verdict"], found["reason"]) == ("difference_in_differences", "effective", None)
    assert found["effect"]["value"] == pytest.approx(expected)
    assert found["effect"]["n"] == sum(found[group][when]["n"] for group, when in four)
    assert re.search(r"worked: CSAT of wait changed by \+[0-9.]+ percentage points \(\+", run["sentence"])
    assert {chart["key"] for chart in run["charts"]} == {"compared", "series"}
    assert (plain["result"]["method"], plain["result"]["verdict"]) == ("before_after", "effective")
    assert (placebo["result"]["verdict"], "did not work" in placebo["sentence"]) == ("not_effective", True)
    assert asked.status_code == 200


async def test_a_long_series_is_held_against_its_own_course(api: Api) -> None:
    survey = await repaired(api, n=120, months=10)

    run = await made(api, question(survey, where={"region": ["north"]}))

    found = run["result"]
    assert (found["method"], found["verdict"]) == ("interrupted_series", "effective")
    assert found["effect"] == found["interruption"]["mean"]


async def test_what_cannot_be_told_says_why_and_from_when_it_could(api: Api) -> None:
    survey, chance = await publish(api), Random(3)
    rows = waits("north", range(-8, -1), 200, 0.5, chance) + waits("north", range(1), 20, 0.55, chance)
    await answer(api, survey.id, rows)

    early = await made(api, question(survey))
    nobody = await made(api, question(survey, change_on="2026-08-01", label="nothing yet"))

    found = early["result"]
    assert (found["verdict"], found["method"]) == ("cannot_be_told", "before_after")
    assert "both within what chance explains" in found["reason"]
    assert found["possible_from"] > CHANGE.isoformat()
    assert f"could be told from {found['possible_from']}" in early["sentence"]
    assert (nobody["result"]["verdict"], nobody["result"]["effect"]) == ("cannot_be_told", None)
    assert nobody["result"]["reason"]


async def test_what_is_asked_of_an_effect_is_held_against_the_survey(api: Api) -> None:
    survey = await publish(api)
    north = {"region": ["north"]}

    async def told(**fields: Any) -> tuple[str, str]:
        refused = await api.post("/v1/analyses", question(survey, **fields), status=422)
        fault = refused.json()["errors"][0]
        return fault["pointer"], fault["code"]

    assert await told(change_on=None) == ("/change_on", "change_missing")
    assert await told(where=north, control=north) == ("/control", "groups_overlap")
    assert await told(control=north) == ("/control", "groups_overlap")
    assert await told(**{"from": "2026-02-01"}) == ("/change_on", "change_outside_period")
    assert (await api.post("/v1/analyses", question(survey, action_id=survey.id))).status_code == 404
