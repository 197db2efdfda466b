"""Findings that are left as they are: with a reason, by somebody, for as long as the words stay, and kept."""

from tests.integration.surveys.test_lint import LEADS, PLAIN, Json, draft, lint, of_rule, revision
from tests.support.api import Api
from tests.support.surveys import publish, survey_body

PLACE = "/questions/easier/text"
WAIVER: Json = {"rule": "leading", "place": PLACE, "reason": "It is quoted from the contract."}


async def waived(api: Api, survey_id: str, **fields: object) -> Json:
    made = await api.post(f"/v1/surveys/{survey_id}/lint-waivers", {**WAIVER, **fields}, status=201)
    waiver: Json = made.json()
    return waiver


async def test_a_waived_finding_is_shown_as_such_with_who_when_and_why(api: Api) -> None:
    survey_id = await draft(api, LEADS)

    waiver = await waived(api, survey_id)
    report = await lint(api, survey_id)

    (leading,) = of_rule(report, "leading")
    assert leading["waived"] is True
    assert leading["waiver"] == {name: waiver[name] for name in ("id", "reason", "waived_by", "waived_at")}
    assert leading["waiver"]["reason"] == WAIVER["reason"]
    assert (report["counts"]["serious"], report["counts"]["waived"]) == (0, 1)


async def test_a_waiver_goes_along_when_questions_move_and_lapses_when_the_words_change(api: Api) -> None:
    survey = await publish(api, questions=[LEADS])
    await waived(api, survey.id)
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)

    await replace(api, survey.id, survey.key, PLAIN, LEADS)
    (moved,) = of_rule(await lint(api, survey.id), "leading")
    await replace(api, survey.id, survey.key, {**LEADS, "text": "Don't you find our website so much better?"})
    (changed,) = of_rule(await lint(api, survey.id), "leading")
    again = await waived(api, survey.id, reason="This, too")
    (renewed,) = of_rule(await lint(api, survey.id), "leading")

    assert (moved["pointer"], moved["waived"]) == ("/questions/1/text", True)
    assert changed["waived"] is False
    assert changed["waiver"]["reason"] == WAIVER["reason"]
    assert (renewed["waived"], renewed["waiver"]["id"]) == (True, again["id"])
    kept = (await api.get(f"/v1/surveys/{survey.id}/lint-waivers?ended=true")).json()["items"]
    assert [waiver["reason"] for waiver in kept] == [WAIVER["reason"]]


async def test_what_is_not_found_cannot_be_waived_and_what_is_waived_not_again(api: Api) -> None:
    survey_id = await draft(api, LEADS)
    path = f"/v1/surveys/{survey_id}/lint-waivers"

    nothing = await api.post(path, {**WAIVER, "place": "/questions/other/text"}, status=422)
    await waived(api, survey_id)
    twice = await api.post(path, WAIVER, status=409)
    await api.post(path, {**WAIVER, "rule": "dull"}, status=422)
    await api.post(path, {**WAIVER, "reason": "  "}, status=422)

    (fault,) = nothing.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/place", "nothing_to_waive")
    assert twice.json()["code"] == "already_waived"


async def test_a_waiver_is_given_another_reason_by_who_has_read_it(api: Api) -> None:
    survey_id = await draft(api, LEADS)
    path = f"/v1/surveys/{survey_id}/lint-waivers/{(await waived(api, survey_id))['id']}"

    await api.put(path, {"reason": "Another"}, status=428)
    await api.put(path, {"reason": "Another"}, status=412, headers={"If-Match": '"2"'})
    changed = await api.put(path, {"reason": "Another"}, status=200, headers={"If-Match": '"1"'})

    assert (changed.json()["reason"], changed.headers["ETag"]) == ("Another", '"2"')
    assert changed.json()["changed_by"] == changed.json()["waived_by"]
    assert (await api.get(path)).json() == changed.json()


async def test_an_ended_waiver_is_kept_and_the_finding_is_named_again(api: Api) -> None:
    survey_id = await draft(api, LEADS)
    path = f"/v1/surveys/{survey_id}/lint-waivers"
    waiver = await waived(api, survey_id)

    await api.call("DELETE", f"{path}/{waiver['id']}", status=204)
    await api.call("DELETE", f"{path}/{waiver['id']}", status=204)
    (leading,) = of_rule(await lint(api, survey_id), "leading")
    refused = await api.put(f"{path}/{waiver['id']}", {"reason": "No"}, status=409, headers={"If-Match": '"2"'})

    assert (leading["waived"], leading["waiver"]) == (False, None)
    assert refused.json()["code"] == "waiver_ended"
    (kept,) = (await api.get(f"{path}?ended=true")).json()["items"]
    assert (kept["id"], kept["ended_by"], kept["reason"]) == (waiver["id"], waiver["waived_by"], WAIVER["reason"])
    assert (await api.get(f"{path}?ended=false")).json()["items"] == []


async def test_waivers_are_listed_page_by_page(api: Api) -> None:
    questions = [{**LEADS, "key": f"q{number}"} for number in range(3)]
    survey_id = await draft(api, *questions)
    path = f"/v1/surveys/{survey_id}/lint-waivers"
    made = [await waived(api, survey_id, place=f"/questions/q{number}/text") for number in range(3)]

    first = (await api.get(f"{path}?limit=2")).json()
    rest = (await api.get(f"{path}?limit=2&cursor={first['next_cursor']}")).json()

    assert [waiver["id"] for waiver in first["items"] + rest["items"]] == [each["id"] for each in reversed(made)]
    assert rest["next_cursor"] is None
    await api.get(f"{path}?ended=true&cursor={first['next_cursor']}", status=422)


async def replace(api: Api, survey_id: str, key: str, *questions: Json) -> None:
    body = survey_body(questions=list(questions), key=key)
    await api.put(f"/v1/surveys/{survey_id}", body, status=200, headers={"If-Match": await revision(api, survey_id)})
