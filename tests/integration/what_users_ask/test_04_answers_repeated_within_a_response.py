"""A vendor's API gives the same answer twice in one response: it counts once, and is told of."""

import pytest

from feedback_core.inbound.mapping.templates import TEMPLATES
from tests.support.api import Api
from tests.support.inbound import inbound, recorded_by
from tests.support.surveys import Json, publish

pytestmark = pytest.mark.usefixtures("worker_process")

TWICE: Json = {
    "id": "1",
    "pages": [
        {
            "questions": [
                {"id": "111", "answers": [{"choice_id": "1009"}, {"choice_id": "1009"}]},
                {"id": "113", "answers": [{"text": "web"}, {"text": "app"}, {"text": "web"}]},
            ]
        },
        {"questions": [{"id": "111", "answers": [{"choice_id": "1009"}]}]},
    ],
}
"""As SurveyMonkey's API gives it."""

MAPPING: Json = {
    "fields": [
        {"to": "external_id", "path": "id"},
        TEMPLATES["surveymonkey"].document["fields"][3],
        {"to": "question", "key": "used", "path": "pages[].questions[] | [?id=='113'].answers[].text"},
    ]
}


async def test_04_a_repeated_answer_is_collapsed_and_the_log_says_how_many(api: Api) -> None:
    survey = await publish(api)
    source = await inbound(api, survey, MAPPING)
    preview = await api.post(f"{source.path}/mapping/preview", {"payload": TWICE}, status=200)
    assert preview.json()["items"][0]["repeated"] == 3

    await source.send(TWICE)
    (delivery,) = await source.settled()

    (response,) = await recorded_by(api, survey)
    assert response["answers"] == {"nps": 9, "used": ["web", "app"]}
    (item,) = delivery["items"]
    assert (item["outcome"], item["reason"]["code"]) == ("recorded", "repeated_answers")
    assert item["reason"]["detail"].startswith("3 values")


async def test_04_different_answers_to_one_question_are_not_guessed_between(api: Api) -> None:
    survey = await publish(api)
    source = await inbound(api, survey, MAPPING)
    twice = {
        **TWICE,
        "pages": [{"questions": [{"id": "111", "answers": [{"choice_id": "1009"}, {"choice_id": "1001"}]}]}],
    }
    await source.send(twice)
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("unmapped", "contradicting_values")
    assert not await recorded_by(api, survey)
