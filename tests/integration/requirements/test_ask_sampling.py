"""G4.1 R3.4: random sampling and representative samples, driven through the API with a real worker."""

import asyncio
import time
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.sampling import FINAL, Json, asked, new_frame, units_of, upload

pytestmark = pytest.mark.usefixtures("worker_process")

MAPPING = {
    "columns": [
        {"column": "Customer", "to": "ref"},
        {"column": "Region", "to": "attribute", "key": "region"},
        {"column": "Branch", "to": "attribute", "key": "branch"},
        {"column": "Turnover", "to": "measure", "key": "turnover"},
        {"column": "Mail", "to": "email"},
    ]
}
REGIONS = ("north", "north", "north", "south", "west")


async def ended(api: Api, path: str) -> Json:
    deadline = time.monotonic() + 60
    while True:
        found: Json = (await api.get(path)).json()
        if found["status"] in FINAL:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def drawn(api: Api, frame: str, design: Json, **fields: Any) -> Json:
    requested = await asked(api, frame, {"counts_as_contact": False, **design}, **fields)
    found = await ended(api, f"/v1/samples/{requested['id']}")
    assert found["status"] == "succeeded", found
    return found


async def test_G4_1_R3_4_a_frame_is_loaded_deduplicated_sized_and_drawn_from_by_every_design(api: Api) -> None:
    lines = ["Customer,Region,Branch,Turnover,Mail"]
    lines += [f"C-{i},{REGIONS[i % 5]},b{i // 20},{i % 40 + 1},c{i}@example.org" for i in range(1_000)]
    lines += [f"D-{i},{REGIONS[i % 5]},b{i // 20},1,C{i}@Example.org" for i in range(50)]
    frame = await new_frame(api)
    answer = await upload(api, frame, MAPPING, "\n".join(lines).encode())
    done = await ended(api, answer.headers["location"])
    assert (done["status"], done["rows_added"]) == ("succeeded", 1_050)

    goal = {"goal": {"kind": "proportion", "proportion": 0.5, "margin": 0.1}, "population": 1_000}
    size = (await api.post("/v1/sample-size", goal, status=200)).json()["answers"]
    regions = [{"values": {"region": region}} for region in ("north", "south", "west")]
    spread = [{**stratum, "standard_deviation": sd} for stratum, sd in zip(regions, (30, 55, 60), strict=True)]
    costly = [{**stratum, "unit_cost": cost} for stratum, cost in zip(spread, (1, 4, 9), strict=True)]
    by_region = {"kind": "stratified", "n": size, "strata_by": ["region"]}
    designs = {
        "simple": {"kind": "simple", "n": size},
        "systematic": {"kind": "systematic", "n": size, "sort_by": ["region", "turnover"]},
        "equal": {**by_region, "rule": "equal"},
        "proportional": {**by_region, "rule": "proportional"},
        "neyman": {**by_region, "rule": "neyman", "strata": spread},
        "optimal": {**by_region, "rule": "optimal", "strata": costly},
        "clusters": {"kind": "cluster", "cluster_by": "branch", "clusters": 5},
        "two_stages": {"kind": "cluster", "cluster_by": "branch", "clusters": 10, "take": 8},
        "by_size": {"kind": "proportional_to_size", "n": size, "size": "turnover"},
    }
    samples = {name: await drawn(api, frame, design) for name, design in designs.items()}

    duplicates = (await api.get(f"/v1/frames/{frame}")).json()["counts"]["duplicates"]
    assert duplicates == 50
    assert 80 < size < 100
    for name, sample in samples.items():
        units = await units_of(api, sample)
        outcome = sample["outcome"]
        assert (outcome["coverage"]["people"], outcome["drawn"], len({unit["unit_id"] for unit in units})) == (
            1_000,
            len(units),
            len(units),
        ), name
        assert all(0 < unit["inclusion_probability"] <= 1 for unit in units), name
        again = await drawn(api, frame, designs[name], seed=sample["seed"])
        redrawn = await units_of(api, again)
        assert [unit["unit_id"] for unit in redrawn] == [unit["unit_id"] for unit in units], name
        assert [unit["inclusion_probability"] for unit in redrawn] == [unit["inclusion_probability"] for unit in units]
    sizes = {
        name: [stratum["drawn"] for stratum in samples[name]["outcome"]["strata"]]
        for name in ("equal", "proportional", "neyman", "optimal")
    }
    assert {sum(drawn) for drawn in sizes.values()} == {size}
    assert max(sizes["equal"]) - min(sizes["equal"]) <= 1
    assert sizes["proportional"][0] == pytest.approx(size * 0.6, abs=1)
    assert sizes["neyman"][0] < sizes["proportional"][0]
    assert sizes["optimal"][2] < sizes["neyman"][2]
    assert len(await units_of(api, samples["clusters"])) == 100
    assert len(await units_of(api, samples["two_stages"])) == 80
