"""Samples: each design through the API and the worker, coordination, refills, and what cannot be drawn."""

import asyncio
from collections import Counter

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.sampling import asked, customers, drawn, ended, new_frame, put, refs_of, units_of

QUIET = {"counts_as_contact": False}
STRATIFIED = {"kind": "stratified", "strata_by": ["region"], **QUIET}


@pytest.fixture
async def frame(api: Api) -> str:
    """300 customers of 30 branches, 100 of them in the south."""
    return await new_frame(api, customers(range(300)))


async def test_the_same_seed_draws_the_same_and_another_one_others(api: Api, database: Database, frame: str) -> None:
    design = {"kind": "simple", "n": 50, **QUIET}
    first, again, other = [await drawn(api, database, frame, design, seed=seed) for seed in (5, 5, 6)]
    refs = [await refs_of(api, sample) for sample in (first, again, other)]
    assert refs[0] == refs[1] != refs[2]
    assert len(set(refs[0])) == 50


async def test_another_frame_with_the_same_seed_and_refs_draws_the_same(
    api: Api, database: Database, frame: str
) -> None:
    twin = await new_frame(api, list(reversed(customers(range(300)))))
    design = {"kind": "simple", "n": 50, **QUIET}
    first, second = [await drawn(api, database, each, design, seed=5) for each in (frame, twin)]
    assert await refs_of(api, first) == await refs_of(api, second)


async def test_coordinated_samples_share_what_is_asked_for(api: Api, database: Database, frame: str) -> None:
    design = {**STRATIFIED, "n": 60, "rule": "proportional"}
    first = await drawn(api, database, frame, design)
    shares = {}
    for overlap in (1, 0.75, 0):
        together = {"sample_id": first["id"], "overlap": overlap}
        later = await drawn(api, database, frame, {**design, "coordination": together})
        shared = set(await refs_of(api, first)) & set(await refs_of(api, later))
        assert later["outcome"]["overlap"] == len(shared)
        shares[overlap] = len(shared)
    assert shares == {1: 60, 0.75: 45, 0: 0}


async def test_only_samples_of_one_kind_frame_and_strata_are_coordinated(
    api: Api, database: Database, frame: str
) -> None:
    other = await new_frame(api, customers(range(20)))
    simple = await drawn(api, database, frame, {"kind": "simple", "n": 5, **QUIET})
    together = {"coordination": {"sample_id": simple["id"], "overlap": 0}}
    elsewhere = await asked(api, other, {"kind": "simple", "n": 5, **together}, status=422)
    otherwise = await asked(api, frame, {**STRATIFIED, "n": 9, "rule": "equal", **together}, status=422)
    assert elsewhere["errors"][0]["code"] == "other_frame"
    assert otherwise["errors"][0]["code"] == "other_strata"


async def test_systematic_samples_follow_the_order_of_the_list(api: Api, database: Database, frame: str) -> None:
    sample = await drawn(
        api, database, frame, {"kind": "systematic", "n": 30, "sort_by": ["branch", "turnover"], **QUIET}
    )
    units = await units_of(api, sample)
    branches = Counter(int(unit["ref"][2:]) // 10 for unit in units)
    assert branches == dict.fromkeys(range(30), 1)
    assert {unit["inclusion_probability"] for unit in units} == {0.1}


async def test_whole_clusters_and_two_stages_tell_the_probability_of_both(
    api: Api, database: Database, frame: str
) -> None:
    whole = await drawn(api, database, frame, {"kind": "cluster", "cluster_by": "branch", "clusters": 6, **QUIET})
    units = await units_of(api, whole)
    assert whole["outcome"]["clusters"] == {"drawn": 6, "population": 30}
    assert Counter(unit["cluster"] for unit in units) == dict.fromkeys({unit["cluster"] for unit in units}, 10)
    assert {unit["inclusion_probability"] for unit in units} == {6 / 30}

    two = await drawn(
        api, database, frame, {"kind": "cluster", "cluster_by": "branch", "clusters": 6, "take": 4, **QUIET}
    )
    units = await units_of(api, two)
    assert len(units) == 24
    assert {(unit["cluster_probability"], unit["inclusion_probability"]) for unit in units} == {(0.2, 0.2 * 0.4)}

    after = {"coordination": {"sample_id": two["id"], "overlap": 0}}
    apart = await drawn(
        api, database, frame, {"kind": "cluster", "cluster_by": "branch", "clusters": 6, "take": 4, **after, **QUIET}
    )
    others = {unit["cluster"] for unit in await units_of(api, apart)}
    assert not others & {unit["cluster"] for unit in units}


async def test_probabilities_by_size_add_up_and_sizes_of_nothing_are_told(
    api: Api, database: Database, frame: str
) -> None:
    design = {"kind": "proportional_to_size", "n": 40, "size": "turnover", **QUIET}
    await put(api, frame, [{"ref": "Big", "measures": {"turnover": 1e6}}, {"ref": "None"}, {"ref": "Zero"}])
    refused = await asked(api, frame, design, status=422)
    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [("/design/size", "size_not_positive")]
    sample = await drawn(api, database, frame, {**design, "unsized": "leave_out"})
    units = await units_of(api, sample)
    assert len(units) == 40
    assert {unit["ref"]: unit["inclusion_probability"] for unit in units}["Big"] == 1
    assert (sample["outcome"]["certain"], sample["outcome"]["coverage"]["unsized"]) == (1, 2)


async def test_a_stratum_smaller_than_its_allocation_is_refused_or_taken_whole_and_told(
    api: Api, database: Database, frame: str
) -> None:
    strata = [{"values": {"region": "north"}, "units": 20}, {"values": {"region": "south"}, "units": 150}]
    refused = await asked(api, frame, {**STRATIFIED, "strata": strata}, status=422)
    assert (refused["code"], [(f["pointer"], f["code"]) for f in refused["errors"]]) == (
        "design_impossible",
        [("/design/strata/1/units", "short_of_units")],
    )
    sample = await drawn(api, database, frame, {**STRATIFIED, "strata": strata, "short": "take_all"})
    north, south = sample["outcome"]["strata"]
    assert (north["drawn"], south["drawn"], south["shortfall"]) == (20, 100, 50)
    assert any("50 fewer" in warning for warning in sample["outcome"]["warnings"])


async def test_whole_clusters_that_are_very_unequal_are_told(api: Api, database: Database, frame: str) -> None:
    units = customers(range(60))
    for unit in units[12:]:
        unit["attributes"]["branch"] = "big"
    unequal = await new_frame(api, units)
    design = {"kind": "cluster", "cluster_by": "branch", "clusters": 3, **QUIET}
    for where, told in ((unequal, True), (frame, False)):
        sample = await drawn(api, database, where, design)
        assert any("very unequal" in warning for warning in sample["outcome"]["warnings"]) is told
    by_size = await drawn(api, database, unequal, {**design, "take": 2})
    assert not any("very unequal" in warning for warning in by_size["outcome"]["warnings"])


async def test_an_unknown_stratum_is_told(api: Api, database: Database, frame: str) -> None:
    strata = [{"values": {"region": region}, "units": 5} for region in ("north", "west")]
    refused = await asked(api, frame, {**STRATIFIED, "strata": strata}, status=422)
    assert [(f["pointer"], f["code"]) for f in refused["errors"]] == [
        ("/design/strata/1/values", "unknown_stratum"),
        ("/design/strata", "stratum_not_named"),
    ]


async def test_only_a_part_of_the_frame_is_drawn_from_if_that_is_asked_for(
    api: Api, database: Database, frame: str
) -> None:
    await put(api, frame, [{"ref": "Silent", "attributes": {"region": "south"}}])
    design = {"kind": "simple", "n": 30, "where": {"region": ["south"]}, "reachable_by": "email", **QUIET}
    sample = await drawn(api, database, frame, design)
    coverage = sample["outcome"]["coverage"]
    assert (coverage["people"], coverage["unreachable"], coverage["eligible"]) == (101, 1, 100)
    assert all(int(ref[2:]) % 3 == 0 for ref in await refs_of(api, sample))


async def test_refills_come_from_the_frame_by_the_rule_and_probabilities_follow(
    api: Api, database: Database, frame: str
) -> None:
    rule = {"reasons": ["moved away", "too few answer"], "most_share": 0.2}
    design = {**STRATIFIED, "n": 30, "rule": "proportional", "replacement": rule}
    sample = await drawn(api, database, frame, design)
    larger = await drawn(
        api, database, frame, {**STRATIFIED, "strata": [
            {"values": {"region": "north"}, "units": 22}, {"values": {"region": "south"}, "units": 12}
        ]}, seed=sample["seed"],
    )  # fmt: skip
    path = f"/v1/samples/{sample['id']}/refills"
    units = await units_of(api, sample)
    leaving = [next(unit["ref"] for unit in units if unit["stratum"] == stratum) for stratum in (0, 1)]
    body = {
        "replace": [{"ref": ref, "reason": "moved away"} for ref in leaving],
        "more": [{"values": {"region": region}, "units": 1} for region in ("north", "south")],
        "reason": "too few answer",
    }
    filled = (await api.post(path, body, status=201, headers={"Idempotency-Key": "once"})).json()
    replayed = (await api.post(path, body, status=201, headers={"Idempotency-Key": "once"})).json()

    now = await units_of(api, sample)
    assert replayed == filled
    assert filled["release"]["units"] == [unit["unit_id"] for unit in now if unit["release"] == 1]
    assert [unit["ref"] for unit in now if unit["replaced_for"]] == leaving
    # Who came in is who would have been drawn in a larger sample, and everybody has its probability.
    assert {unit["ref"] for unit in now} == set(await refs_of(api, larger))
    assert {unit["inclusion_probability"] for unit in now} == {22 / 200, 12 / 100}
    detail = (await api.get(f"/v1/samples/{sample['id']}")).json()
    assert (detail["outcome"]["drawn"], detail["outcome"]["drawn_at_first"]) == (34, 30)
    assert [release["number"] for release in detail["releases"]] == [1]

    beyond = {"more": [{"values": {"region": "north"}, "units": 3}], "reason": "too few answer"}
    assert (await api.post(path, beyond, status=409)).json()["code"] == "replacement_not_allowed"
    why = {"replace": [{"ref": units[5]["ref"], "reason": "did not like them"}]}
    assert (await api.post(path, why, status=409)).json()["code"] == "replacement_not_allowed"
    twice = {"replace": [{"ref": leaving[0], "reason": "moved away"}, {"ref": "C-x", "reason": "moved away"}]}
    faults = (await api.post(path, twice, status=422)).json()["errors"]
    assert [(fault["pointer"], fault["code"]) for fault in faults] == [
        ("/replace/0/ref", "named_twice"),
        ("/replace/1/ref", "unknown_unit"),
    ]


async def test_a_frame_with_nobody_left_refills_nothing(api: Api, database: Database) -> None:
    frame = await new_frame(api, customers(range(10)))
    sample = await drawn(
        api, database, frame, {"kind": "simple", "n": 9, "replacement": {"reasons": ["gone"]}, **QUIET}
    )
    path, gone = f"/v1/samples/{sample['id']}/refills", await refs_of(api, sample)
    body = {"replace": [{"ref": ref, "reason": "gone"} for ref in gone[:2]]}
    assert (await api.post(path, body, status=422)).json()["code"] == "reserve_exhausted"
    await api.post(path, {"replace": body["replace"][:1]}, status=201)
    assert len(set(await refs_of(api, sample))) == 10


async def test_refills_at_the_same_time_take_nobody_twice(api: Api, database: Database, frame: str) -> None:
    design = {"kind": "simple", "n": 20, "replacement": {"reasons": ["gone"]}, **QUIET}
    sample = await drawn(api, database, frame, design)
    path = f"/v1/samples/{sample['id']}/refills"
    bodies = [{"more": [{"units": 2}], "reason": "gone"} for _ in range(6)]
    await asyncio.gather(*(api.post(path, body, status=201) for body in bodies))
    units = await units_of(api, sample)
    assert [unit["position"] for unit in units] == list(range(32))
    assert len({unit["unit_id"] for unit in units}) == 32
    assert {unit["inclusion_probability"] for unit in units} == {32 / 300}


async def test_units_come_as_csv_too_and_only_once_the_sample_is_drawn(
    api: Api, database: Database, frame: str
) -> None:
    requested = await asked(api, frame, {"kind": "simple", "n": 2, **QUIET})
    path = f"/v1/samples/{requested['id']}"
    early = await api.get(f"{path}/units", status=None)
    assert early.status_code in {200, 409}
    await ended(api, database, path)
    lines = (await api.get(f"{path}/units", headers={"Accept": "text/csv"})).text.splitlines()
    assert lines[0].startswith("position,unit_id,ref,stratum,cluster,inclusion_probability,weight")
    assert len(lines) == 3
    listed = (await api.get("/v1/samples", params={"frame_id": frame})).json()["items"]
    assert [each["id"] for each in listed] == [requested["id"]]


async def test_a_design_that_the_frame_cannot_give_any_more_fails_with_why(api: Api, database: Database) -> None:
    frame = await new_frame(api, [{"ref": ref, "email": "one@example.org"} for ref in "AB"])
    requested = await asked(api, frame, {"kind": "simple", "n": 2})
    found = await ended(api, database, f"/v1/samples/{requested['id']}")
    assert (found["status"], found["error"]["code"]) == ("failed", "design_impossible")
    units = await api.get(f"/v1/samples/{requested['id']}/units", status=409)
    assert units.json()["code"] == "sample_not_drawn"
