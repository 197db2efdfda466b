"""The README does what it says: its first call, run as printed, gives the answers that it prints."""

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from os import environ
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from feedback_api.settings import ApiSettings, HttpSettings
from feedback_core.kit.settings import (
    ConnectorSettings,
    DatabaseSettings,
    EventSettings,
    InvitationSettings,
    LogSettings,
    ReportSettings,
    SecretSettings,
    SmsSettings,
    SmtpSettings,
    WebhookSettings,
)
from feedback_dev.stack import Stack
from feedback_worker.settings import BrokerSettings, WorkerSettings

pytestmark = pytest.mark.xdist_group("stack")

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()
AREAS: tuple[type[BaseSettings], ...] = (
    DatabaseSettings,
    SecretSettings,
    BrokerSettings,
    HttpSettings,
    ApiSettings,
    WorkerSettings,
    ConnectorSettings,
    EventSettings,
    WebhookSettings,
    SmtpSettings,
    ReportSettings,
    InvitationSettings,
    SmsSettings,
    LogSettings,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: `sh` is to be run, `json` is what comes back from the block before."""

    language: str
    text: str


def blocks_of(section: str) -> list[Block]:
    body = README.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return [Block(*found) for found in re.findall(r"^```(\w+)\n(.*?)^```$", body, re.DOTALL | re.MULTILINE)]


def run(blocks: list[str], stack: Stack) -> list[str]:
    """Run the blocks in one bash, one after another, beside the data folder; what each of them printed."""
    script = "\nprintf '\\0'\n".join(blocks)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=stack.data.parent,
        env={**environ, "PORT": str(stack.port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\0")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("readme") / ".data", durable=False) as stack:
        yield stack


@pytest.fixture(scope="module")
def answers(stack: Stack) -> list[tuple[Block, str]]:
    """Every shell block of the first call, with what it printed."""
    blocks = [block for block in blocks_of("A first call") if block.language == "sh"]
    return list(zip(blocks, run([block.text for block in blocks], stack), strict=True))


def test_each_answer_is_as_printed(answers: list[tuple[Block, str]]) -> None:
    printed = {block.text: text for block, text in answers}
    promised = [
        (read(after.text), read(printed[before.text]))
        for before, after in pairwise(blocks_of("A first call"))
        if after.language == "json"
    ]

    assert len(promised) == 3
    for shown, came in promised:
        assert shown == {name: came[name] for name in shown}


def read(text: str) -> Any:
    """JSON; the last digits of a figure depend on the processor."""
    return json.loads(text, parse_float=lambda number: round(float(number), 9))


def test_the_series_comes_as_csv(answers: list[tuple[Block, str]]) -> None:
    (row,) = csv.DictReader(answers[-1][1].splitlines())

    assert (row["kpi"], row["question"], row["n"]) == ("mean", "wait", "6")
    assert float(row["value"]) == pytest.approx(19 / 6)


def test_the_same_batch_again_adds_nothing(answers: list[tuple[Block, str]], stack: Stack) -> None:
    survey = get(stack, "/v1/surveys")["items"][0]["id"]
    variables = answers[0][0].text
    (batch,) = [block.text for block, _ in answers if "/responses/batch" in block.text]

    again = json.loads(run([f"{variables}\nSURVEY={survey}\n{batch}"], stack)[0])

    assert (again["recorded"], again["duplicate"], again["rejected"]) == (0, 6, 0)


def test_regions_are_withheld(answers: list[tuple[Block, str]], stack: Stack) -> None:
    groups = get(stack, "/v1/kpis/nps/breakdown?survey=post-visit&by=region")["groups"]

    assert {group["group"]: group["value"] for group in groups if group["withheld"]} == {"north": None, "south": None}


def get(stack: Stack, path: str) -> Any:
    answer = httpx.get(f"{stack.url}{path}", headers={"Authorization": f"Bearer {stack.api_key}"}, timeout=10)
    answer.raise_for_status()
    return answer.json()


def test_every_setting_is_in_the_table_and_nothing_else() -> None:
    rows = re.findall(r"^\| `[A-Z_]+` \|.*$", SETTINGS, re.MULTILINE)
    settings = [
        f"| `{area.model_config['env_prefix']}{name.upper()}` | {shown(field.default)} | {field.description} |"
        for area in AREAS
        for name, field in area.model_fields.items()
    ]

    assert rows == settings


def shown(default: object) -> str:
    if default is PydanticUndefined:
        return "required"
    return "" if default is None else f"`{default}`"


def test_it_stays_short() -> None:
    assert len(README.splitlines()) <= 150
