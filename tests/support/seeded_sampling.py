"""Of the seeded organisation: whom it could ask, and whom it asks."""

from collections.abc import Mapping

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.sampling import asked, customers, new_frame, refs_of, upload, work
from tests.support.surveys import PublishedSurvey

CUSTOMER = "C-1001"
"""Whom the examples of the API's document name."""

MAPPING = {
    "columns": [
        {"column": "Customer", "to": "ref"},
        {"column": "Mail", "to": "email"},
        {"column": "Region", "to": "attribute", "key": "region"},
    ]
}
UNITS = b"""Customer,Mail,Region
C-1100,c1100@example.org,north
,nobody@example.org,
,,
1,x,north
2,y,north
"""
RULE = {"reasons": ["moved away"]}


async def sampling(api: Api, database: Database, survey: PublishedSurvey) -> dict[str, str]:
    """Two frames, files that were read and that wait, opt-outs, samples with a refill; ids of one of each."""
    await new_frame(api)
    frame = await new_frame(
        api, [*customers(range(990, 1_020)), *customers([990], ref="Twin"), *customers([991], ref="Other")]
    )
    read = await upload(
        api,
        frame,
        MAPPING,
        b"Customer,Mail,Region\nC-1100,c1100@example.org,north\n,nobody@example.org,\n,,\n1,x,north\n2,y,north\n",
    )
    await work(api, database)
    design = {"kind": "simple", "n": 25, "replacement": RULE, "counts_as_contact": True}
    samples = [await asked(api, frame, design, seed=seed, survey_id=survey.id) for seed in (2, 2)]
    await work(api, database)
    sample = samples[-1]["id"]
    refs = await refs_of(api, sample)
    assert CUSTOMER in refs
    other = next(ref for ref in refs if ref != CUSTOMER)
    body = {"replace": [{"ref": other, "reason": "moved away"}]}
    await api.post(f"/v1/samples/{sample}/refills", body, status=201)
    await api.post("/v1/opt-outs", {"items": [{"email": "gone@example.org"}]}, status=200)
    units = (await api.get(f"/v1/frames/{frame}/units")).json()["items"]
    return {
        "frame_id": frame,
        "unit_id": next(unit["id"] for unit in units if unit["ref"] not in refs),
        "frame_import_id": read.headers["location"].rpartition("/")[2],
        "sample_id": sample,
    }


async def waiting_file(api: Api, ids: Mapping[str, str]) -> dict[str, str]:
    """A file of units that no worker has read yet; the id of its frame."""
    await upload(api, ids["frame_id"], MAPPING, b"Customer,Mail,Region\nC-2000,c2000@example.org,north\n")
    return {"frame_id": ids["frame_id"]}
