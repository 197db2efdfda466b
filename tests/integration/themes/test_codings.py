"""Coding by hand: batches, codings as facts, two coders and the one who decides between them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from feedback_core.themes.codings.calc.settling import settle_codings
from feedback_core.themes.codings.queries import current_codings
from tests.support.api import Api
from tests.support.comments import THEMES, agreement, code, put_codebook, read_comments, say
from tests.support.organisations import new_token
from tests.support.responses import codes, decide
from tests.support.surveys import PublishedSurvey

SAID = ["We waited for hours.", "The nurse was kind.", "Nowhere to park.", "All was well."]


@pytest.fixture
async def comments(api: Api, survey: PublishedSurvey, database: Database) -> list[str]:
    """Forty responses with a comment, which have been read."""
    await put_codebook(api, survey)
    said = await say(api, survey, SAID * 10)
    await read_comments(database, api, survey)
    return said


def batches_of(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/coding-batches"


async def draw(api: Api, survey: PublishedSurvey, **fields: Any) -> dict[str, Any]:
    drawn: dict[str, Any] = (await api.post(batches_of(survey), {"size": 10, **fields}, status=201)).json()
    return drawn


def drawn_of(batch: dict[str, Any]) -> list[str]:
    return [comment["response_id"] for comment in batch["comments"]]


async def settled(database: Database, api: Api, survey: PublishedSurvey) -> dict[str, Any]:
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        found = await current_codings(session, organisation_id, UUID(survey.id))
    return {str(coding.comment.response_id): coding for coding in settle_codings(found)}


async def test_the_same_seed_draws_the_same_and_another_seed_others(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    first, again, other = [await draw(api, survey, seed=seed) for seed in (1, 1, 2)]

    assert drawn_of(first) == drawn_of(again) != drawn_of(other)
    assert len(set(drawn_of(first))) == 10
    assert set(drawn_of(first)) <= set(comments)


async def test_every_comment_is_drawn_once_where_all_are_asked_for(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    drawn = await draw(api, survey, size=1_000)

    assert sorted(drawn_of(drawn)) == sorted(comments)


async def test_a_second_coder_is_given_the_same_comments_with_their_texts(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    drawn = await draw(api, survey)
    await say(api, survey, SAID)

    read = (await api.get(f"{batches_of(survey)}/{drawn['id']}")).json()

    assert drawn_of(read) == drawn_of(drawn)
    assert {comment["text"] for comment in read["comments"]} <= set(SAID)
    assert "text" not in drawn["comments"][0]


async def test_texts_of_a_batch_need_the_scope_for_responses(
    api: Api, survey: PublishedSurvey, comments: list[str], database: Database
) -> None:
    drawn = await draw(api, survey)
    token = await new_token(
        database, api.organisation.organisation_id, scopes=[Scope.CODINGS_READ, Scope.CODINGS_WRITE]
    )

    answer = await api.client.get(f"{batches_of(survey)}/{drawn['id']}", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


async def test_an_erased_comment_leaves_batch_and_codings_and_an_excluded_one_is_not_shown(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    drawn = await draw(api, survey)
    erased, excluded, *left = drawn_of(drawn)
    await code(api, survey, "ada", {erased: ["waiting"], excluded: ["staff"]})

    await decide(api, survey, erased, "erase")
    await decide(api, survey, excluded, "exclude")

    assert drawn_of((await api.get(f"{batches_of(survey)}/{drawn['id']}")).json()) == left
    codings = (await api.get(f"/v1/surveys/{survey.id}/codings")).json()["items"]
    assert [coding["response_id"] for coding in codings] == [excluded]
    assert (await agreement(api, survey))["coded"] == 0
    assert not {erased, excluded} & set(drawn_of(await draw(api, survey, size=1_000)))


async def test_a_batch_may_hold_only_what_nobody_has_coded(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    await code(api, survey, "ada", {response: ["staff"] for response in comments[:35]})

    drawn = await draw(api, survey, not_coded=True)

    assert set(drawn_of(drawn)) == set(comments[35:])


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"questions": ["nps"]}, "/questions/0", "unknown_question"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "/to", "empty_period"),
        ({"size": 0}, "/size", "greater_than_equal"),
    ],
)
async def test_what_cannot_be_drawn_from_is_refused(
    api: Api, survey: PublishedSurvey, comments: list[str], fields: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await api.post(batches_of(survey), {"size": 10, **fields}, status=422)

    assert codes(answer) == {pointer: code}


async def test_a_draw_that_nothing_fits_is_refused(api: Api, survey: PublishedSurvey, comments: list[str]) -> None:
    answer = await api.post(batches_of(survey), {"size": 10, "language": "fi"}, status=422)

    assert answer.json()["code"] == "nothing_to_code"


async def test_each_coding_is_taken_or_rejected_by_itself(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    unknown = str(uuid4())

    told = await code(
        api, survey, "ada", {comments[0]: ["waiting", "staff"], unknown: [], comments[1]: ["lunch"], comments[2]: []}
    )

    assert (told["recorded"], told["unchanged"], told["rejected"]) == (2, 0, 2)
    assert [item["status"] for item in told["items"]] == ["recorded", "rejected", "rejected", "recorded"]
    errors = [(error["pointer"], error["code"]) for item in told["items"] for error in item["errors"]]
    assert errors == [("/items/1/response_id", "unknown_comment"), ("/items/2/themes/0", "unknown_theme")]


async def test_saying_the_same_again_changes_nothing_and_a_correction_is_a_new_fact(
    api: Api, survey: PublishedSurvey, comments: list[str], database: Database
) -> None:
    await code(api, survey, "ada", {comments[0]: ["waiting"]})
    same = await code(api, survey, "ada", {comments[0]: ["waiting"]})
    corrected = await code(api, survey, "ada", {comments[0]: ["staff"]})

    codings = (await api.get(f"/v1/surveys/{survey.id}/codings", params={"coder": "ada"})).json()["items"]

    assert (same["unchanged"], corrected["recorded"]) == (1, 1)
    assert [coding["themes"] for coding in codings] == [["waiting"], ["staff"]]
    assert (await settled(database, api, survey))[comments[0]].themes == ("staff",)


@pytest.mark.parametrize("name", ["rules", "model"])
async def test_no_coder_has_the_name_of_a_program(
    api: Api, survey: PublishedSurvey, comments: list[str], name: str
) -> None:
    body = {"coder": name, "items": [{"response": comments[0], "question": "why", "themes": []}]}

    answer = await api.post(f"/v1/surveys/{survey.id}/codings", body, status=422)

    assert codes(answer) == {"/coder": "reserved_name"}


async def test_a_coding_names_the_version_that_its_coder_had(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    await put_codebook(api, survey, {"themes": THEMES["themes"][:1]}, version=1)

    old = await code(api, survey, "ada", {comments[0]: ["staff"]}, codebook_version=1)
    new = await code(api, survey, "ada", {comments[1]: ["staff"]})
    body = {
        "coder": "ada",
        "codebook_version": 9,
        "items": [{"response": comments[0], "question": "why", "themes": []}],
    }
    none = await api.post(f"/v1/surveys/{survey.id}/codings", body, status=422)

    assert (old["recorded"], new["rejected"]) == (1, 1)
    assert codes(none) == {"/codebook_version": "unknown_version"}


async def test_two_coders_their_agreement_and_the_one_who_decides(
    api: Api, survey: PublishedSurvey, comments: list[str], database: Database
) -> None:
    truth = {response: [["waiting"], ["staff"], ["parking"], []][place % 4] for place, response in enumerate(comments)}
    disputed = comments[:4]
    await code(api, survey, "ada", truth)
    await code(
        api, survey, "bo", truth | {response: ["parking"] for response in disputed[:2]} | {disputed[3]: ["staff"]}
    )

    before = await agreement(api, survey)
    await code(api, survey, "chris", {disputed[0]: ["parking"]}, role="adjudicator")
    after = await agreement(api, survey)

    themes = {theme["theme"]: theme for theme in before["themes"]}
    assert before["coders"] == after["coders"] == ["ada", "bo"]
    assert (before["coded"], before["twice"], before["disputed"], after["disputed"], after["adjudicated"]) == (
        40,
        40,
        3,
        2,
        1,
    )
    # Waiting: 10 against 9 of 40, 9 in common. Po = 39/40, Pe = (10*9 + 30*31) / 1600.
    kappa = (39 / 40 - 1020 / 1600) / (1 - 1020 / 1600)
    (pair,) = themes["waiting"]["pairs"]
    assert (pair["first"], pair["second"], pair["n"]) == ("ada", "bo", 40)
    assert pair["kappa"] == pytest.approx(kappa)
    assert pair["interval"]["low"] < kappa < pair["interval"]["high"]
    # Alpha: 80 codes, 19 given; 2 coincidences differ.
    alpha = 1 - 79 * 2 / (2 * 19 * 61)
    assert themes["waiting"]["alpha"] == pytest.approx(alpha)
    assert (themes["waiting"]["verdict"], themes["waiting"]["percent_agreement"]) == ("reliable", 39 / 40)
    assert before["alpha_interval"]["low"] < before["alpha"] < before["alpha_interval"]["high"]
    assert before["alpha"] == after["alpha"]
    named = {found["comment"]["response_id"]: found["themes"] for found in before["disagreements"]}
    assert named == {
        disputed[0]: {"ada": ["waiting"], "bo": ["parking"]},
        disputed[1]: {"ada": ["staff"], "bo": ["parking"]},
        disputed[3]: {"ada": [], "bo": ["staff"]},
    }
    held = await settled(database, api, survey)
    assert held[disputed[0]].themes == ("parking",)  # decided
    assert held[disputed[1]].themes == ("staff",)  # the first coder's
    assert held[disputed[3]].disputed


async def test_coders_who_gave_no_theme_at_all_are_not_said_to_agree(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    for coder in ("ada", "bo"):
        await code(api, survey, coder, {response: [] for response in comments})

    found = await agreement(api, survey)

    assert (found["alpha"], found["verdict"], found["alpha_interval"]) == (None, None, None)
    assert "one code throughout" in found["themes"][0]["why_not"]


async def test_a_theme_that_came_later_is_not_held_against_earlier_codings(
    api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    for coder in ("ada", "bo"):
        await code(api, survey, coder, {response: ["staff"] for response in comments[:20]})
    later = {"themes": [*THEMES["themes"], {"key": "lunch", "label": "Lunch"}]}
    await put_codebook(api, survey, later, version=1)
    for coder in ("ada", "bo"):
        await code(api, survey, coder, {response: ["lunch"] for response in comments[20:25]})

    themes = {theme["theme"]: theme["comments"] for theme in (await agreement(api, survey))["themes"]}

    assert themes == {"waiting": 25, "staff": 25, "parking": 25, "lunch": 5}


async def test_lists_go_on_page_by_page(api: Api, survey: PublishedSurvey, comments: list[str]) -> None:
    drawn = [(await draw(api, survey))["id"] for _ in range(3)]
    await code(api, survey, "ada", {response: ["staff"] for response in comments[:5]})
    found: dict[str, list[str]] = {"coding-batches": [], "codings": []}
    for what, seen in found.items():
        cursor = None
        while True:
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = (await api.get(f"/v1/surveys/{survey.id}/{what}", params=query)).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break

    assert found["coding-batches"] == drawn[::-1]
    assert len(set(found["codings"])) == 5


async def test_another_organisation_sees_none_of_it(
    api: Api, other_api: Api, survey: PublishedSurvey, comments: list[str]
) -> None:
    drawn = await draw(api, survey)
    for path in (
        f"/v1/surveys/{survey.id}/codebook",
        batches_of(survey),
        f"{batches_of(survey)}/{drawn['id']}",
        f"/v1/surveys/{survey.id}/codings",
        f"/v1/surveys/{survey.id}/coding-agreement",
    ):
        assert (await other_api.get(path, status=404)).json()["code"] == "not_found"
