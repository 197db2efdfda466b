"""Personal data in comments leaves the service masked, unless the key may see it; what was said is kept as said."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.comments import put_codebook, read_comments, say
from tests.support.imports import upload
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import EVERY_TYPE, everything_of, listed, owner, read, recorded
from tests.support.subjects import work
from tests.support.surveys import publish

SAID = "The wait was long. Ring me on 020 7946 0917 or ada@example.org"
SHOWN = "The wait was long. Ring me on [phone] or [e-mail]"


@pytest.fixture
async def reader(api: Api, database: Database) -> Api:
    """A key with every scope but the one that shows personal data."""
    organisation_id = api.organisation.organisation_id
    scopes = [scope for scope in Scope if scope is not Scope.VERBATIMS_UNMASKED]
    return Api(api.client, TestOrganisation(organisation_id, await new_token(database, organisation_id, scopes)))


async def test_responses_are_kept_as_said_and_shown_masked(api: Api, reader: Api, owner_url: str) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    answers: dict[str, Any] = {"nps": 9, "why": SAID, "minutes": 2079460917, "day": "2026-03-01", "used": ["web"]}
    given = await recorded(api, survey, answers=answers)

    assert (await read(reader, survey, given))["answers"] == {**answers, "why": SHOWN}
    assert (await listed(reader, survey))[0]["answers"] == {**answers, "why": SHOWN}
    assert (await read(api, survey, given))["answers"] == answers
    assert (await listed(api, survey))[0]["answers"] == answers
    with owner(owner_url) as connection:
        assert SAID in everything_of(connection, api.organisation.organisation_id)


async def test_faults_of_imports_quote_masked(api: Api, reader: Api, database: Database) -> None:
    survey = await publish(api)
    mapping = {"columns": [{"column": "nps", "to": "question", "key": "nps"}]}
    made = (await upload(api, survey, mapping, "nps\nada@example.org\n9\n")).json()
    await work(api, database, "%")
    path = f"/v1/imports/{made['id']}/faults"

    masked, plain = await reader.get(path), await api.get(path)

    assert "ada@example.org" in plain.text
    assert "[e-mail]" in masked.text
    assert "ada@example.org" not in masked.text
    assert "ada@example.org" not in (await reader.get(path, headers={"Accept": "text/csv"})).text


async def test_comments_of_analyses_and_batches_are_masked(api: Api, reader: Api, database: Database) -> None:
    survey = await publish(api)
    await put_codebook(api, survey)
    await say(api, survey, [f"{SAID} {number}" for number in range(12)])
    await read_comments(database, api, survey)
    run = (await api.post("/v1/analyses", {"kind": "themes", "survey_id": survey.id}, status=202)).json()
    await work(api, database, "analyses.%")
    drawn = (await api.post(f"/v1/surveys/{survey.id}/coding-batches", {"size": 5}, status=201)).json()

    for path in (f"/v1/analyses/{run['id']}/verbatims", f"/v1/surveys/{survey.id}/coding-batches/{drawn['id']}"):
        masked, plain = (await reader.get(path)).text, (await api.get(path)).text
        assert "ada@example.org" in plain
        assert SHOWN in masked
        assert "ada@example.org" not in masked
        assert "7946" not in masked


async def test_the_region_is_that_of_the_organisation_and_of_the_survey(api: Api, reader: Api) -> None:
    english, american = await publish(api), await publish(api, language="en-US")
    said = "415-555-2671 never answers"

    one = await recorded(api, english, answers={"why": said})
    other = await recorded(api, american, answers={"why": said})

    assert (await read(reader, english, one))["answers"]["why"] == said
    assert (await read(reader, american, other))["answers"]["why"] == "[phone] never answers"


async def test_files_of_exports_are_masked_unless_the_key_may_see_it(api: Api, reader: Api, database: Database) -> None:
    survey = await publish(api)
    await recorded(api, survey, answers={"nps": 9, "why": f"First line\n{SAID}"})
    path = f"/v1/surveys/{survey.id}/exports"
    refused = await reader.post(path, {"format": "ndjson", "unmasked": True}, status=403)
    masked = (await reader.post(path, {"format": "ndjson"}, status=202)).json()
    table = (await reader.post(path, {"format": "csv"}, status=202)).json()
    plain = (await api.post(path, {"format": "ndjson", "unmasked": True}, status=202)).json()
    await work(api, database, "exports.%")

    assert refused.json()["code"] == "missing_scope"
    for made in (masked, table):
        content = (await reader.get(f"/v1/exports/{made['id']}/file")).text
        assert "[phone] or [e-mail]" in content
        assert "ada@example.org" not in content
    assert "ada@example.org" in (await api.get(f"/v1/exports/{plain['id']}/file")).text
    await reader.get(f"/v1/exports/{plain['id']}/file", status=403)
