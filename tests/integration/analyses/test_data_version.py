"""The name of a survey's data changes with every answer and correction, and with nothing else."""

from uuid import UUID

from feedback_core.analyses.use_cases import version_now
from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import NewResponse
from feedback_core.responses.use_cases import record_responses, survey_taking_answers
from tests.support.analyses import scores
from tests.support.api import Api
from tests.support.cells import answer, fold
from tests.support.surveys import publish

CLOCK = SystemClock()


async def version(api: Api, database: Database, survey_id: str) -> str:
    organisation_id = api.organisation.organisation_id
    async with database.snapshot(organisation_id) as session:
        return await version_now(session, organisation_id, UUID(survey_id), clock=CLOCK)


async def test_folding_changes_nothing(api: Api, database: Database) -> None:
    survey = await publish(api)
    await answer(api, survey.id, scores("north", promoters=3, passives=2, detractors=1))
    before = await version(api, database, survey.id)

    await fold(database, api.organisation.organisation_id, survey.id)

    assert await version(api, database, survey.id) == before


async def test_every_answer_and_correction_gives_another_name(api: Api, database: Database) -> None:
    survey = await publish(api)
    names = [await version(api, database, survey.id)]
    said = scores("north", promoters=1, passives=0, detractors=0)
    responses = f"/v1/surveys/{survey.id}/responses"

    for step in range(2):
        recorded = await answer(api, survey.id, said)
        names.append(await version(api, database, survey.id))
        if step:
            await fold(database, api.organisation.organisation_id, survey.id)
        await api.post(f"{responses}/{recorded[0]['id']}/exclude", {"reason": "a test order"}, status=200)
        names.append(await version(api, database, survey.id))
        await api.post(f"{responses}/{recorded[0]['id']}/restore", {"reason": "a real one"}, status=200)
        names.append(await version(api, database, survey.id))

    assert len(set(names)) == len(names)


async def test_a_definition_and_a_weighting_scheme_give_another_name(api: Api, database: Database) -> None:
    survey = await publish(api)
    names = [await version(api, database, survey.id)]
    definition = {"name": "NPS", "unit": "points", "measure": "nps", "question_types": ["nps"], "found_by_type": "nps"}
    scheme = {"name": "Regions", "kind": "raking", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}}

    await api.put("/v1/kpis/nps", definition, status=200, headers={"If-Match": '"1"'})
    names.append(await version(api, database, survey.id))
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/regions", scheme, status=201)
    names.append(await version(api, database, survey.id))

    assert len(set(names)) == len(names)


async def test_an_answer_that_is_committed_after_a_later_one_gives_another_name(api: Api, database: Database) -> None:
    survey = await publish(api)
    organisation_id = api.organisation.organisation_id
    said = NewResponse(answers={"nps": 9})

    async with database.tenant(organisation_id) as slow:
        taking = await survey_taking_answers(slow, organisation_id, UUID(survey.id))
        privacy = Privacy.from_settings(SecretSettings())
        await record_responses(slow, organisation_id, taking, [said], privacy=privacy, clock=CLOCK)
        await answer(api, survey.id, scores("north", promoters=1, passives=0, detractors=0))
        before = await version(api, database, survey.id)

    assert await version(api, database, survey.id) != before
