"""Mappings are held against the survey when they are defined, tried before use, and kept in versions."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.inbound.mapping.templates import TEMPLATES
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.inbound import MAPPING, Inbound, event, inbound, recorded_by
from tests.support.organisations import new_token
from tests.support.responses import codes
from tests.support.surveys import PublishedSurvey


def without(**changes: Any) -> dict[str, Any]:
    return {**MAPPING, **changes}


async def test_every_version_stays_and_the_last_holds(api: Api, survey: PublishedSurvey) -> None:
    source = await inbound(api, survey, None)
    assert (await api.get(f"{source.path}/mapping", status=404)).json()["code"] == "not_found"
    first = await source.map(MAPPING, status=201)
    second = await source.map(without(when=None), version=1, status=200)

    assert (first.headers["etag"], second.headers["etag"]) == ('"1"', '"2"')
    assert (await api.get(f"{source.path}/mapping")).json()["version"] == 2
    old = (await api.get(f"{source.path}/mapping", params={"version": 1})).json()
    assert (old["mapping"]["when"], old["version"]) == ("type == 'feedback'", 1)
    assert (await api.get(source.path)).json()["mapping_version"] == 2


async def test_an_edit_names_the_version_that_it_was_made_from(source: Inbound) -> None:
    assert (await source.map(MAPPING)).json()["code"] == "precondition_required"
    assert (await source.map(MAPPING, version=7)).json()["code"] == "precondition_failed"
    await source.map(MAPPING, version=1, status=200)
    assert (await source.map(MAPPING, version=1)).status_code == 412


async def test_everything_wrong_is_named_at_once(source: Inbound) -> None:
    wrong = without(
        when="type == ",
        fields=[
            {"to": "question", "key": "nope", "path": "a"},
            {"to": "question", "key": "nps", "path": "a.["},
            {"to": "question", "key": "wait", "path": "b", "values": {"good": 9}},
        ],
    )
    answer = await source.map(wrong, version=1, status=422)
    assert answer.json()["code"] == "mapping_invalid"
    assert codes(answer) == {
        "/fields/0/key": "unknown_question",
        "/fields/1/path": "invalid_expression",
        "/fields/2/values/good": "off_scale",
        "/when": "invalid_expression",
    }


@pytest.mark.parametrize(
    "body",
    [
        {}, {"fields": []}, {"fields": [{"to": "question"}]}, {"fields": [{"to": "question", "path": ""}]},
        {**MAPPING, "code": "import os"}, {"fields": [{"to": "question", "key": "nps", "path": "x" * 1_001}]},
        {**MAPPING, "fields": MAPPING["fields"] * 200},
    ],
)  # fmt: skip
async def test_what_has_not_the_shape_of_a_mapping_is_refused(source: Inbound, body: dict[str, Any]) -> None:
    await source.map(body, version=1, status=422)


async def test_a_preview_shows_the_responses_and_records_none(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    answer = await api.post(
        f"{source.path}/mapping/preview", {"payload": event(1, [9, 9], text="Kind.", region="South")}, status=200
    )
    (item,) = answer.json()["items"]
    assert (item["outcome"], item["faults"], item["repeated"]) == ("record", [], 1)
    assert item["response"]["answers"] == {"nps": 9, "why": "Kind."}
    assert item["response"]["attributes"] == {"region": "south"}
    assert (item["response"]["external_id"], item["response"]["method"]) == ("thing-1", "online_questionnaire")
    assert not await recorded_by(api, survey)
    assert not await source.deliveries()


async def test_a_preview_shows_every_fault_with_its_places(api: Api, source: Inbound) -> None:
    payload = event(1, 11, region="Mars") | {"timestamp": "yesterday"}
    mapping = without(occurred_at=None)
    answer = await api.post(f"{source.path}/mapping/preview", {"payload": payload, "mapping": mapping}, status=200)
    (item,) = answer.json()["items"]
    assert (item["outcome"], item["response"]) == ("unmapped", None)
    assert [(fault["pointer"], fault["place"], fault["code"]) for fault in item["faults"]] == [
        ("/fields/2", "/data/score", "off_scale"),
        ("/fields/4", "/data/region", "unknown_value"),
        ("/fields/1", "data.at || timestamp", "unreadable_time"),
    ]


async def test_a_preview_names_faults_that_only_the_survey_finds(api: Api, source: Inbound) -> None:
    payload = event(1, at="2126-01-01T00:00:00Z")
    (item,) = (await api.post(f"{source.path}/mapping/preview", {"payload": payload}, status=200)).json()["items"]
    assert item["outcome"] == "unmapped"
    assert [(fault["pointer"], fault["code"]) for fault in item["faults"]] == [("/fields/1", "in_the_future")]


@pytest.mark.parametrize("payload", [None, 5, "text", [], {"type": "other"}])
async def test_a_preview_of_what_is_not_wanted_says_so(api: Api, source: Inbound, payload: Any) -> None:
    (item,) = (await api.post(f"{source.path}/mapping/preview", {"payload": payload}, status=200)).json()["items"]
    assert (item["outcome"], item["response"]) == ("ignore", None)


async def test_a_delivery_is_previewed_only_by_who_may_read_it(api: Api, database: Database, source: Inbound) -> None:
    await source.send(event(1, 4))
    (delivery,) = await source.deliveries()
    path = f"{source.path}/deliveries/{delivery['id']}/preview"
    (item,) = (await api.post(path, {}, status=200)).json()["items"]
    assert item["response"]["answers"] == {"nps": 4}

    token = await new_token(database, api.organisation.organisation_id, [Scope.SOURCES_READ, Scope.SOURCES_WRITE])
    refused = await api.client.post(path, json={}, headers={"Authorization": f"Bearer {token}"})
    assert refused.json()["code"] == "missing_scope"


async def test_ready_made_mappings_are_listed_with_what_they_read(api: Api, survey: PublishedSurvey) -> None:
    listed = (await api.get("/v1/mapping-templates")).json()["items"]
    assert [template["key"] for template in listed] == list(TEMPLATES)
    (typeform,) = (await api.get("/v1/mapping-templates", params={"preset": "typeform"})).json()["items"]
    source = await inbound(api, survey, typeform["mapping"])
    answer = await api.post(f"{source.path}/mapping/preview", {"payload": typeform["sample"]}, status=200)
    assert answer.json()["items"][0]["response"]["answers"] == {"nps": 9, "why": "Quick and kind."}


async def test_a_survey_without_questions_yet_takes_no_mapping(api: Api, survey: PublishedSurvey) -> None:
    source = await inbound(api, survey, None)
    await api.post(f"{source.path}/retire", status=200)
    assert (await source.map(MAPPING)).json()["code"] == "source_retired"


@pytest.mark.parametrize(
    "url", ["http://api.example.com/{id}", "https://{id}/x", "https://a:b@c.example/{id}", "https://x.example/{"]
)
async def test_a_connector_goes_nowhere_it_should_not(api: Api, source: Inbound, url: str) -> None:
    answer = await api.put(f"{source.path}/connector", {"url": url, "token": "token"}, status=422)
    assert codes(answer) == {"/url": "connector_invalid"}


async def test_a_connector_is_kept_without_showing_its_token(api: Api, source: Inbound) -> None:
    body = {"url": "https://api.example.com/{id}", "token": "a-long-secret-token-9876"}
    made = await api.put(f"{source.path}/connector", body, status=201)
    assert "a-long-secret" not in made.text
    assert made.json()["hint"] == "9876"
    assert (await api.put(f"{source.path}/connector", body)).status_code == 428
    await api.put(f"{source.path}/connector", body, headers={"If-Match": '"1"'}, status=200)
    await api.call("DELETE", f"{source.path}/connector", status=204)
    await api.get(f"{source.path}/connector", status=404)


async def test_a_mapping_gives_every_parameter_of_its_connector(api: Api, source: Inbound) -> None:
    thin = without(fetch={"parameters": {"id": "data.id"}})
    await api.put(f"{source.path}/connector", {"url": "https://a.example/{other}", "token": "t"}, status=201)
    answer = await source.map(thin, version=1, status=422)
    assert codes(answer) == {"/fetch/parameters": "unknown_parameter"}
