"""Whoever asks gets what frames hold on them, or is taken out of them; keys rotate."""

import psycopg

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.sampling import customers, drawn, new_frame, put, units_of
from tests.support.subjects import ask


async def test_a_subject_gets_what_frames_hold_on_them_and_is_erased_from_them(
    api: Api, database: Database, owner_url: str
) -> None:
    ada = {
        "ref": "Ada-0001",
        "attributes": {"region": "north"},
        "email": "ada@example.org",
        "name": "Ada Lovelace",
        "phone": "+442079460018",
    }
    frame = await new_frame(api, [ada, *customers(range(3))])
    other = await new_frame(api, [{"ref": "L-77777", "phone": "020 7946 0018"}])
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 4})
    await api.post("/v1/opt-outs", {"items": [{"email": "ada@example.org"}]}, status=200)
    subject = {"email": "Ada@example.org", "phone": "+44 20 7946 0018"}

    export = await ask(api, database, "export", **subject)
    held = (await api.get(f"/v1/subject-requests/{export['id']}/export")).json()["stores"]["frame_unit"]
    assert {row["ref"] for row in held if "ref" in row} == {"Ada-0001", "L-77777"}
    assert [row["contact"]["name"] for row in held if row.get("ref") == "Ada-0001"] == ["Ada Lovelace"]
    assert any(row.get("opted_out_by") == "email" for row in held)
    assert any("asked_at" in row for row in held)

    done = await ask(api, database, "erase", **subject)
    touched = {each["store"]: each["rows"] for each in done["report"]["touched"]}
    assert touched["frame_unit"] == 3  # two units, and that she was asked
    assert [unit["ref"] for unit in await units_of(api, sample) if unit["ref"] == "Ada-0001"] == []
    assert (await api.get(f"/v1/frames/{other}/units")).json()["items"] == []
    with psycopg.connect(owner_url) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM contact_opt_out WHERE organisation_id = %s", (api.organisation.organisation_id,)
        )
        assert kept.fetchone() == (1,)

    await put(api, frame, [ada])
    (again,) = (await api.get(f"/v1/frames/{frame}/units", params={"ref": "Ada-0001"})).json()["items"]
    assert again["opted_out_at"] is not None
