"""From a recommendation to the counts behind it by the API alone, and the same bytes again."""

import json

import pytest

from tests.integration.recommendations.test_review import FRAME, QUESTIONS, months
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]


async def test_O_AC4_a_recommendation_can_be_followed_to_raw_counts_and_reproduced(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(20, 20))
    # A cut that stays as it is, whatever comes in later.
    cut = {"kind": "review", "survey_id": survey.id, "frame": FRAME, "from": "2025-01-01", "to": "2026-03-01"}
    await made(api, cut)
    (found,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}")).json()["items"]
    figure = next(piece for piece in found["evidence"] if piece["pointer"].endswith("/figure"))

    run = (await api.get(f"/v1/analyses/{figure['run_id']}")).json()
    feature = run["result"]
    for step in figure["pointer"].split("/")[1:-1]:
        feature = feature[int(step)] if isinstance(feature, list) else feature[step]
    asked = {"survey": survey.id, "question": feature["question"], "from": cut["from"], "to": cut["to"]}
    kpi = (await api.get(f"/v1/kpis/{feature['kpi']}/value", params=asked)).json()
    page = (await api.get(f"/v1/surveys/{survey.id}/responses?limit=1000")).json()
    given = [each["answers"][feature["question"]] for each in page["items"]]

    assert page["next_cursor"] is None
    assert (figure["value"], figure["n"]) == (kpi["value"], kpi["n"])
    assert (len(given), sum(value >= 4 for value in given) / len(given)) == (figure["n"], figure["value"])

    await answer(api, survey.id, [{"submitted_at": "2026-03-05T12:00:00Z", "answers": {"wait": 1}}])
    again = await made(api, cut)

    assert again["id"] != run["id"]
    assert again["data_version"] != run["data_version"]
    assert _bytes(again["result"]) == _bytes(run["result"])


def _bytes(result: dict[str, object]) -> bytes:
    """All but when it was read."""
    kept = json.loads(json.dumps(result))
    _drop_instants(kept)
    return json.dumps(kept, sort_keys=True).encode()


def _drop_instants(part: object) -> None:
    if isinstance(part, dict):
        part.pop("as_of", None)
        for below in part.values():
            _drop_instants(below)
    elif isinstance(part, list):
        for below in part:
            _drop_instants(below)
