"""Analyses of drivers, from the request to the finding, by the real worker."""

import random

import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.drivers import DriversAnalysisOut
from feedback_core.db.session import Database
from feedback_core.drivers.types import DriversOutcome
from tests.support.analyses import Json, ended, made, requested
from tests.support.api import Api
from tests.support.cells import answer, fold
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

HALVES = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
N = 400


def visits(n: int = N, *, seed: int = 3) -> list[Json]:
    """Scores that go with the wait, hardly with the ease; three in four from the north."""
    chance = random.Random(seed)
    items = []
    for i in range(n):
        wait, ease = chance.randint(1, 5), chance.randint(1, 7)
        score = min(10, max(0, round(3 + 1.4 * (wait - 1) + 0.1 * ease + chance.gauss(0, 1))))
        region = "south" if i % 4 == 0 else "north"
        items.append({"attributes": {"region": region}, "answers": {"nps": score, "wait": wait, "ease": ease}})
    return items


@pytest.fixture
async def visited(api: Api) -> PublishedSurvey:
    survey = await publish(api)
    await answer(api, survey.id, visits())
    return survey


def asked(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "drivers", "survey_id": survey.id, "outcome": "nps", **fields}


async def outcome_of(api: Api, body: Json) -> DriversOutcome:
    outcome = TypeAdapter(DriversAnalysisOut).validate_python(await made(api, body)).result
    assert outcome is not None
    return outcome


async def test_the_question_that_moves_the_score_leads(api: Api, visited: PublishedSurvey) -> None:
    run = await made(api, asked(visited))

    outcome = TypeAdapter(DriversAnalysisOut).validate_python(run).result
    assert outcome is not None
    found = outcome.drivers
    assert run["parameters"]["drivers"] == ["wait", "ease"]
    assert (found.n, outcome.selected, outcome.left_out, outcome.weighted) == (N, N, 0, False)
    assert [(each.driver.name, each.driver.feature, each.rank) for each in found.drivers] == [
        ("wait", "waiting_time", 1),
        ("ease", "effort", 2),
    ]
    first = found.drivers[0]
    assert first.slope.estimate == pytest.approx(1.4, abs=0.15)
    assert first.share_interval is not None
    assert first.share_interval.low < first.share < first.share_interval.high
    assert "wait matters most" in run["sentence"]
    assert found.model is not None


async def test_performance_is_that_of_the_kpi_route(api: Api, visited: PublishedSurvey) -> None:
    outcome = await outcome_of(api, asked(visited, intervals=False))

    kpi = (await api.get(f"/v1/kpis/mean/value?survey={visited.id}&question=wait")).json()
    performance = next(each.performance for each in outcome.drivers.drivers if each.driver.name == "wait")
    assert performance is not None
    assert performance.value == pytest.approx(25 * (kpi["value"] - 1))
    assert outcome.drivers.resamples == 0


async def test_excluded_incomplete_and_folded_answers_count_as_they_should(
    api: Api, database: Database, visited: PublishedSurvey
) -> None:
    await answer(api, visited.id, [{"answers": {"nps": 5, "wait": 3}}] * 7)
    await answer(api, visited.id, [{"status": "partial", "answers": {"nps": 5, "wait": 3, "ease": 4}}] * 6)
    listed = (await api.get(f"/v1/surveys/{visited.id}/responses?limit=200")).json()["items"]
    whole = next(each for each in listed if each["answers"].keys() >= {"nps", "wait", "ease"} and each["attributes"])
    await api.post(f"/v1/surveys/{visited.id}/responses/{whole['id']}/exclude", {"reason": "a test"}, status=200)
    await fold(database, api.organisation.organisation_id, visited.id)

    outcome = await outcome_of(api, asked(visited, intervals=False))

    assert (outcome.drivers.n, outcome.selected, outcome.left_out) == (N - 1, N + 6, 7)


async def test_a_selection_is_by_attributes_and_instants(api: Api, visited: PublishedSurvey) -> None:
    early = [{**each, "submitted_at": "2025-01-01T00:00:00Z"} for each in visits(60, seed=9)]
    await answer(api, visited.id, early)

    south = await outcome_of(api, asked(visited, where={"region": ["south"]}, intervals=False))
    first = await outcome_of(api, asked(visited, to="2025-01-02", intervals=False))

    assert south.drivers.n == N // 4 + 15
    assert first.drivers.n == 60


async def test_answers_can_be_weighted_to_the_frame(api: Api, visited: PublishedSurvey) -> None:
    await answer(api, visited.id, [{"answers": {"nps": 5, "wait": 3, "ease": 4}}] * 5)

    outcome = await outcome_of(api, asked(visited, frame=HALVES, intervals=False))

    assert (outcome.weighted, outcome.drivers.n, outcome.left_out) == (True, N, 5)
    assert outcome.drivers.n_effective == pytest.approx(0.75 * N)
    assert outcome.drivers.model is not None
    assert {test.method for test in outcome.drivers.model.driver_tests} == {"wald"}


async def test_rows_of_a_matrix_are_drivers_of_their_own(api: Api) -> None:
    staff = {
        "key": "staff",
        "type": "matrix",
        "text": "How were the staff?",
        "feature": "staff",
        "scale": {"min": 1, "max": 5},
        "rows": [{"key": "polite", "label": "Polite"}, {"key": "quick", "label": "Quick"}],
    }
    survey = await publish(api, questions=[POST_VISIT["questions"][0], staff])
    chance = random.Random(4)
    given = [(chance.randint(1, 5), chance.randint(1, 5), chance.choice([0, 1])) for _ in range(100)]
    await answer(
        api,
        survey.id,
        [
            {"answers": {"nps": 2 * quick - lift, "staff": {"polite": polite, "quick": quick}}}
            for polite, quick, lift in given
        ]
        + [{"answers": {"nps": 4, "staff": {"polite": 3}}}] * 8,
    )

    outcome = await outcome_of(api, asked(survey, features=["staff"], intervals=False))

    assert [(each.driver.name, each.driver.feature) for each in outcome.drivers.drivers] == [
        ("staff.quick", "staff"),
        ("staff.polite", "staff"),
    ]
    assert (outcome.drivers.n, outcome.left_out) == (100, 8)


async def test_the_same_run_has_the_same_intervals_when_it_is_repeated(api: Api, visited: PublishedSurvey) -> None:
    first = await made(api, asked(visited))

    again = await api.post("/v1/analyses", asked(visited, drivers=["wait", "ease"]), status=200)

    assert again.json() == first
    assert isinstance(first["result"]["seed"], int)


async def test_too_few_answers_are_told_without_their_number(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, visits(4))

    run = await ended(api, (await requested(api, asked(survey)))["id"])

    assert (run["status"], run["error"]["code"]) == ("failed", "not_estimable")
    assert "Fewer than 5 answered" in run["error"]["detail"]


async def test_answers_that_are_all_alike_fail_in_words(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, [{"answers": {"nps": i % 11, "wait": 3, "ease": i % 7 + 1}} for i in range(30)])

    run = await ended(api, (await requested(api, asked(survey)))["id"])

    assert run["error"] == {
        "code": "not_estimable",
        "detail": "Everybody gave the same answer to wait, so it cannot explain anything; leave it out.",
    }


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"outcome": "why"}, "/outcome", "unknown_question"),
        ({"drivers": ["wait", "gone"]}, "/drivers/1", "unknown_question"),
        ({"drivers": ["nps"]}, "/drivers/0", "outcome_is_driver"),
        ({"features": ["parking"]}, "/features/0", "unknown_feature"),
        ({"features": ["overall"]}, "/drivers", "no_drivers"),
        ({"where": {"age": ["old"]}}, "/where", "unknown_attribute"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "/to", "empty_period"),
        (
            {"frame": {"margins": {"region": {"north": 0.5, "mars": 0.5}}}},
            "/frame/margins/region/mars",
            "unknown_value",
        ),
        ({"intervals": 0}, "/intervals", "bool_type"),
        ({"method": "guess"}, "/method", "literal_error"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, fields: Json, pointer: str, code: str) -> None:
    survey = await publish(api)

    refused = await api.post("/v1/analyses", asked(survey, **fields), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_answers_can_be_weighted_by_a_stored_scheme(api: Api, visited: PublishedSurvey) -> None:
    scheme = {"name": "Halves", "kind": "raking", "frame": HALVES}
    await api.put(f"/v1/surveys/{visited.id}/weighting-schemes/halves", scheme, status=201)

    by_frame = await outcome_of(api, asked(visited, frame=HALVES, intervals=False))
    by_scheme = await outcome_of(api, asked(visited, weighting="halves", intervals=False))
    north = await outcome_of(api, asked(visited, weighting="halves", intervals=False, where={"region": ["north"]}))

    assert (by_scheme.weighted, by_scheme.weighting, by_scheme.weighting_version) == (True, "halves", 1)
    assert [each.share for each in by_scheme.drivers.drivers] == pytest.approx(
        [each.share for each in by_frame.drivers.drivers]
    )
    # Its weights are those of everybody, so that a part of them can be asked for.
    assert north.drivers.n == 300
    kpi = (await api.get(f"/v1/kpis/mean/value?survey={visited.id}&question=wait&weighting=halves")).json()
    performance = next(each.performance for each in by_scheme.drivers.drivers if each.driver.name == "wait")
    assert performance is not None
    assert performance.value == pytest.approx(25 * (kpi["value"] - 1))


async def test_a_frame_and_a_scheme_at_once_are_refused(api: Api, visited: PublishedSurvey) -> None:
    both = await api.post("/v1/analyses", asked(visited, frame=HALVES, weighting="halves"), status=422)
    unknown = await api.post("/v1/analyses", asked(visited, weighting="halves"), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in both.json()["errors"]] == [
        ("/weighting", "frame_and_weighting")
    ]
    assert [(fault["pointer"], fault["code"]) for fault in unknown.json()["errors"]] == [
        ("/weighting", "unknown_scheme")
    ]
