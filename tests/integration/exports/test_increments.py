"""What has changed since: a copy that takes every increment is what a full export has, whatever happened meanwhile."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import NewResponse, Recorded
from feedback_core.responses.use_cases import record_responses, survey_taking_answers
from tests.support.api import Api
from tests.support.careless import RULE, asked, careful, straight_lining
from tests.support.exports import ask, content_of, exported_now, exports_of, frame_of, lines_of, rows_of, sheets_of
from tests.support.flags import flag_all, put_rule
from tests.support.responses import batch, decide, recorded
from tests.support.surveys import Json, PublishedSurvey, publish

Copy = dict[str, Json]

FILTERS: Sequence[Json] = (
    {},
    {"excluded": False},
    {"suspect": False, "status": "complete"},
    {"from": "2026-02-01T00:00:00Z", "excluded": True},
)


class Warehouse:
    """Copies of a survey's responses, one for each set of filters, that only ever take increments."""

    def __init__(self, database: Database, api: Api, survey: PublishedSurvey) -> None:
        self._database = database
        self._survey = survey
        self._api = api
        self._copies: list[tuple[Json, Copy]] = [(wanted, {}) for wanted in FILTERS]
        self._next: list[str | None] = [None] * len(FILTERS)

    async def sync(self) -> None:
        """Take what has changed."""
        for number, (wanted, copy) in enumerate(self._copies):
            since: Json = {} if self._next[number] is None else {"updated_since": self._next[number]}
            done = await self._export({**wanted, **since})
            self._next[number] = done["next_updated_since"]
            for line in lines_of(await content_of(self._api, done)):
                if line["change"] == "upsert":
                    copy[line["response_id"]] = line
                else:
                    assert line.keys() == {"change", "response_id"}
                    copy.pop(line["response_id"], None)

    async def _export(self, asked: Json) -> Json:
        return await exported_now(self._database, self._api, self._survey, settled=False, **asked)

    async def assert_exact(self) -> None:
        """Every copy is what a full export with its filters has."""
        for wanted, copy in self._copies:
            full = lines_of(await content_of(self._api, await self._export(wanted)))
            assert {line["response_id"]: line for line in full} == copy, wanted


class Happenings:
    """What happens to the responses of a survey, by chance."""

    def __init__(self, seed: int, database: Database, api: Api, survey: PublishedSurvey) -> None:
        self._chance = random.Random(seed)
        self._database = database
        self._api = api
        self._survey = survey
        self._ids: list[str] = []

    async def some(self) -> None:
        """A few of them."""
        for _ in range(self._chance.randint(1, 4)):
            verb = self._chance.choice(["record", "exclude", "exclude", "restore", "erase", "hold"])
            if verb == "record" or not self._ids:
                await self._record()
            elif verb == "hold":
                await put_rule(self._api, self._survey.id, {**RULE, "at_least": self._chance.choice([1, 1, 5])})
                await flag_all(self._api, self._database, self._survey.id)
            else:
                await self._decide(verb)

    async def _record(self) -> None:
        items = [self._said() for _ in range(self._chance.randint(1, 6))]
        self._ids += [item["id"] for item in (await batch(self._api, self._survey, items))["items"]]

    def _said(self) -> Json:
        said = careful(self._chance) if self._chance.random() < 0.7 else straight_lining(seconds=10)
        del said["started_at"]
        day = f"2026-{self._chance.randint(1, 3):02}-15T00:00:00Z"
        return {**said, "submitted_at": day, "status": self._chance.choice(["complete", "complete", "partial"])}

    async def _decide(self, verb: str) -> None:
        one = self._chance.choice(self._ids)
        answer = await decide(self._api, self._survey, one, verb)
        assert answer.status_code in {200, 204, 409}, answer.text
        if verb == "erase":
            self._ids.remove(one)


@pytest.mark.parametrize("seed", range(4))
async def test_a_copy_that_takes_every_increment_is_what_a_full_export_has(
    seed: int, api: Api, database: Database
) -> None:
    survey = await asked(api)
    warehouse = Warehouse(database, api, survey)
    happenings = Happenings(seed, database, api, survey)
    for _ in range(5):
        await happenings.some()
        await warehouse.sync()
        await warehouse.assert_exact()


async def test_what_commits_late_comes_with_the_next_increment(api: Api, database: Database) -> None:
    survey = await publish(api)
    early = await recorded(api, survey)
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    privacy = Privacy.from_settings(SecretSettings())

    async with database.tenant(organisation_id) as open_since_before:
        published = await survey_taking_answers(open_since_before, organisation_id, survey_id)
        (late,) = await record_responses(
            open_since_before,
            organisation_id,
            published,
            [NewResponse(answers={"nps": 3})],
            privacy=privacy,
            clock=SystemClock(),
        )
        assert isinstance(late, Recorded)
        overtaking = await recorded(api, survey)
        first = await exported_now(database, api, survey, settled=False)
        assert await _changes(api, first) == {early: "upsert", overtaking: "upsert"}

    second = await exported_now(database, api, survey, updated_since=first["next_updated_since"])

    changes = await _changes(api, second)
    assert changes[str(late.receipt.id)] == "upsert"
    third = await exported_now(database, api, survey, updated_since=second["next_updated_since"])
    assert str(late.receipt.id) not in await _changes(api, third)


async def test_an_increment_holds_what_changed_and_nothing_else(api: Api, database: Database) -> None:
    survey = await publish(api)
    ids = [await recorded(api, survey, answers={"nps": number}) for number in range(6)]
    full = await exported_now(database, api, survey)
    await decide(api, survey, ids[0], "exclude")
    await decide(api, survey, ids[1], "erase")
    new = await recorded(api, survey)

    done = await exported_now(database, api, survey, updated_since=full["next_updated_since"])

    assert await _changes(api, done) == {ids[0]: "upsert", ids[1]: "erased", new: "upsert"}
    assert (done["rows_written"], done["rows_erased"], done["rows_left"], done["only_changes"]) == (2, 1, 0, True)
    nothing = await exported_now(database, api, survey, updated_since=done["next_updated_since"])
    assert await _changes(api, nothing) == {}


async def test_a_response_that_the_filters_leave_out_now_is_told_by_its_id(api: Api, database: Database) -> None:
    survey = await publish(api)
    one = await recorded(api, survey)
    full = await exported_now(database, api, survey, excluded=False)
    await decide(api, survey, one, "exclude")

    left = await exported_now(database, api, survey, excluded=False, updated_since=full["next_updated_since"])
    assert await _changes(api, left) == {one: "left"}

    await decide(api, survey, one, "restore")
    back = await exported_now(database, api, survey, excluded=False, updated_since=left["next_updated_since"])
    assert await _changes(api, back) == {one: "upsert"}


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
async def test_tables_have_tombstones_too(form: str, api: Api, database: Database) -> None:
    survey = await publish(api)
    one = await recorded(api, survey)
    full = await exported_now(database, api, survey)
    await decide(api, survey, one, "erase")

    done = await exported_now(database, api, survey, format=form, updated_since=full["next_updated_since"])

    content = await content_of(api, done)
    if form == "csv":
        (row,) = rows_of(content)
        assert {name: value for name, value in row.items() if value} == {"change": "erased", "response_id": one}
    elif form == "parquet":
        (cells,) = frame_of(content).rows(named=True)
        assert {name: value for name, value in cells.items() if value is not None} == {
            "change": "erased",
            "response_id": one,
        }
    else:
        _, values = sheets_of(content)["responses"]
        assert [value for value in values if value is not None] == ["erased", one]


async def test_a_time_is_that_of_the_latest_export_before_it(api: Api, database: Database) -> None:
    survey = await publish(api)
    before, erased = await recorded(api, survey), await recorded(api, survey)
    await decide(api, survey, erased, "erase")
    # Without an export that looked before, nothing is known to have been seen.
    since_ever = await exported_now(database, api, survey, updated_since="2020-01-01T00:00:00Z")
    assert await _changes(api, since_ever) == {before: "upsert", erased: "erased"}
    after = await recorded(api, survey)

    exactly = await exported_now(database, api, survey, updated_since=since_ever["snapshot_at"])
    later = datetime.fromisoformat(since_ever["snapshot_at"]) - timedelta(seconds=1)
    too_early = await exported_now(database, api, survey, updated_since=later.astimezone(UTC).isoformat())

    assert await _changes(api, exactly) == {after: "upsert"}
    assert await _changes(api, too_early) == {before: "upsert", erased: "erased", after: "upsert"}


async def test_a_continuation_is_of_one_survey_with_the_same_filters(
    api: Api, other_api: Api, database: Database
) -> None:
    survey, another = await publish(api), await publish(api)
    theirs = await publish(other_api)
    done = await exported_now(database, api, survey, excluded=False)
    foreign = await exported_now(database, other_api, theirs)
    waiting = await ask(api, survey)
    token = done["next_updated_since"]
    assert waiting["next_updated_since"] is None

    async def refused(where: PublishedSurvey, **fields: Any) -> bool:
        answer = await api.post(exports_of(where), {"format": "csv", **fields})
        return answer.status_code == 422 and answer.json()["code"] == "unknown_continuation"

    assert await refused(survey, updated_since=token)
    assert await refused(survey, updated_since=token, excluded=True)
    assert await refused(another, updated_since=token, excluded=False)
    assert await refused(survey, updated_since=foreign["next_updated_since"])
    assert await refused(survey, updated_since="abcdef", excluded=False)
    assert await refused(survey, updated_since=token + "A", excluded=False)
    assert not await refused(survey, updated_since=token, excluded=False, include_texts=False)


async def _changes(api: Api, done: Json) -> dict[str, str]:
    found = lines_of(await content_of(api, done))
    changes = {line["response_id"]: line["change"] for line in found}
    assert len(changes) == len(found)
    return changes
