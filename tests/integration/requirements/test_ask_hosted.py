"""The row "use the chosen methods" of what is required, as far as the hosted questionnaire drives it."""

from fastapi import FastAPI

from tests.support.api import Api
from tests.support.hosted import AS_JSON, EVERY_ANSWER, EVERY_TYPE, Visitor, answered, collector, responses
from tests.support.surveys import publish


async def test_G2_1_O_LO2_each_chosen_method_goes_out_by_a_link_and_comes_back_under_its_name(
    app: FastAPI, api: Api
) -> None:
    """A poster, a text message and a tablet at the desk, each answered on the hosted page, kept apart and counted."""
    survey = await publish(api, questions=EVERY_TYPE)
    chosen = {"online_questionnaire": "north", "sms": "south", "kiosk": "north"}
    for method, region in chosen.items():
        made = await collector(api, survey, name=method, method=method, attributes={"region": region})
        qr_code = await api.get(f"/v1/surveys/{survey.id}/collectors/{made['id']}/qr.svg")
        assert made["url"] in qr_code.text
        await answered(Visitor(app, made["url"]), EVERY_ANSWER)

    kept = await responses(api, survey)
    assert {each["method"]: each["attributes"]["region"] for each in kept} == chosen
    assert [each["answers"] for each in kept] == [AS_JSON] * 3
    query = {"survey": survey.id, "by": "method"}
    groups = (await api.get("/v1/kpis/responses/breakdown", params=query)).json()["groups"]
    assert {each["group"] for each in groups} >= set(chosen)
