"""Reading of comments: beside the response, once each, again when what reads has changed, gone with the response."""

from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.themes.reading import jobs
from feedback_core.themes.reading.calc import read_comments as read_part
from feedback_core.themes.reading.queries import position
from feedback_core.themes.reading.ticks import request_due_readings
from feedback_core.themes.reading.types import Part
from tests.support.api import Api
from tests.support.comments import THEMES, put_codebook, read_comments, readings, say
from tests.support.responses import decide, read, recorded
from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon

ANGRY = "The staff were horrible and we waited for three terrible hours."
GERMAN = "Das Personal war sehr freundlich, aber wir haben zwei Stunden gewartet."


async def is_due(database: Database, survey: PublishedSurvey) -> bool:
    async with database.system() as system:
        from feedback_core.themes.reading.payloads import READER_VERSION
        from feedback_core.themes.reading.queries import surveys_due

        due = await surveys_due(system, reader_version=READER_VERSION)
    return UUID(survey.id) in {survey_id for _, survey_id in due}


async def part_of(comments: int, database: Database, organisation_id: UUID, survey_id: UUID) -> Part:
    """The next part, once it has so many comments: who writes elsewhere at this moment holds them back."""
    found: list[Part] = []

    async def has_all() -> bool:
        async with database.snapshot(organisation_id) as session:
            part = await jobs.next_part(session, organisation_id, survey_id)
        found[:] = [part] if part else []
        return part is not None and len(part.comments) == comments

    await soon(has_all, seconds=30)
    return found[0]


async def test_language_sentiment_and_themes_are_read_beside_the_response(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await put_codebook(api, survey)
    angry, german = await say(api, survey, [ANGRY, GERMAN])
    before = await read(api, survey, angry)

    await read_comments(database, api, survey)

    found = await readings(database, api, survey)
    assert (found[angry]["language"], found[angry]["tone"], found[angry]["themes"]) == (
        "en",
        "negative",
        ["waiting", "staff"],
    )
    assert (found[german]["language"], found[german]["themes"]) == ("de", [])
    assert await read(api, survey, angry) == before


async def test_who_said_nothing_has_no_reading(api: Api, survey: PublishedSurvey, database: Database) -> None:
    await recorded(api, survey)

    await read_comments(database, api, survey)

    assert await readings(database, api, survey) == {}


async def test_a_comment_is_read_once(api: Api, survey: PublishedSurvey, database: Database) -> None:
    await say(api, survey, [ANGRY])
    await read_comments(database, api, survey)
    first = await readings(database, api, survey)
    await say(api, survey, [GERMAN])

    await read_comments(database, api, survey)

    second = await readings(database, api, survey)
    assert len(second) == 2
    assert {key: second[key] for key in first} == first


async def test_a_new_codebook_has_all_comments_held_against_it(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    (angry,) = await say(api, survey, [ANGRY])
    await read_comments(database, api, survey)
    without = (await readings(database, api, survey))[angry]
    await put_codebook(api, survey)
    assert await is_due(database, survey)

    await read_comments(database, api, survey)

    found = (await readings(database, api, survey))[angry]
    assert (without["themes"], without["codebook_version"]) == (None, None)
    assert (found["themes"], found["codebook_version"]) == (["waiting", "staff"], 1)
    assert found["lot"] == without["lot"]


async def test_it_is_due_until_it_is_read(api: Api, survey: PublishedSurvey, database: Database) -> None:
    assert not await is_due(database, survey)
    await say(api, survey, [ANGRY])
    assert await is_due(database, survey)

    async with database.system() as system:
        await request_due_readings(system, now=SystemClock().now())
    await read_comments(database, api, survey)

    assert not await is_due(database, survey)


async def test_an_erasure_takes_the_reading_along(api: Api, survey: PublishedSurvey, database: Database) -> None:
    angry, german = await say(api, survey, [ANGRY, GERMAN])
    await read_comments(database, api, survey)

    await decide(api, survey, angry, "erase")

    assert (await readings(database, api, survey)).keys() == {german}


async def test_what_is_erased_while_it_is_being_read_leaves_nothing(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    angry, german = await say(api, survey, [ANGRY, GERMAN])
    part = await part_of(2, database, organisation_id, survey_id)
    await decide(api, survey, angry, "erase")

    async with database.tenant(organisation_id) as session:
        now = SystemClock().now()
        assert await jobs.keep_part(session, organisation_id, survey_id, part, read_part(part), at=now)

    assert (await readings(database, api, survey)).keys() == {german}


async def test_of_two_that_read_the_same_part_one_keeps_it(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    organisation_id, survey_id, now = api.organisation.organisation_id, UUID(survey.id), SystemClock().now()
    await say(api, survey, [ANGRY, GERMAN])
    part = await part_of(2, database, organisation_id, survey_id)
    kept = []
    for _ in range(2):
        async with database.tenant(organisation_id) as session:
            kept.append(await jobs.keep_part(session, organisation_id, survey_id, part, read_part(part), at=now))

    assert kept == [True, False]


async def test_parts_go_on_where_the_one_before_ended(api: Api, survey: PublishedSurvey, database: Database) -> None:
    organisation_id, survey_id, now = api.organisation.organisation_id, UUID(survey.id), SystemClock().now()
    await put_codebook(api, survey, THEMES)
    await say(api, survey, [ANGRY] * 7)
    await part_of(7, database, organisation_id, survey_id)
    sizes = []
    while True:
        async with database.snapshot(organisation_id) as session:
            part = await jobs.next_part(session, organisation_id, survey_id, most=3)
        if part is None:
            break
        sizes.append(len(part.comments))
        async with database.tenant(organisation_id) as session:
            await jobs.keep_part(session, organisation_id, survey_id, part, read_part(part), at=now)

    assert sizes == [3, 3, 1]
    assert len(await readings(database, api, survey)) == 7
    async with database.tenant(organisation_id) as session:
        reached = await position(session, organisation_id, survey_id)
    assert reached is not None
    assert reached.codebook_version == 1
