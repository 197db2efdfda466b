"""The inclusion rule of a survey: a versioned document that contradicts neither itself nor the survey."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.careless import RULE, asked
from tests.support.surveys import PublishedSurvey, survey_body

Json = dict[str, Any]


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await asked(api)


def path_of(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/inclusion-rule"


async def test_a_rule_is_kept_with_what_was_left_out(api: Api, survey: PublishedSurvey) -> None:
    put = await api.put(path_of(survey), {}, status=201)

    rule = put.json()
    assert put.headers["ETag"] == '"1"'
    assert (rule["version"], rule["excludes"], rule["at_least"], rule["since"]) == (1, True, 2, None)
    assert rule["kinds"] == [
        "straight_lining", "speeding", "duplicate", "inconsistent", "outlier", "missing_items",
    ]  # fmt: skip
    assert rule["thresholds"]["speed_seconds_per_answer"] == 2.0
    assert rule["flagging"] == {"rule_version": None, "up_to_date": False, "measured": 0}
    assert (await api.get(path_of(survey))).json() == rule


async def test_the_next_version_is_made_from_the_one_that_was_read(api: Api, survey: PublishedSurvey) -> None:
    await api.put(path_of(survey), RULE, status=201)

    await api.put(path_of(survey), {"at_least": 3}, status=428)
    await api.put(path_of(survey), {"at_least": 3}, headers={"If-Match": '"2"'}, status=412)
    changed = await api.put(path_of(survey), {"at_least": 3}, headers={"If-Match": '"1"'}, status=200)
    same = await api.put(path_of(survey), {"at_least": 3}, headers={"If-Match": '"2"'}, status=200)

    assert (changed.headers["ETag"], same.headers["ETag"]) == ('"2"', '"2"')
    versions = (await api.get(f"{path_of(survey)}/versions")).json()["items"]
    assert [(one["version"], one["at_least"]) for one in versions] == [(2, 3), (1, 2)]
    assert versions[1]["scales"] == RULE["scales"]


async def test_before_there_is_a_rule_there_is_none(api: Api, survey: PublishedSurvey) -> None:
    await api.get(path_of(survey), status=404)
    await api.get(f"{path_of(survey)}/versions", status=404)
    await api.put(path_of(survey), {}, headers={"If-Match": '"1"'}, status=412)


async def test_a_draft_has_no_rule(api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    refused = await api.put(f"/v1/surveys/{draft['id']}/inclusion-rule", {}, status=409)
    assert refused.json()["code"] == "survey_not_published"


@pytest.mark.parametrize(
    ("rule", "pointer", "code"),
    [
        ({"at_least": 2, "kinds": ["speeding"]}, "/at_least", "out_of_order"),
        ({"kinds": ["speeding", "speeding"], "at_least": 1}, "/kinds/1", "named_twice"),
        ({"scales": [{"key": "a", "items": ["parts.nothing"]}]}, "/scales/0/items/0", "unknown_question"),
        ({"scales": [{"key": "a", "items": ["why"]}]}, "/scales/0/items/0", "unknown_question"),
        ({"scales": [{"key": "a", "items": ["parts.staff", "parts.staff"]}]}, "/scales/0/items/1", "named_twice"),
        ({"scales": [{"key": "a", "items": ["parts.staff", "ease"]}]}, "/scales/0/items", "mixed_scales"),
        (
            {"scales": [{"key": "a", "items": ["parts.staff"], "reversed": ["parts.place"]}]},
            "/scales/0/reversed/0",
            "unknown_question",
        ),
        (
            {"scales": [{"key": "a", "items": ["ease"]}, {"key": "a", "items": ["nps"]}]},
            "/scales/1/key",
            "named_twice",
        ),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(
    api: Api, survey: PublishedSurvey, rule: Json, pointer: str, code: str
) -> None:
    refused = (await api.put(path_of(survey), rule, status=422)).json()
    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [(pointer, code)]
