"""Frames: units in batches and from files, duplicates, opt-outs, contact rules, retention."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from feedback_core.sampling.use_cases.frames import request_due_emptying
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.sampling import Json, asked, customers, drawn, ended, new_frame, put, refs_of, units_of, upload, work

MAPPING = {
    "columns": [
        {"column": "Customer", "to": "ref"},
        {"column": "Region", "to": "attribute", "key": "region", "values": {"N": "north"}},
        {"column": "Turnover", "to": "measure", "key": "turnover", "blank": ["n/a"]},
        {"column": "First", "to": "name"},
        {"column": "Last", "to": "name"},
        {"column": "Mail", "to": "email"},
    ]
}


async def settled(api: Api, database: Database, frame: str) -> Json:
    await work(api, database)
    found: Json = (await api.get(f"/v1/frames/{frame}")).json()
    assert found["settled"]
    return found


async def test_units_of_a_batch_are_added_replaced_and_refused_one_by_one(api: Api, database: Database) -> None:
    frame = await new_frame(api, customers([1]))
    batch: list[Json] = [
        {"ref": "C-1", "attributes": {"region": "south"}},
        {"ref": "C-2"},
        {"ref": "C-3", "attributes": {"colour": "red"}, "measures": {"height": 1.0}},
        {"ref": "C-4", "email": "nobody", "phone": "12"},
    ]
    found = await put(api, frame, batch)
    assert [each["outcome"] for each in found["results"]] == ["replaced", "added", "rejected", "rejected"]
    assert [(fault["pointer"], fault["code"]) for each in found["results"] for fault in each["errors"]] == [
        ("/units/2/attributes/colour", "unknown_attribute"),
        ("/units/2/measures/height", "unknown_measure"),
        ("/units/3/email", "unusable_contact"),
        ("/units/3/phone", "unusable_contact"),
    ]
    (first, _) = (await api.get(f"/v1/frames/{frame}/units")).json()["items"]
    assert (first["attributes"], first["measures"], first["has_email"]) == ({"region": "south"}, {}, False)


async def test_contacts_are_encrypted_and_shown_only_with_the_scope_for_identities(
    api: Api, database: Database, owner_url: str
) -> None:
    frame = await new_frame(api, [{"ref": "C-1", "name": "Ada Lovelace", "email": "ada@example.org"}])
    with psycopg.connect(owner_url) as connection:
        (row,) = connection.execute("SELECT u::text FROM frame_unit u WHERE frame_id = %s", (frame,)).fetchall()
    assert "ada@example" not in row[0]
    assert "Lovelace" not in row[0]

    path = f"/v1/frames/{frame}/units"
    assert (await api.get(path)).json()["items"][0]["contact"] is None
    (shown,) = (await api.get(path, params={"contacts": True})).json()["items"]
    assert shown["contact"] == {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "phone": None,
        "postcode": None,
    }
    body = {"name": "Sampler", "scopes": [Scope.SAMPLING_READ]}
    token = (await api.post("/v1/api-keys", body, status=201)).json()["api_key"]
    other = Api(api.client, TestOrganisation(api.organisation.organisation_id, token))
    await other.get(path, status=200)
    assert (await other.get(path, params={"contacts": True}, status=403)).json()["code"] == "missing_scope"


async def test_a_file_is_put_into_a_frame_with_its_faults_listed_and_nothing_of_it_left(
    api: Api, database: Database, owner_url: str
) -> None:
    frame = await new_frame(api)
    content = (
        b"Customer,Region,Turnover,First,Last,Mail\n"
        b"C-1,N,10.5,Ada,Lovelace,ada@example.org\n"
        b"C-2,south,many,Bo,,bo@example.org\n"
        b",N,1,,,x@example.org\n"
        b"C-3,N,n/a,,,not an address\n"
        b"C-1,south,11,Ada,King,ada@example.org\n"
        b"C-4,N,1,x\n"
    )
    answer = await upload(api, frame, MAPPING, content, key="once")
    again = await upload(api, frame, MAPPING, content, key="once", status=200)
    done = await ended(api, database, answer.headers["location"])
    counts = {name: done[f"rows_{name}"] for name in ("read", "added", "updated", "rejected")}
    listed = (await api.get(f"{answer.headers['location']}/faults")).json()["items"]
    (unit,) = (await api.get(f"/v1/frames/{frame}/units", params={"contacts": True})).json()["items"]
    with psycopg.connect(owner_url) as connection:
        left = connection.execute("SELECT count(*) FROM frame_import_chunk WHERE import_id = %s", (done["id"],))
        assert left.fetchone() == (0,)

    assert again.json()["id"] == done["id"]
    assert done["status"] == "succeeded"
    assert counts == {"read": 6, "added": 1, "updated": 1, "rejected": 4}
    assert [(fault["line"], fault["column"], fault["code"]) for fault in listed] == [
        (3, "Turnover", "unreadable_number"),
        (4, "ref", "ref_missing"),
        (5, "email", "unusable_contact"),
        (7, None, "ragged_row"),
    ]
    assert (unit["ref"], unit["contact"]["name"], unit["measures"]) == ("C-1", "Ada King", {"turnover": 11.0})


async def test_a_mapping_that_does_not_fit_is_refused_before_the_file_is_taken(api: Api, database: Database) -> None:
    frame = await new_frame(api)
    mapping = {
        "columns": [
            {"column": "Region", "to": "attribute", "key": "country"},
            {"column": 2, "to": "measure"},
            {"column": "Mail", "to": "email", "key": "x"},
        ],
        "sheet": "One",
    }
    problem = (await upload(api, frame, mapping, b"a\n1\n", status=422)).json()
    assert problem["code"] == "mapping_invalid"
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/mapping/columns/0/key", "unknown_attribute"),
        ("/mapping/columns/1/column", "wrong_column_name"),
        ("/mapping/columns/1/key", "key_missing"),
        ("/mapping/columns/2/key", "key_not_expected"),
        ("/mapping/columns", "ref_missing"),
        ("/mapping/sheet", "option_not_of_format"),
    ]


async def test_a_file_of_another_form_fails_with_why(api: Api, database: Database) -> None:
    frame = await new_frame(api)
    answer = await upload(api, frame, MAPPING, b"Kunde,Region\nC-1,N\n")
    done = await ended(api, database, answer.headers["location"])
    assert (done["status"], done["error"]["code"]) == ("failed", "columns_missing")


async def test_who_shares_an_address_a_number_or_name_and_postcode_is_one_person(api: Api, database: Database) -> None:
    frame = await new_frame(
        api,
        [
            {"ref": "A", "email": "ada@example.org", "name": "Ada Lovelace", "postcode": "SW1A 1AA"},
            {"ref": "B", "email": "ADA+shop@example.org"},
            {"ref": "C", "phone": "+44 20 7946 0018", "name": "lovelace, ada", "postcode": "sw1a1aa"},
            {"ref": "D", "phone": "+442079460018"},
            {"ref": "E", "email": "else@example.org"},
        ],
    )
    counts = (await settled(api, database, frame))["counts"]
    listed = (await api.get(f"/v1/frames/{frame}/duplicates")).json()["items"]
    assert counts == {"units": 5, "duplicates": 3, "opted_out": 0, "with_email": 2, "with_phone": 0}
    assert [(each["ref"], each["repeats_ref"], each["shares"]) for each in listed] == [
        ("B", "A", ["email"]),
        ("C", "A", ["phone", "name_postcode"]),
        ("D", "A", ["phone"]),
    ]
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 2})
    assert sorted(await refs_of(api, sample)) == ["A", "E"]


async def test_households_that_share_a_number_are_not_one_where_the_frame_says_so(api: Api, database: Database) -> None:
    units = [{"ref": ref, "phone": "+442079460018", "email": f"{ref}@example.org"} for ref in "AB"]
    frame = await new_frame(api, units, deduplicate_by=["email"])
    assert (await settled(api, database, frame))["counts"]["duplicates"] == 0


async def test_a_unit_that_is_deleted_stands_for_nobody_any_more(api: Api, database: Database) -> None:
    units = [{"ref": ref, "email": "ada@example.org"} for ref in "AB"]
    frame = await new_frame(api, units)
    await settled(api, database, frame)
    (first, _) = (await api.get(f"/v1/frames/{frame}/units")).json()["items"]
    await api.call("DELETE", f"/v1/frames/{frame}/units/{first['id']}", status=204)
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 1})
    assert await refs_of(api, sample) == ["B"]


async def test_who_opted_out_is_never_drawn_and_counts_as_not_covered(api: Api, database: Database) -> None:
    frame = await new_frame(api, customers(range(10)))
    body = {"items": [{"email": "C1@example.org"}, {"ref": "C-2"}, {"email": "later@example.org"}]}
    noted = (await api.post("/v1/opt-outs", body, status=200)).json()["items"]
    await put(api, frame, [{"ref": "C-10", "email": "later@example.org"}])
    await put(api, frame, customers([1]))  # what comes in again is still opted out

    coverage = (await api.get(f"/v1/frames/{frame}/coverage", params={"by": "region"})).json()
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 8})

    assert [each["units"] for each in noted] == [1, 1, 0]
    by_region = {item["value"]: item["coverage"] for item in coverage["items"]}
    assert (by_region["north"]["people"], by_region["north"]["opted_out"]) == (6, 2)
    assert by_region[None]["eligible"] == 0
    assert sample["outcome"]["coverage"]["opted_out"] == 3
    assert not {"C-1", "C-2", "C-10"} & set(await refs_of(api, sample))

    back = {"items": [{"email": "c1@example.org", "opted_out": False}]}
    assert (await api.post("/v1/opt-outs", back, status=200)).json()["items"] == [{"opted_out": False, "units": 1}]
    (unit,) = (await api.get(f"/v1/frames/{frame}/units", params={"ref": "C-1"})).json()["items"]
    assert unit["opted_out_at"] is None


async def test_one_opt_out_that_is_withdrawn_leaves_the_other(api: Api, database: Database) -> None:
    frame = await new_frame(api, customers([1]))
    await api.post("/v1/opt-outs", {"items": [{"ref": "C-1"}, {"email": "c1@example.org"}]}, status=200)
    await api.post("/v1/opt-outs", {"items": [{"email": "c1@example.org", "opted_out": False}]}, status=200)
    (unit,) = (await api.get(f"/v1/frames/{frame}/units")).json()["items"]
    assert unit["opted_out_at"] is not None


async def test_what_bars_one_unit_of_a_person_bars_the_one_that_stands_for_them(api: Api, database: Database) -> None:
    units = [
        {"ref": "A", "email": "a@example.org", "phone": "+442079460018"},
        {"ref": "B", "email": "b@example.org", "phone": "+442079460018"},
        {"ref": "E", "email": "e@example.org"},
    ]
    frame = await new_frame(api, units)
    await api.post("/v1/opt-outs", {"items": [{"email": "b@example.org"}]}, status=200)
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 1})
    assert await refs_of(api, sample) == ["E"]
    refused = await asked(api, frame, {"kind": "simple", "n": 2}, status=422)
    assert refused["errors"][0]["code"] == "short_of_units"


async def test_who_was_asked_rests_by_the_rule_of_the_frame_and_counts_as_not_covered(
    api: Api, database: Database
) -> None:
    rule = {"rest_days": 30, "most": 2, "within_days": 365}
    frame = await new_frame(api, customers(range(20)), contact_rule=rule)
    now = datetime.now(UTC)
    elsewhere = [("C-0", 5), ("C-1", 40), ("C-2", 40), ("C-2", 90), ("C-3", 400), ("C-3", 500)]
    items = [{"ref": ref, "at": (now - timedelta(days=days)).isoformat()} for ref, days in elsewhere]
    await api.post(f"/v1/frames/{frame}/contacts", {"items": items}, status=204)

    first = await drawn(api, database, frame, {"kind": "simple", "n": 10})
    second = await drawn(api, database, frame, {"kind": "simple", "n": 8})
    anyway = await drawn(api, database, frame, {"kind": "simple", "n": 20, "rests": False})

    assert first["outcome"]["coverage"]["resting"] == 2  # C-0 of late, C-2 twice in a year
    assert second["outcome"]["coverage"] | {"share": None} == {
        "people": 20,
        "eligible": 8,
        "share": None,
        "opted_out": 0,
        "resting": 12,
        "unreachable": 0,
        "unsized": 0,
        "unplaced": 0,
    }
    assert not set(await refs_of(api, first)) & set(await refs_of(api, second))
    assert anyway["outcome"]["coverage"]["resting"] == 0


async def test_a_contact_counts_in_every_frame_that_the_person_is_in(api: Api, database: Database) -> None:
    first = await new_frame(api, customers(range(5)))
    second = await new_frame(api, customers(range(5)), contact_rule={"rest_days": 30})
    await drawn(api, database, first, {"kind": "simple", "n": 5})
    refused = await asked(api, second, {"kind": "simple", "n": 1}, status=422)
    assert refused["errors"][0]["code"] == "nobody_to_draw"


async def test_a_frame_whose_time_is_over_keeps_how_samples_were_drawn_and_nobody(
    api: Api, database: Database, owner_url: str
) -> None:
    frame = await new_frame(api, customers(range(10)), keep_days=30)
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 4})
    await api.post(f"/v1/frames/{frame}/empty", status=202)

    await work(api, database)
    assert (await api.get(f"/v1/frames/{frame}")).json()["emptied_at"] is not None
    units = await units_of(api, sample, contacts=True)
    with psycopg.connect(owner_url) as connection:
        query = "SELECT count(*), count(contact), count(email_ref), count(ref) FROM frame_unit WHERE frame_id = %s"
        assert connection.execute(query, (frame,)).fetchone() == (4, 0, 0, 0)
    assert [unit["inclusion_probability"] for unit in units] == [0.4] * 4
    assert {unit["ref"] for unit in units} == {None}
    refused = await api.post(f"/v1/frames/{frame}/units", {"units": customers([1])}, status=409)
    assert refused.json()["code"] == "frame_emptied"
    assert (await asked(api, frame, {"kind": "simple", "n": 1}, status=409))["code"] == "frame_emptied"


async def test_the_schedule_empties_a_frame_once_its_days_are_over(
    api: Api, database: Database, owner_url: str
) -> None:
    frame = await new_frame(api, customers(range(3)), keep_days=1)
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE sampling_frame SET keep_until = now() WHERE id = %s", (frame,))

    async with database.system() as system:
        assert await request_due_emptying(system, now=datetime.now(UTC)) >= 1
    await work(api, database)
    assert (await api.get(f"/v1/frames/{frame}")).json()["emptied_at"] is not None
    assert (await api.get(f"/v1/frames/{frame}")).json()["counts"]["units"] == 0


async def test_a_frame_is_changed_by_who_has_read_it_and_only_gains_keys(api: Api, database: Database) -> None:
    frame = await new_frame(api)
    path = f"/v1/frames/{frame}"
    body = {"name": "Clients", "attributes": ["region", "branch", "tier"], "measures": ["turnover"]}
    await api.put(path, body, status=428)
    changed = await api.put(path, body, headers={"If-Match": '"1"'}, status=200)
    assert (changed.json()["name"], changed.headers["etag"]) == ("Clients", '"2"')
    await api.put(path, body, headers={"If-Match": '"1"'}, status=412)
    fewer = await api.put(path, {"name": "Clients"}, headers={"If-Match": '"2"'}, status=422)
    assert [fault["pointer"] for fault in fewer.json()["errors"]] == ["/attributes"] * 3 + ["/measures"]


async def test_a_frame_from_which_a_sample_was_drawn_is_not_deleted(api: Api, database: Database) -> None:
    frame, other = await new_frame(api, customers(range(5))), await new_frame(api, customers(range(5)))
    await drawn(api, database, frame, {"kind": "simple", "n": 1})
    refused = await api.call("DELETE", f"/v1/frames/{frame}", status=409)
    assert refused.json()["code"] == "frame_in_use"
    await api.call("DELETE", f"/v1/frames/{other}", status=204)
    await api.get(f"/v1/frames/{other}", status=404)


@pytest.mark.parametrize(
    ("contradicting", "fault"),
    [
        ({"attributes": ["a", "a"]}, ("/attributes/1", "named_twice")),
        ({"attributes": ["a"], "measures": ["a"]}, ("/measures/0", "named_twice")),
        ({"contact_rule": {"most": 2}}, ("/contact_rule", "incomplete_rule")),
    ],
)
async def test_settings_that_contradict_themselves_are_told_where(
    api: Api, database: Database, contradicting: dict[str, object], fault: tuple[str, str]
) -> None:
    problem = (await api.post("/v1/frames", {"name": "X", **contradicting}, status=422)).json()
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [fault]


async def test_an_opt_out_names_somebody_once(api: Api, database: Database) -> None:
    items = [{"email": "a@example.org", "ref": "A"}, {}, {"phone": "12"}]
    problem = (await api.post("/v1/opt-outs", {"items": items}, status=422)).json()
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [
        ("/items/0", "not_named_once"),
        ("/items/1", "not_named_once"),
        ("/items/2/phone", "unusable_contact"),
    ]
