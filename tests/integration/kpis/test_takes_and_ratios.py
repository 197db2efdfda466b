"""One response of each respondent, and ratios of two numbers, are counted without reading all responses: exactly."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.kpis.calc.cell_counts import answers_by_cell, unpack
from feedback_core.kpis.calc.tally import tally_by_group
from feedback_core.kpis.queries.cells import read_cells
from feedback_core.kpis.queries.counts import read_counts
from feedback_core.kpis.types import Bucket, PairSums, Standing, Take
from feedback_core.kpis.use_cases import KpiQuestion, period_of, settle
from feedback_core.kpis.use_cases.asking import Asked, query_of
from tests.support.api import Api
from tests.support.cells import answer, fold, fold_all
from tests.support.organisations import new_organisation
from tests.support.surveys import Json, publish

ZONE = ZoneInfo("Europe/London")
QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "Recommend?"},
    {"key": "refunds", "type": "number", "text": "Refunds?"},
    {"key": "orders", "type": "number", "text": "Orders?"},
]
NPS: Json = {"name": "NPS", "unit": "points", "measure": "nps", "question_types": ["nps"], "question": "nps"}
RATIO: Json = {
    "name": "Refunds per order",
    "unit": "refunds",
    "measure": "ratio",
    "question_types": ["number"],
    "question": "refunds",
    "denominator": "orders",
}
COUNT: Json = {"name": "Respondents", "unit": "people", "measure": "count", "question_types": []}
DEFINITIONS: Mapping[str, Json] = {
    "nps_latest": {**NPS, "take": "latest"},
    "nps_first": {**NPS, "take": "first", "counts_partials": True},
    "people": {**COUNT, "take": "latest"},
    "rate": RATIO,
    "rate_latest": {**RATIO, "take": "latest", "counts_partials": True},
}
INSTANTS = [
    "2026-03-28T23:30:00Z",
    "2026-03-29T00:30:00Z",
    "2026-03-29T23:30:00Z",
    "2025-10-26T00:30:00Z",
    "2024-02-29T12:00:00Z",
]
Period = tuple[str | None, str | None]
# Open, whole days of the organisation, days cut at both ends, and a time that ends where another begins.
PERIODS: list[Period] = [
    (None, None),
    ("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"),
    ("2025-10-26T00:20:00Z", "2026-03-29T00:30:00Z"),
    (None, "2026-03-29T00:30:00Z"),
    ("2025-01-01T00:00:00Z", None),
]
RESPONSE = st.fixed_dictionaries(
    {
        "answers": st.fixed_dictionaries(
            {},
            optional={
                "nps": st.integers(0, 10),
                "refunds": st.sampled_from([0, 0.1, 2.5, 1e9]),
                "orders": st.sampled_from([1, 3, 0.7]),
            },
        ),
        "submitted_at": st.sampled_from(INSTANTS),
        "status": st.sampled_from(["complete", "complete", "partial", "screened_out"]),
    },
    optional={
        "respondent": st.fixed_dictionaries({"id": st.sampled_from(["ann", "ben", "cyd"])}),
        "attributes": st.fixed_dictionaries({"region": st.sampled_from(["north", "south"])}),
    },
)
STEP = st.one_of(
    st.tuples(st.just("answer"), st.lists(RESPONSE, min_size=1, max_size=5)),
    st.tuples(st.sampled_from(["exclude", "restore", "erase"]), st.integers(0, 11)),
    st.tuples(st.just("fold"), st.integers(1, 4)),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A response as it stands."""

    id: UUID
    respondent: bytes | None
    at: datetime
    standing: Standing
    answers: Mapping[str, Any]
    unanswered: tuple[str, ...]
    region: str | None


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    rounds=st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=4),
    defined_after=st.integers(0, 3),
    periods=st.lists(st.sampled_from(PERIODS), min_size=1, max_size=2, unique=True),
)
async def test_takes_and_ratios_equal_a_recount_after_anything(
    rounds: list[list[tuple[str, Any]]], defined_after: int, periods: list[Period], app: FastAPI, database: Database
) -> None:
    organisation = await new_organisation(database, time_zone="Europe/London")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        api = Api(client, organisation)
        survey = await publish(api, questions=QUESTIONS, confidentiality="pseudonymous")
        known: list[str] = []
        for number, steps in enumerate(rounds):
            if number == min(defined_after, len(rounds) - 1):
                await _define(api)
            outcomes = await asyncio.gather(*(_take(api, database, survey.id, step, known) for step in steps))
            known += [identifier for found in outcomes for identifier in found]
        await _hold_to_a_recount(database, organisation.organisation_id, survey.id, periods)
        await fold_all(database, organisation.organisation_id, survey.id)
        await _hold_to_a_recount(database, organisation.organisation_id, survey.id, periods)
        assert await _missing_of_repeated(database, organisation.organisation_id) == set()


@pytest.mark.parametrize("most", [1, 100])
async def test_a_ratio_defined_later_is_exact_while_its_past_is_folded(api: Api, database: Database, most: int) -> None:
    survey = await publish(api, questions=QUESTIONS)
    organisation_id = api.organisation.organisation_id
    for number in range(6):
        await answer(api, survey.id, [{"answers": {"refunds": number, "orders": 2 * number + 1}}] * 2)
    await fold_all(database, organisation_id, survey.id)
    assert await _sums(database, organisation_id) == 0

    await api.put("/v1/kpis/rate", RATIO, status=201)
    read = []
    for _ in range(8):
        read.append((await api.get(f"/v1/kpis/rate/value?survey={survey.id}")).json())
        await fold(database, organisation_id, survey.id, most=most)
    await fold_all(database, organisation_id, survey.id)
    read.append((await api.get(f"/v1/kpis/rate/value?survey={survey.id}")).json())

    assert (read[0]["value"], read[0]["answered"], read[0]["counts"]) == (30 / 72, 12, {})
    assert all(one == read[0] for one in read)
    assert await _sums(database, organisation_id) > 0


async def test_the_sums_of_a_ratio_that_is_defined_otherwise_are_forgotten(api: Api, database: Database) -> None:
    survey = await publish(api, questions=QUESTIONS)
    organisation_id = api.organisation.organisation_id
    await api.put("/v1/kpis/rate", RATIO, status=201)
    await answer(api, survey.id, [{"answers": {"refunds": 1, "orders": 2}}] * 10)
    await fold_all(database, organisation_id, survey.id)
    assert await _sums(database, organisation_id) > 0

    turned = {**RATIO, "question": "orders", "denominator": "refunds"}
    await api.put("/v1/kpis/rate", turned, status=200, headers={"If-Match": '"1"'})
    await fold_all(database, organisation_id, survey.id)

    async with database.tenant(organisation_id) as session:
        kept = await session.execute(text("SELECT DISTINCT question_key, denominator_key FROM ratio_cell"))
        assert [tuple(row) for row in kept] == [("orders", "refunds")]
    assert (await api.get(f"/v1/kpis/rate/value?survey={survey.id}")).json()["value"] == 2.0


async def _define(api: Api) -> None:
    for key, definition in DEFINITIONS.items():
        await api.put(f"/v1/kpis/{key}", definition, status=201)


async def _take(api: Api, database: Database, survey_id: str, step: tuple[str, Any], known: list[str]) -> list[str]:
    verb, what = step
    if verb == "answer":
        outcomes = await answer(api, survey_id, what)
        return [outcome["id"] for outcome in outcomes if outcome["status"] == "recorded"]
    if verb == "fold":
        await fold(database, api.organisation.organisation_id, survey_id, most=what)
    elif known:
        path = f"/v1/surveys/{survey_id}/responses/{known[what % len(known)]}/{verb}"
        decided = await api.post(path, {"reason": "a test"})
        assert decided.status_code < 500, decided.text
    return []


async def _hold_to_a_recount(database: Database, organisation_id: UUID, survey_id: str, periods: list[Period]) -> None:
    async with database.snapshot(organisation_id) as session:
        said = await _everything_said(session, survey_id)
        for key in DEFINITIONS:
            settled = await settle(session, organisation_id, KpiQuestion(key, survey_id))
            for asked in _questions(settled, periods):
                taken = list(_taken(asked, said))
                for by, group_of in (
                    ({}, lambda _: None),
                    ({"by": "region"}, lambda one: one.region),
                    ({"by_bucket": Bucket.MONTH}, lambda one: one.at.astimezone(ZONE).date().replace(day=1)),
                ):
                    rows = await read_counts(session, replace(query_of(asked), **by))
                    found = {
                        group: (_plain(counts.answered), _plain(counts.asked), _paired(counts.pairs))
                        for group, counts in tally_by_group(asked.target, rows).items()
                    }
                    assert found == _recounted(asked, taken, group_of), (key, asked.selection, by)
                if asked.target.definition.measure == "nps" and not asked.selection.where:
                    read = await read_cells(session, query_of(asked))
                    by_cell = answers_by_cell(asked.target, unpack(read, read.columns))
                    in_cells: dict[tuple[Any, str], int] = {
                        (cell.attributes.get("region"), value): n
                        for cell in by_cell
                        for value, n in cell.counts.items()
                    }
                    assert in_cells == _by_region(asked, taken)


def _questions(settled: Asked, periods: list[Period]) -> Iterator[Asked]:
    for start, end in periods:
        period = period_of(settled, _instant(start), _instant(end))
        yield period
        yield replace(period, selection=replace(period.selection, where={"region": ("south",)}))


def _taken(asked: Asked, said: list[Said]) -> Iterator[Said]:
    """The responses of the period, without those in whose place another of the same respondent is taken."""
    definition, selection = asked.target.definition, asked.selection
    within = [
        one
        for one in said
        if (selection.start is None or one.at >= selection.start) and (selection.end is None or one.at < selection.end)
    ]
    kept: dict[bytes, Said] = {}
    for one in sorted(within, key=lambda one: (one.at, one.id), reverse=definition.take is Take.FIRST):
        if one.respondent is not None and one.standing in definition.standings:
            kept[one.respondent] = one
    for one in within:
        counts = one.standing in definition.standings and one.respondent is not None
        is_taken = definition.take is Take.ALL or not counts or kept[one.respondent or b""] is one
        if is_taken and (not selection.where or one.region in selection.where["region"]):
            yield one


def _recounted(asked: Asked, taken: list[Said], group_of: Any) -> dict[Any, Any]:
    groups: dict[Any, list[Said]] = defaultdict(list)
    for one in taken:
        if _was_asked(asked, one):
            groups[group_of(one)].append(one)
    return {group: _counted(asked, ones) for group, ones in groups.items()}


def _was_asked(asked: Asked, one: Said) -> bool:
    definition = asked.target.definition
    if definition.measure == "count":
        return True
    keys = [asked.target.question_key, *([definition.denominator] if definition.denominator else [])]
    return any(key in one.answers or key in one.unanswered for key in keys)


def _counted(asked: Asked, ones: list[Said]) -> tuple[dict[Any, Any], dict[Any, int], dict[Any, PairSums]]:
    answered: dict[Standing, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asked_of: dict[Standing, int] = defaultdict(int)
    pairs: dict[Standing, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    definition = asked.target.definition
    for one in ones:
        asked_of[one.standing] += 1
        if definition.denominator:
            if {asked.target.question_key, definition.denominator} <= one.answers.keys():
                answered[one.standing]["(both)"] += 1
                above, below = one.answers[asked.target.question_key], one.answers[definition.denominator]
                pairs[one.standing].append((Fraction(str(above)), Fraction(str(below))))
        elif definition.measure == "count":
            answered[one.standing][""] += 1
        elif asked.target.question_key in one.answers:
            answered[one.standing][str(one.answers[asked.target.question_key])] += 1
    return _plain(answered), dict(asked_of), _paired({standing: _sum(given) for standing, given in pairs.items()})


def _sum(given: list[tuple[Fraction, Fraction]]) -> PairSums:
    zero = Fraction(0)
    return PairSums(
        len(given),
        sum((y for y, _ in given), zero),
        sum((x for _, x in given), zero),
        sum((y * y for y, _ in given), zero),
        sum((y * x for y, x in given), zero),
        sum((x * x for _, x in given), zero),
    )


def _by_region(asked: Asked, taken: list[Said]) -> dict[tuple[str | None, str], int]:
    counts: dict[tuple[str | None, str], int] = defaultdict(int)
    for one in taken:
        if one.standing in asked.target.definition.standings and "nps" in one.answers:
            counts[one.region, str(one.answers["nps"])] += 1
    return dict(counts)


def _plain(counts: Mapping[Any, Any]) -> dict[Any, Any]:
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in counts.items()}
    return {key: value for key, value in plain.items() if value}


def _paired(sums: Mapping[Standing, PairSums]) -> dict[Standing, PairSums]:
    return {standing: each for standing, each in sums.items() if each.n}


async def _everything_said(session: Any, survey_id: str) -> list[Said]:
    rows = await session.execute(
        text(
            "SELECT r.*, EXISTS (SELECT FROM response_exclusion x WHERE x.organisation_id = r.organisation_id"
            "   AND x.response_id = r.id AND x.restored_at IS NULL) AS flagged"
            "  FROM response r WHERE r.survey_id = :survey_id"
        ),
        {"survey_id": UUID(survey_id)},
    )
    return [
        Said(
            row.id,
            row.respondent_ref and bytes(row.respondent_ref),
            row.submitted_at,
            Standing.FLAGGED if row.flagged else Standing(row.status),
            row.answers,
            tuple(row.unanswered),
            row.attributes.get("region"),
        )
        for row in rows
    ]


def _instant(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


async def _sums(database: Database, organisation_id: UUID) -> int:
    async with database.tenant(organisation_id) as session:
        return int((await session.execute(text("SELECT count(*) FROM ratio_cell"))).scalar_one())


async def _missing_of_repeated(database: Database, organisation_id: UUID) -> set[UUID]:
    """Responses of whoever answered more than once that are not noted."""
    statement = """
        SELECT r.id FROM response r WHERE r.respondent_ref IN (
            SELECT respondent_ref FROM response WHERE respondent_ref IS NOT NULL GROUP BY 1 HAVING count(*) > 1)
        EXCEPT SELECT response_id FROM repeated_response
    """
    async with database.tenant(organisation_id) as session:
        return {row.id for row in await session.execute(text(statement))}
