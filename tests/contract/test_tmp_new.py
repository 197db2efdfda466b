"""The API answers as its document says, whatever it is asked: Schemathesis over every operation, with every check."""

import asyncio
import json
import os
import sys
from pathlib import Path

import httpx
import pytest

from tests.contract.conftest import Playground
from tests.support.serving import Served

HERE = Path(__file__).parent


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("phases", ["examples,coverage", "fuzzing,stateful"])
async def test_the_api_answers_as_documented(phases: str, served: Served, playground: Playground) -> None:
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        "CONTRACT_PHASES": phases,
        "CONTRACT_TOKEN": playground.token,
        "CONTRACT_KEY_ID": playground.key_id,
        "CONTRACT_THINGS": json.dumps(playground.things),
    }
    # Made when it is first asked for, which on a busy machine takes longer than Schemathesis waits.
    async with httpx.AsyncClient(timeout=120) as client:
        (await client.get(f"{playground.url}/openapi.json")).raise_for_status()
    command = ["-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run", "--phases", phases, "--include-path-regex", "(invitation-notices|/v1/kpis/.kpi.$|codings|frames/.*/coverage|interview-guide)"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        "--no-color",
        f"{playground.url}/openapi.json",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()

    assert process.returncode == 0, said.decode()
    assert "unhandled_error" not in served.log.read_text()
