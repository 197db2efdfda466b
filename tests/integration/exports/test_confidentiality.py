"""What leaves of who answered: nothing, codes, or the identity for who may read it; nothing that was erased."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.exports import (
    ask,
    content_of,
    exported_now,
    exports_of,
    fetched,
    frame_of,
    lines_of,
    rows_of,
    run_now,
    sheets_of,
)
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import decide, everything, owner, recorded
from tests.support.surveys import Json, PublishedSurvey, publish

WHO = {"id": "customer-7", "name": "=Ada Quill", "email": "ada@example.com", "phone": "+441632960961"}
CODES = ("external_id", "respondent_ref")


async def three(api: Api) -> PublishedSurvey:
    """A survey with a response of each confidentiality."""
    survey = await publish(api, confidentiality="identified")
    for mode in ("identified", "pseudonymous", "anonymous"):
        who = {} if mode == "anonymous" else {"respondent": WHO}
        await recorded(api, survey, confidentiality=mode, external_id=f"crm-{mode}", **who)
    return survey


async def with_scopes(api: Api, database: Database, *scopes: Scope) -> Api:
    token = await new_token(database, api.organisation.organisation_id, scopes)
    return Api(api.client, TestOrganisation(api.organisation.organisation_id, token))


async def test_each_response_tells_what_its_confidentiality_allows(api: Api, database: Database) -> None:
    survey = await three(api)

    found = lines_of(await content_of(api, await exported_now(database, api, survey, include_identities=True)))

    identified, pseudonymous, anonymous = found
    assert identified["respondent"] == WHO
    assert identified["external_id"] == "crm-identified"
    assert (pseudonymous["external_id"], "respondent" in pseudonymous) == ("crm-pseudonymous", False)
    assert pseudonymous["respondent_ref"] == identified["respondent_ref"] is not None
    assert ([anonymous[code] for code in CODES], "respondent" in anonymous) == ([None, None], False)


async def test_identities_are_left_out_unless_they_are_asked_for(api: Api, database: Database) -> None:
    survey = await three(api)
    for form in ("ndjson", "csv", "parquet", "xlsx"):
        content = await content_of(api, await exported_now(database, api, survey, format=form))
        readers = {"parquet": lambda file: frame_of(file).to_dicts(), "xlsx": sheets_of}
        text = str(readers.get(form, bytes.decode)(content))
        assert "crm-identified" in text
        assert not [said for said in (*WHO.values(), "respondent.name") if said in text], form


async def test_tables_have_columns_of_who_answered(api: Api, database: Database) -> None:
    survey = await three(api)
    wanted = {"include_identities": True}
    names = [f"respondent.{key}" for key in WHO]

    csv = rows_of(await content_of(api, await exported_now(database, api, survey, format="csv", **wanted)))
    frame = frame_of(await content_of(api, await exported_now(database, api, survey, format="parquet", **wanted)))

    assert [csv[0][name] for name in names] == ["customer-7", "'=Ada Quill", "ada@example.com", "'+441632960961"]
    assert [[row[name] for name in names] for row in csv[1:]] == [[""] * 4] * 2
    assert frame.select(names).rows() == [tuple(WHO.values()), (None,) * 4, (None,) * 4]


async def test_a_survey_that_has_become_stricter_tells_less_of_earlier_responses(api: Api, database: Database) -> None:
    survey = await three(api)

    async def tightened(mode: str) -> list[Json]:
        body = {"confidentiality": mode}
        held = await api.get(f"/v1/surveys/{survey.id}")
        headers = {"If-Match": held.headers["etag"]}
        await api.put(f"/v1/surveys/{survey.id}/confidentiality", body, headers=headers, status=200)
        done = await exported_now(database, api, survey, include_identities=True)
        return lines_of(await content_of(api, done))

    before = await exported_now(database, api, survey)
    pseudonymous = await tightened("pseudonymous")
    told = await fetched(api, before)
    anonymous = await tightened("anonymous")

    assert (told.status_code, told.json()["code"]) == (410, "export_gone")
    assert [line["confidentiality"] for line in pseudonymous] == ["pseudonymous", "pseudonymous", "anonymous"]
    assert ["respondent" in line for line in pseudonymous] == [False] * 3
    assert pseudonymous[0]["respondent_ref"] is not None
    assert [line["confidentiality"] for line in anonymous] == ["anonymous"] * 3
    assert {line[code] for line in anonymous for code in CODES} == {None}


async def test_identities_take_a_scope_of_their_own_to_ask_for_and_to_fetch(api: Api, database: Database) -> None:
    survey = await three(api)
    reader = await with_scopes(api, database, Scope.RESPONSES_READ)
    both = await with_scopes(api, database, Scope.RESPONSES_READ, Scope.IDENTITIES_READ)

    refused = await reader.post(exports_of(survey), {"format": "csv", "include_identities": True})
    done = await exported_now(database, both, survey, format="csv", include_identities=True)

    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert (await fetched(reader, done)).status_code == 403
    assert "ada@example.com" in (await fetched(both, done)).text
    plain = await exported_now(database, reader, survey, format="csv")
    assert (await fetched(reader, plain)).status_code == 200


async def test_a_file_that_holds_an_erased_response_is_gone_with_it(
    api: Api, database: Database, owner_url: str
) -> None:
    survey = await publish(api)
    said: dict[str, Any] = {"answers": {"why": "a very telling Xq7word"}}
    first = await recorded(api, survey)
    earlier = await exported_now(database, api, survey, format="csv")
    erased = await recorded(api, survey, **said)
    forms = [await exported_now(database, api, survey, format=form) for form in ("csv", "ndjson", "parquet", "xlsx")]
    since = await exported_now(database, api, survey, updated_since=earlier["next_updated_since"])
    assert erased in (await fetched(api, since)).text

    assert (await decide(api, survey, erased, "erase")).status_code == 204

    for done in (*forms, since):
        answer = await fetched(api, done)
        assert (answer.status_code, answer.json()["code"]) == (410, "export_gone")
        assert "erased" in answer.json()["detail"]
        shown = (await api.get(done["links"]["self"])).json()
        assert (shown["file"]["state"], shown["file"]["gone_reason"]) == ("gone", "erasure")
        assert shown["next_updated_since"] == done["next_updated_since"]
    # What was exported before it was recorded cannot hold it.
    assert (await fetched(api, earlier)).status_code == 200
    with owner(owner_url) as connection:
        kept = everything(connection)
    assert ("Xq7word" in kept, b"Xq7word".hex() in kept) == (False, False)
    after = await exported_now(database, api, survey, updated_since=forms[1]["next_updated_since"])
    changes = {line["response_id"]: line["change"] for line in lines_of(await content_of(api, after))}
    assert (changes[erased], first in changes) == ("erased", False)


async def test_an_export_that_was_asked_for_before_an_erasure_does_not_hold_what_is_erased(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    kept, erased = await recorded(api, survey), await recorded(api, survey)
    waiting = await ask(api, survey)
    await decide(api, survey, erased, "erase")

    await run_now(database, api, waiting)

    done = (await api.get(waiting["links"]["self"])).json()
    assert [line["response_id"] for line in lines_of(await content_of(api, done))] == [kept]


@pytest.mark.parametrize("verb", ["exclude", "restore"])
async def test_a_decision_leaves_files_as_they_are(verb: str, api: Api, database: Database) -> None:
    survey = await publish(api)
    one = await recorded(api, survey)
    if verb == "restore":
        await decide(api, survey, one, "exclude")
    done = await exported_now(database, api, survey)

    await decide(api, survey, one, verb)

    assert (await fetched(api, done)).status_code == 200
