"""Words of the organisation's own: put, found, allowed, and not found where they are another's."""

import pytest

from tests.integration.surveys.test_lint import Json, draft, lint, of_rule
from tests.support.api import Api

TILL: Json = {"key": "till", "type": "boolean", "text": "Was the XPOS at the till easy to use?"}


async def test_every_list_is_there_and_empty_until_somebody_puts_it(api: Api) -> None:
    lists = (await api.get("/v1/lint-words")).json()["items"]

    assert {found["word_list"] for found in lists} == {"jargon", "loaded", "absolute", "sensitive", "allowed"}
    assert all(found["words"] == [] and found["changed_by"] is None for found in lists)
    assert "ETag" not in (await api.get("/v1/lint-words/jargon")).headers
    await api.get("/v1/lint-words/other", status=422)


async def test_own_words_are_found_with_what_is_said_instead(api: Api) -> None:
    survey_id = await draft(api, TILL)
    words = {"words": [{"word": "Till", "better": "checkout", "language": "en"}]}

    made = await api.put("/v1/lint-words/jargon", words, status=201)
    found = of_rule(await lint(api, survey_id), "jargon")

    assert (made.headers["ETag"], made.json()["words"][0]["word"]) == ('"1"', "Till")
    assert made.json()["changed_by"]
    assert [finding["span"]["text"] for finding in found] == ["XPOS", "till"]
    assert found[1]["rewrites"] == ["Was the XPOS at the checkout easy to use?"]


async def test_allowed_words_are_named_by_no_rule(api: Api) -> None:
    survey_id = await draft(api, TILL)
    assert len(of_rule(await lint(api, survey_id), "jargon")) == 1

    await api.put("/v1/lint-words/allowed", {"words": [{"word": "xpos"}]}, status=201)

    assert of_rule(await lint(api, survey_id), "jargon") == []


async def test_a_list_is_replaced_by_who_has_read_it(api: Api) -> None:
    await api.put("/v1/lint-words/loaded", {"words": [{"word": "one"}]}, status=201)

    await api.put("/v1/lint-words/loaded", {"words": []}, status=428)
    await api.put("/v1/lint-words/loaded", {"words": []}, status=412, headers={"If-Match": '"7"'})
    replaced = await api.put("/v1/lint-words/loaded", {"words": []}, status=200, headers={"If-Match": '"1"'})

    assert (replaced.json()["words"], replaced.headers["ETag"]) == ([], '"2"')
    assert (await api.get("/v1/lint-words/loaded")).json() == replaced.json()


@pytest.mark.parametrize(
    ("words", "pointer", "code"),
    [
        ([{"word": "..."}], "/words/0/word", "no_word"),
        ([{"word": "Till"}, {"word": "till "}], "/words/1/word", "named_twice"),
        ([{"word": ""}], "/words/0/word", "string_too_short"),
        ([{"word": "x" * 101}], "/words/0/word", "string_too_long"),
        ([{"word": "till", "language": "no tag"}], "/words/0/language", "string_pattern_mismatch"),
    ],
)
async def test_words_that_cannot_be_found_are_refused(api: Api, words: list[Json], pointer: str, code: str) -> None:
    refused = await api.put("/v1/lint-words/jargon", {"words": words}, status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_signs_in_a_word_mean_nothing(api: Api) -> None:
    """What stands in a list is words, not a pattern of phrases."""
    survey_id = await draft(api, {"key": "a", "type": "text", "text": "Was anything at all on the way?"})
    await api.put("/v1/lint-words/loaded", {"words": [{"word": "any* thing|all"}, {"word": "_ way"}]}, status=201)

    assert [found["span"]["text"] for found in of_rule(await lint(api, survey_id), "loaded")] == ["way"]
