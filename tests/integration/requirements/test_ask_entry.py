"""Rows of "Ask" and "Watch the collection" about people who ask and enter: each driven through the API."""

from random import Random

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.entries import GUIDE, at, call, consent, enter, form, participant, second
from tests.support.exports import ask
from tests.support.organisations import new_token
from tests.support.responses import listed, read
from tests.support.surveys import publish

SAID = (
    "I: How was it?\r\n"
    'P1: "Gut" \u2013 na\u0308mlich (so!) ganz gut \u2026\tna\u0308 \u00e4\u0301\n'
    "P2: \u0645\u0631\u062d\u0628\u0627\u200f \u5f85\u3061\u6642\u9593 \U0001f44d\U0001f3fd \u0000 \u2028 end \n\n"
)
"""Composed and decomposed letters, two ends of line, right to left, a control character, blanks at the end."""


async def test_G4_3_a_guide_with_prompts_and_probes_is_kept_in_versions_and_printed(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/interview-guide"

    first = await api.put(path, GUIDE, status=201)
    blind = await api.put(path, GUIDE, status=428)
    changed = {**GUIDE, "title": "<b>Your visit</b>"}
    other = await api.put(path, changed, status=200, headers={"If-Match": first.headers["etag"]})
    page = await api.get(f"{path}/versions/2/page")

    assert blind.json()["code"] == "precondition_required"
    assert other.json()["version"] == 2
    versions = (await api.get(f"{path}/versions")).json()["items"]
    assert [each["version"] for each in versions] == [2, 1]
    assert (await api.get(f"{path}/versions/1")).json()["guide"]["questions"][1]["prompts"] == ["10 means surely."]
    assert page.headers["content-type"].startswith("text/html")
    assert "&lt;b&gt;Your visit&lt;/b&gt;" in page.text
    assert "<script" not in page.text
    for words in ("How likely are you to recommend us?", "Why that number?", "☐ 10", "☐ Web", "May I write down"):
        assert words in page.text


async def test_G4_3_an_interview_is_kept_word_by_word_with_interviewer_consent_and_duration(api: Api) -> None:
    survey = await publish(api)
    await api.put(f"/v1/surveys/{survey.id}/interview-guide", GUIDE, status=201)

    made = await enter(
        api,
        survey,
        call(
            participant(answers={"nps": 9, "why": "Na\u0308he"}, attributes={"region": "north"}),
            kind="interview",
            guide_version=1,
            transcript=SAID,
            place="Desk 3",
        ),
    )

    entry = (await api.get(f"{at(survey)}/{made['id']}")).json()
    words = (await api.get(f"{at(survey)}/{made['id']}/words")).json()
    response = await read(api, survey, entry["responses"][0]["response_id"])
    assert entry == made
    assert (entry["interviewer"], entry["duration_seconds"], entry["guide_version"]) == ("I-07", 600, 1)
    assert entry["consents"] == [{"participant": 1, "how": "spoken", "at": "2026-03-01T10:00:00Z"}]
    assert words == {"transcript": SAID, "place": "Desk 3", "note": None}
    assert (response["method"], response["attributes"]) == ("face_to_face_interview", {"region": "north"})
    assert (response["started_at"], response["submitted_at"]) == ("2026-03-01T10:00:00Z", "2026-03-01T10:10:00Z")
    assert response["answers"]["why"] == "Na\u0308he"


async def test_G4_3_a_focus_group_is_one_session_of_several_people(api: Api) -> None:
    survey = await publish(api)

    made = await enter(
        api,
        survey,
        call(
            participant(answers={"nps": 9}),
            participant(answers={"nps": 2}, consent=consent("signed")),
            participant(answers={"nps": 7}),
            kind="focus_group",
            duration_seconds=5400,
            transcript=SAID,
        ),
    )

    assert [each["participant"] for each in made["responses"]] == [1, 2, 3]
    assert [each["how"] for each in made["consents"]] == ["spoken", "signed", "spoken"]
    assert [(row["method"], row["answers"]["nps"]) for row in await listed(api, survey)] == [
        ("focus_group", 9),
        ("focus_group", 2),
        ("focus_group", 7),
    ]


async def test_G4_3_interviewer_effects_are_seen_with_intervals_and_what_they_cost(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    chance = Random(3)
    for number in range(60):
        interviewer, mean = (("I-1", 8.5), ("I-2", 5.0), ("I-3", 5.0))[number % 3]
        score = min(10, max(0, round(chance.gauss(mean, 1))))
        await enter(api, survey, call(participant(answers={"nps": score}), interviewer=interviewer))
    for _ in range(3):
        await enter(api, survey, call(interviewer="I-4"))

    found = (await api.get(f"{at(survey)}/interviewer-effects?question=nps")).json()

    reader = await new_token(database, api.organisation.organisation_id, [Scope.RESPONSES_READ])
    without = {"Authorization": f"Bearer {reader}"}
    nameless = (await api.get(f"{at(survey)}/interviewer-effects?question=nps", headers=without)).json()
    assert nameless == {**found, "interviewers": None}
    beside = {each["interviewer"]: each for each in found["interviewers"]}
    assert set(beside) == {"I-1", "I-2", "I-3"}
    assert (found["n"], found["left_out"]) == (60, {"interviewers": 1, "answers": 3})
    assert beside["I-1"]["differs"]
    assert beside["I-1"]["interval"]["low"] > 2
    assert 0.3 < found["correlation"] < 1
    assert found["correlation_interval"]["low"] < found["correlation"] < found["correlation_interval"]["high"]
    assert found["design_effect"] > 5
    assert found["n_effective"] < 12
    assert found["warnings"]


async def test_G2_1_O_LO2_what_staff_enter_counts_beside_what_came_by_itself(api: Api) -> None:
    survey = await publish(api)
    await enter(api, survey, call(participant(answers={"nps": 10})))
    await enter(api, survey, form("F-1", answers={"nps": 0}))

    figure = (await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=method")).json()

    assert {row["method"] for row in await listed(api, survey)} == {"telephone", "postal_questionnaire"}
    assert {group["group"] for group in figure["groups"]} == {"telephone", "postal_questionnaire"}


async def test_G2_4_O_AC2_O_AC3_a_form_typed_twice_is_compared_settled_and_counts_once(api: Api) -> None:
    survey = await publish(api)
    typed = {"nps": 9, "wait": 4, "used": ["web"], "why": "Quick"}
    one = await enter(api, survey, form("F-1", answers=typed, attributes={"region": "north"}), by="Ada")
    same = await enter(api, survey, form("F-2", answers={"nps": 3}), by="Ada")

    agreeing = await second(api, survey, same, by="Bo", answers={"nps": 3})
    differing = await second(
        api, survey, one, by="Bo", answers={**typed, "nps": 8, "wait": 5, "ease": 2}, attributes={"region": "north"}
    )
    path = f"{at(survey)}/{one['id']}/second-entry"
    shown = (await api.get(f"{path}/differences")).json()["items"]
    decisions = [
        {"field": "answers/nps", "keep": "second"},
        {"field": "answers/wait", "keep": "first"},
        {"field": "answers/ease", "keep": "neither", "value": 7},
    ]
    body = {"decisions": decisions, "reason": "Looked up on the form", "on_behalf_of": "Cy"}
    settled = (await api.post(f"{path}/settle", body, status=200)).json()

    assert agreeing["second_entry"]["state"] == "agrees"
    assert differing["second_entry"]["state"] == "differs"
    assert differing["second_entry"]["differing"] == ["answers/ease", "answers/nps", "answers/wait"]
    assert {each["field"]: (each["first"], each["second"]) for each in shown} == {
        "answers/ease": (None, 2),
        "answers/nps": (9, 8),
        "answers/wait": (4, 5),
    }
    assert settled["second_entry"]["state"] == "settled"
    assert (settled["second_entry"]["settled_by"], settled["second_entry"]["reason"]) == ("Cy", body["reason"])
    first, agreed = [await read(api, survey, each["response_id"]) for each in settled["responses"]]
    assert (first["excluded"], first["exclusions"][0]["reason"]) == (True, "superseded")
    assert (agreed["excluded"], agreed["answers"]) == (False, {**typed, "nps": 8, "ease": 7})
    count = (await api.get(f"/v1/kpis/responses/value?survey={survey.id}")).json()
    assert count["value"] == 2
    rate = (await api.get(f"{at(survey)}/typing-errors")).json()
    assert (rate["forms"], rate["compared"], rate["differing"], rate["settled"]) == (2, 7, 3, 1)
    assert (rate["first_wrong"], rate["second_wrong"]) == (2, 2)
    assert rate["first_error_interval"]["low"] < rate["first_error_rate"] == 2 / 7
    assert (await api.post(f"{path}/settle", body, status=409)).json()["code"] == "nothing_to_settle"


async def test_G2_4_O_AC2_O_AC3_corrections_are_logged_with_who_when_and_why(api: Api) -> None:
    survey = await publish(api, confidentiality="identified")
    who = {"id": "C-1", "name": "Ann"}
    made = await enter(api, survey, call(participant(external_id="call-1", respondent=who)))
    path = f"{at(survey)}/{made['id']}/corrections"

    body = {"answers": {"nps": 8}, "reason": "Misheard", "on_behalf_of": "Bo"}
    corrected = (await api.post(path, body, status=201)).json()
    nothing = await api.post(path, body, status=409)

    first, last = corrected["responses"]
    was, is_now = await read(api, survey, first["response_id"]), await read(api, survey, last["response_id"])
    assert (last["fields"], last["reason"], last["made_by"]) == (["answers/nps"], "Misheard", "Bo")
    assert last["made_at"] >= first["made_at"]
    assert (was["answers"], was["excluded"]) == ({"nps": 9}, True)
    assert (is_now["answers"], is_now["excluded"], is_now["external_id"]) == ({"nps": 8}, False, "call-1~2")
    assert is_now["respondent_ref"] == was["respondent_ref"]
    assert nothing.json()["code"] == "nothing_corrected"


async def test_G2_4_O_AC2_O_AC3_the_codebook_of_what_was_recorded_is_exported(api: Api) -> None:
    survey = await publish(api)
    await enter(api, survey, form("F-1", answers={"nps": 9, "used": ["web"]}))

    codebook = (await api.get((await ask(api, survey))["links"]["codebook"])).json()

    columns = {each["column"]: each for each in codebook["columns"]}
    assert (columns["answer.nps"]["scale_min"], columns["answer.nps"]["scale_max"]) == (0, 10)
    assert columns["answer.nps"]["text"] == "How likely are you to recommend us?"
    assert "method" in columns
