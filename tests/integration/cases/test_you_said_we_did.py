"""You said, we did: what was done is told back to everybody, as aggregates, and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.recommendations.conftest import RESULT, Ground, finished_run, ground
from tests.support.api import Api
from tests.support.surveys import publish

__all__ = ["ground"]

Json = dict[str, Any]
SOON = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
FIGURE = {"pointer": "/features/0/figure", "label": "Satisfied with the wait"}


async def action_of(ground: Ground) -> str:
    found, api = await ground.propose(), ground.api
    await api.post(f"/v1/recommendations/{found}/transitions", {"to": "accepted", "reason": "Yes."}, status=200)
    body = {"recommendation_id": found, "title": "A desk", "owner": "Grace", "due_on": SOON}
    action: str = (await api.post("/v1/actions", body, status=201)).json()["id"]
    return action


async def begun(ground: Ground) -> str:
    action = await action_of(ground)
    agreed = {"answer": "agreed", "on_behalf_of": "Grace"}
    await ground.api.post(f"/v1/actions/{action}/agreements", agreed, status=200)
    await move(ground, action, "under_way")
    return action


async def move(ground: Ground, action: str, to: str, **more: str) -> None:
    body = {"to": to, "reason": "As planned.", **more}
    await ground.api.post(f"/v1/actions/{action}/transitions", body, status=200)


def items_of(ground: Ground) -> str:
    return f"/v1/surveys/{ground.survey_id}/you-said-we-did"


def told(action: str, **more: Any) -> Json:
    return {"you_said": "You wait too long.", "we_did": "A second desk.", "action_id": action, **more}


async def read(ground: Ground, url: str, status: int = 200, **headers: str) -> Any:
    """As everybody does: without a key."""
    answer = await ground.api.client.get(url, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


async def test_G3_6_what_was_done_is_told_to_everybody(ground: Ground) -> None:
    action = await begun(ground)
    figures = [{"analysis_id": ground.run_id, **FIGURE}]
    made = await ground.api.post(items_of(ground), told(action, figures=figures, published=True), status=201)
    item = made.json()
    assert (item["shown"], item["progress"]) == (True, "under_way")
    page = await read(ground, item["public_url"])
    assert "We are doing" in page.text
    assert "0.41 (0.35 to 0.47), from 240 answers" in page.text
    await move(ground, action, "completed")
    feed = await read(ground, item["public_url"].replace(".html", ".json"))
    assert feed.json()["items"] == [
        {
            "you_said": "You wait too long.",
            "we_did": "A second desk.",
            "progress": "done",
            "figures": [{"label": "Satisfied with the wait", "value": 0.41, "low": 0.35, "high": 0.47, "n": 240}],
            "published_at": item["published_at"],
        }
    ]
    assert feed.json()["title"] == "Your visit"
    assert feed.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in feed.headers["Cache-Control"]
    kept = await read(
        ground, item["public_url"].replace(".html", ".json"), 304, **{"If-None-Match": feed.headers["ETag"]}
    )
    assert kept.content == b""
    assert "We did" in (await read(ground, item["public_url"])).text


async def test_what_is_not_published_is_not_there(ground: Ground, other_api: Api) -> None:
    action = await begun(ground)
    made = await ground.api.post(items_of(ground), told(action), status=201)
    item, path = made.json(), made.headers["Location"]
    await read(ground, item["public_url"], 404)
    published = await ground.api.put(
        path, told(action, published=True), status=200, headers={"If-Match": made.headers["ETag"]}
    )
    await read(ground, item["public_url"])
    stale = await ground.api.put(path, told(action), headers={"If-Match": made.headers["ETag"]})
    assert stale.status_code == 412
    back = await ground.api.put(path, told(action), status=200, headers={"If-Match": published.headers["ETag"]})
    await read(ground, item["public_url"], 404)
    await ground.api.put(path, told(action, published=True), status=200, headers={"If-Match": back.headers["ETag"]})
    await other_api.get(path, status=404)
    await ground.api.call("DELETE", path, status=204)
    await read(ground, item["public_url"], 404)
    await read(ground, "/v1/public/nonsense/you-said-we-did.html", 404)
    assert (await ground.api.get(items_of(ground))).json()["items"] == []


async def test_nothing_is_published_of_what_is_planned_or_was_given_up(ground: Ground) -> None:
    planned = await action_of(ground)
    refused = await ground.api.post(items_of(ground), told(planned, published=True), status=409)
    assert refused.json()["code"] == "nothing_done"
    action = await begun(ground)
    item = (await ground.api.post(items_of(ground), told(action, published=True), status=201)).json()
    await read(ground, item["public_url"])
    await move(ground, action, "closed", outcome="unknown")
    await read(ground, item["public_url"], 404)
    shown = (await ground.api.get(f"{items_of(ground)}/{item['id']}")).json()
    assert (shown["shown"], shown["progress"]) == (False, None)


async def test_only_aggregates_are_shown(ground: Ground, other_api: Api) -> None:
    action = await begun(ground)
    feature = {**RESULT["features"][0], "figure": {"value": 0.5, "n": 2}}
    few = await ground.finished_run({**RESULT, "features": [feature]}, bucket="week")
    survey = await publish(ground.api)
    elsewhere = await finished_run(ground.api, ground.database, survey.id, RESULT)
    links = [
        {"analysis_id": few, **FIGURE},
        {"analysis_id": ground.run_id, **FIGURE, "pointer": "/sentence"},
        {"analysis_id": elsewhere, **FIGURE},
    ]
    body = told(action, figures=links, we_did="Ask ada@example.org about it.")
    refused = (await ground.api.post(items_of(ground), body, status=422)).json()
    assert {(fault["pointer"], fault["code"]) for fault in refused["errors"]} == {
        ("/figures/0/pointer", "figure_withheld"),
        ("/figures/1/pointer", "evidence_not_found"),
        ("/figures/2/analysis_id", "run_of_another_survey"),
        ("/we_did", "personal_data"),
    }
    other = await publish(other_api)
    theirs = await finished_run(other_api, ground.database, other.id, RESULT)
    body = told(action, figures=[{"analysis_id": theirs, **FIGURE}])
    await ground.api.post(items_of(ground), body, status=404)
    theirs_of_ours = f"/v1/surveys/{survey.id}/you-said-we-did"
    await ground.api.post(theirs_of_ours, told(action), status=404)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }} {% for x in [1] %}{{ x }}{% endfor %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "</p></article><iframe srcdoc='x'>",
        "&lt;b&gt; {# hidden #}",
    ],
)
async def test_what_is_written_is_text_and_never_markup_nor_a_template(ground: Ground, hostile: str) -> None:
    survey = await publish(ground.api, title=hostile)
    run_id = await finished_run(ground.api, ground.database, survey.id, RESULT)
    asked = Ground(ground.api, ground.database, survey.id, run_id)
    label = {"analysis_id": run_id, **FIGURE, "label": hostile}
    body = told(await begun(asked), you_said=hostile, we_did=hostile, figures=[label], published=True)
    item = (await asked.api.post(items_of(asked), body, status=201)).json()
    page = await read(asked, item["public_url"])
    feed = (await read(asked, item["public_url"].replace(".html", ".json"))).json()
    from markupsafe import escape

    # What was said, what was done, a figure's label; and the survey's own title, twice.
    assert page.text.count(str(escape(hostile))) == 5
    plain = page.text.replace(str(escape(hostile)), "")
    assert "49" not in plain
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "<iframe" not in page.text
    assert feed["items"][0]["you_said"] == hostile
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
