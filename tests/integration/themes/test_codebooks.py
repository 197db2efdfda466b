"""Codebooks: kept version by version, refused with every fault named, tried before they are put to use."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.comments import THEMES, put_codebook, read_comments, readings, say
from tests.support.responses import codes
from tests.support.surveys import PublishedSurvey, publish


def path_of(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/codebook"


def themes(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"themes": [{"key": "waiting", "label": "Waiting", "rules": list(rules), **fields}]}


async def test_a_codebook_comes_back_as_it_was_put(api: Api, survey: PublishedSurvey) -> None:
    await put_codebook(api, survey)

    answer = await api.get(path_of(survey))

    assert answer.headers["ETag"] == '"1"'
    assert [theme["key"] for theme in answer.json()["themes"]] == ["waiting", "staff", "parking"]
    assert answer.json()["themes"][0]["rules"] == [
        {"any": ["wait", "queue*"], "all": [], "none": ["waiting room"], "language": None, "exact": False}
    ]


async def test_an_edit_makes_the_next_version_and_keeps_the_first(api: Api, survey: PublishedSurvey) -> None:
    await put_codebook(api, survey)
    await put_codebook(api, survey, themes({"any": ["slow"]}), version=1)

    versions = (await api.get(f"{path_of(survey)}/versions")).json()["items"]

    assert [(found["version"], len(found["themes"])) for found in versions] == [(2, 1), (1, 3)]


async def test_the_same_again_changes_nothing(api: Api, survey: PublishedSurvey) -> None:
    await put_codebook(api, survey)

    again = await put_codebook(api, survey, version=1)

    assert again["version"] == 1


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 428, "precondition_required"), ({"If-Match": '"7"'}, 412, "precondition_failed")],
)
async def test_an_edit_says_which_version_it_was_made_from(
    api: Api, survey: PublishedSurvey, headers: dict[str, str], status: int, code: str
) -> None:
    await put_codebook(api, survey)

    answer = await api.put(path_of(survey), themes({"any": ["slow"]}), headers=headers, status=status)

    assert answer.json()["code"] == code


async def test_there_is_none_before_it_is_put(api: Api, survey: PublishedSurvey) -> None:
    for path in (path_of(survey), f"{path_of(survey)}/versions"):
        assert (await api.get(path, status=404)).json()["code"] == "not_found"


async def test_every_fault_is_named_where_it_is(api: Api, survey: PublishedSurvey) -> None:
    theme = {"key": "waiting", "label": "Waiting"}
    rules: list[dict[str, Any]] = [
        {"none": ["fast"]},
        {"any": ["!!"]},
        {"any": ["*ing"]},
        {"any": ["wa*"]},
        {"any": ["one two three four five six seven"]},
        {"any": ["wait", "Wait"]},
        {"all": ["waiting room"], "none": ["waiting"]},
        {"any": ["slow"]},
        {"any": ["slow"]},
    ]
    body = {"themes": [{**theme, "rules": rules}, {**theme, "feature": "no_such_feature"}]}

    answer = await api.put(path_of(survey), body, status=422)

    assert codes(answer) == {
        "/themes/1/key": "named_twice",
        "/themes/1/label": "named_twice",
        "/themes/1/feature": "unknown_feature",
        "/themes/0/rules/0": "empty_rule",
        "/themes/0/rules/1/any/0": "no_word",
        "/themes/0/rules/2/any/0": "misplaced_wildcard",
        "/themes/0/rules/3/any/0": "beginning_too_short",
        "/themes/0/rules/4/any/0": "too_many_words",
        "/themes/0/rules/5/any/1": "named_twice",
        "/themes/0/rules/6/none": "rule_never_holds",
        "/themes/0/rules/8": "named_twice",
    }


async def test_a_theme_may_be_about_a_feature_of_the_service(api: Api, survey: PublishedSurvey) -> None:
    stored = await put_codebook(api, survey, themes({"any": ["wait"]}, feature="waiting_time"))

    assert stored["themes"][0]["feature"] == "waiting_time"


async def test_a_survey_that_asks_for_no_text_has_no_codebook(api: Api) -> None:
    survey = await publish(api, questions=[{"key": "nps", "type": "nps", "text": "Recommend?"}])

    answer = await api.put(path_of(survey), THEMES, status=422)

    assert codes(answer) == {"/path/survey_id": "no_text_question"}


async def test_a_preview_says_which_rules_hold_of_which_text(api: Api, survey: PublishedSurvey) -> None:
    texts = [
        {"text": "We waited while the staff chatted."},
        {"text": "The waiting room was cold."},
        {"text": "Wir haben gewartet.", "language": "de"},
    ]
    body = {"codebook": themes({"any": ["wait"], "none": ["waiting room"]}, {"any": ["warten"], "language": "de"})}

    found = (await api.post(f"{path_of(survey)}/preview", {**body, "texts": texts}, status=200)).json()

    assert [[match["terms"] for match in matches] for matches in found["texts"]] == [[["wait"]], [], []]
    assert found["stored"] == {"comments": None, "uncoded": None, "themes": [], "rules": []}


async def test_a_preview_says_what_share_of_stored_comments_each_rule_would_code(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await say(api, survey, ["We waited."] * 12 + ["A queue."] * 6 + ["Lovely."] * 10 + ["The nurse."] * 2)
    await read_comments(database, api, survey)
    body = {
        "codebook": {
            "themes": [
                {"key": "waiting", "label": "Waiting", "rules": [{"any": ["wait"]}, {"any": ["queue*"]}]},
                {"key": "staff", "label": "Staff", "rules": [{"any": ["nurse"]}]},
            ]
        }
    }

    stored = (await api.post(f"{path_of(survey)}/preview", body, status=200)).json()["stored"]

    assert stored["comments"] == 30
    assert {found["theme"]: found["share"] and found["share"]["value"] for found in stored["themes"]} == {
        "waiting": 0.6,
        "staff": None,
    }
    assert [found["share"] and found["share"]["value"] for found in stored["rules"]] == [0.4, 0.2, None]
    assert stored["uncoded"]["value"] == pytest.approx(1 / 3)
    assert await readings(database, api, survey) != {}
    assert (await api.get(path_of(survey), status=404)).json()["code"] == "not_found"
