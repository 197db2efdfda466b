"""45: answers collected through one's own channel, not by a link that is built in."""

import asyncio
import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.open_responses import ORIGIN, begin, from_page, submission_key
from tests.support.organisations import new_organisation
from tests.support.responses import listed, read
from tests.support.seeded_invitations import tokens
from tests.support.serving import Served, served
from tests.support.surveys import publish

PAGE = (Path(__file__).resolve().parents[3] / "docs/answering.md").read_text()
BLOCKS = re.findall(r"^```(sh|js)\n(.*?)^```(?:\n\n^```text\n(.*?)^```)?", PAGE, re.DOTALL | re.MULTILINE)

__all__ = ["served"]


async def test_45_whoever_was_given_the_token_answers_from_any_channel(api: Api) -> None:
    survey = await publish(api)
    await submission_key(api, survey)
    invited = await begin(api, survey, respondent={"id": "customer-7"}, method="email")

    form = await from_page(api, "GET", f"/v1/surveys/{survey.id}/form", invited.token)
    await invited.answer("nps", 9)  # from a server: no origin
    ended = await from_page(api, "POST", f"{invited.path}/submit", invited.token, {"answers": {"wait": 5}})

    assert [asked["key"] for asked in form.json()["questions"]][:2] == ["nps", "wait"]
    assert ended.headers["access-control-allow-origin"] == ORIGIN
    found = await read(api, survey, ended.json()["id"])
    assert (found["answers"], found["method"], found["status"]) == ({"nps": 9, "wait": 5}, "email", "complete")
    assert found["respondent_ref"] is not None


async def test_45_whoever_has_a_personal_link_answers_from_any_program_once(api: Api) -> None:
    survey = await publish(api, confidentiality="identified")
    (token,) = await tokens(api, survey, "Customer", 1)

    seen = (await api.client.get(f"/v1/invited/{token}")).json()
    sent = await api.client.post(seen["links"]["submission"], json={"answers": {"nps": 9}})
    again = await api.client.post(seen["links"]["submission"], json={"answers": {"nps": 1}})

    assert (sent.status_code, again.status_code, again.json()["code"]) == (201, 409, "invitation_ended")
    found = await read(api, survey, sent.json()["id"])
    assert (found["answers"], found["method"]) == ({"nps": 9}, "postal_questionnaire")
    identity = await api.get(f"/v1/surveys/{survey.id}/responses/{sent.json()['id']}/identity")
    assert identity.json()["id"] == "Customer-0"


async def test_45_the_page_that_explains_it_works_as_printed(
    served: Served, database: Database, tmp_path: Path
) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        api = Api(client, await new_organisation(database))
        survey = await publish(api)
        environment = {"BASE": served.url, "KEY": api.organisation.token, "SURVEY": survey.id}
        shell = [(text, printed) for kind, text, printed in BLOCKS if kind == "sh"]

        command = ["bash", "-euo", "pipefail", "-c", "\nprintf '\\0'\n".join(text for text, _ in shell)]
        done = await asyncio.to_thread(_run, command, environment, tmp_path)

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.split("\0") == [printed for _, printed in shell]
        assert len(shell) == 3
        rows = await listed(api, survey)
        assert [row["answers"] for row in rows] == [
            {"nps": 9, "why": "Quick and kind."},
            {"nps": 9, "wait": 4, "why": "Quick and kind."},
        ]
        assert rows[1]["external_id"] == "visit-4711"


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no JavaScript here to run it with")
async def test_45_so_does_its_script(served: Served, database: Database, tmp_path: Path) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        api = Api(client, await new_organisation(database))
        survey = await publish(api)
        names = {"BASE": served.url, "SURVEY": survey.id, "PAGE_KEY": await submission_key(api, survey)}
        ((script, printed),) = [(text, printed) for kind, text, printed in BLOCKS if kind == "js"]
        given = "".join(f"const {name} = process.env.{name};\n" for name in names)

        command = ["node", "--input-type=module", "-e", given + script]
        done = await asyncio.to_thread(_run, command, names, tmp_path)

        assert (done.returncode, done.stdout) == (0, printed), done.stderr
        assert [row["answers"] for row in await listed(api, survey)] == [{"nps": 3, "why": "Too slow."}]


def _run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
