"""Rows of the requirements: whether the ways of asking serve their purpose."""

from random import Random

import pytest

from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import Json, publish

pytestmark = [pytest.mark.xdist_group("requirements"), pytest.mark.usefixtures("worker_process")]

QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?"},
    *(
        {"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": f"How was the {key}?"}
        for key in ("wait", "place")
    ),
]
CONTACTS: Json = {
    "sms": {"contacted": 900, "cost": {"amount": 9_000, "currency": "EUR"}},
    "telephone": {"contacted": 300, "cost": {"amount": 240_000, "currency": "EUR"}},
}


def heard(method: str, chance: Random, *, kindness: float, left_out: float, seconds: int) -> list[Json]:
    """Ninety respondents: to a voice people are kinder, and leave less out."""
    found = []
    for number in range(90):
        answers = {
            "nps": min(10, max(0, round(chance.gauss(6 + kindness, 1.5)))),
            "wait": chance.randint(2, 5),
            "place": chance.randint(2, 5),
        }
        if chance.random() < left_out:
            del answers["place"]
        found.append(
            {
                "method": method,
                "started_at": "2026-02-10T12:00:00Z",
                "submitted_at": f"2026-02-10T12:{seconds // 60:02}:{seconds % 60:02}Z",
                "attributes": {"region": "north" if number % 3 else "south"},
                "answers": answers,
            }
        )
    return found


async def test_O_LO5_methods_are_compared_on_rate_cost_time_care_and_mode_effect(api: Api) -> None:
    survey, chance = await publish(api, questions=QUESTIONS), Random(20260210)
    texted = heard("sms", chance, kindness=0, left_out=0.4, seconds=50)
    called = heard("telephone", chance, kindness=2.5, left_out=0.0, seconds=400)
    await answer(api, survey.id, texted + called)
    body = {"kind": "method_effectiveness", "survey_id": survey.id, "kpi": "nps", "contacts": CONTACTS}

    run = await made(api, body)

    found = {one["name"]: one for one in run["result"]["methods"]}
    left_out = sum("place" not in item["answers"] for item in texted)
    assert [found[name]["response_rate"]["value"] for name in ("sms", "telephone")] == pytest.approx([0.1, 0.3])
    assert [found[name]["cost_per_complete"]["value"] for name in ("sms", "telephone")] == pytest.approx(
        [100, 8000 / 3]
    )
    assert [found[name]["median_seconds"]["value"] for name in ("sms", "telephone")] == [50, 400]
    assert [found[name]["item_nonresponse"]["value"] for name in ("sms", "telephone")] == pytest.approx(
        [left_out / 270, 0]
    )
    assert found["sms"]["straight_lining"] is None
    assert [one["dissimilarity"] for one in found["sms"]["composition"]] == pytest.approx([0.0])
    clear = {one["measure"]: one["better"] for one in run["result"]["comparisons"] if one["clear"]}
    assert clear == {
        "response_rate": "telephone",
        "cost_per_complete": "sms",
        "cost_per_effective_response": "sms",
        "median_seconds": None,
        "item_nonresponse": "telephone",
    }
    (effect,) = run["result"]["mode_effects"]
    assert effect["clear"]
    assert effect["effect"]["interval"]["high"] < 0, "to a text message people are less kind"
    assert found["sms"]["kpi"]["value"] < found["telephone"]["kpi"]["value"]

    proposed = (await api.post(f"/v1/analyses/{run['id']}/recommendations", status=200)).json()["items"]
    assert [one["title"] for one in proposed] == [
        "Ask groups that are compared by the same method: sms and telephone give other answers"
    ]
