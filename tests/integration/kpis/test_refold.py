"""After a logical restore, transaction ids mean nothing any more: the statements in the decision mend the cells."""

import asyncio
import re
from uuid import UUID

import psycopg

from feedback_core.db.session import Database
from tests.architecture.sources import text_of
from tests.support.api import Api
from tests.support.cells import answer, cells, fold, recount
from tests.support.surveys import publish

TYPES = {"nps": "nps"}
QUESTIONS = [{"key": "nps", "type": "nps", "text": "Recommend?"}]
FAR_AHEAD = "9000000000000000000"


def statements() -> str:
    """As printed."""
    blocks: list[str] = re.findall(
        r"```sql\n(.*?)```", text_of("docs/adr/0003-cells-and-their-watermark.md"), re.DOTALL
    )
    (block,) = blocks
    return block


async def test_folding_anew_finds_what_an_old_watermark_hides(api: Api, database: Database, owner_url: str) -> None:
    survey = await publish(api, questions=QUESTIONS)
    key = (api.organisation.organisation_id, survey.id)
    await answer(api, survey.id, [{"answers": {"nps": 9}}] * 10)
    await _fold_all(database, *key, responses=10)
    restored_elsewhere = "UPDATE fold_state SET watermark = %s::xid8 WHERE survey_id = %s"
    with psycopg.connect(owner_url) as owner:
        owner.execute(restored_elsewhere, [FAR_AHEAD, survey.id])
    await answer(api, survey.id, [{"answers": {"nps": 0}}] * 10)
    assert await _nps(api, survey.id) == (100.0, 10)

    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(statements())

    assert await _nps(api, survey.id) == (0.0, 20)
    await _fold_all(database, *key, responses=20)
    assert await _nps(api, survey.id) == (0.0, 20)
    assert await cells(database, *key) == await recount(database, *key, types=TYPES, time_zone="Europe/London")


async def _fold_all(database: Database, organisation_id: UUID, survey_id: str, *, responses: int) -> None:
    """Fold until all are folded: an older transaction anywhere on the server keeps the watermark below them."""
    for _ in range(400):
        await fold(database, organisation_id, survey_id)
        counts = await cells(database, organisation_id, survey_id)
        if sum(n for (question, *_), n in counts.items() if not question) == responses:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("something held the watermark for 20 seconds")


async def _nps(api: Api, survey_id: str) -> tuple[float, int]:
    figure = (await api.get(f"/v1/kpis/nps/value?survey={survey_id}")).json()
    return figure["value"], figure["n"]
