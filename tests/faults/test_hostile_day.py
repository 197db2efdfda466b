"""A day of hostile delivery: each genuine event becomes one response with the right values, each forged one is refused.

By default 2,000 requests; ``HOSTILE_DAY_REQUESTS=20000`` is the whole day.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from typing import Any, LiteralString

import psycopg
import pytest

from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.hostile_day import (
    CASES,
    QUESTIONS,
    HostileDay,
    Kind,
    Request,
    fill,
    requests_of_a_day,
)
from tests.support.inbound_senders import TestSource, new_source
from tests.support.sender_api import SenderApi, sender_api
from tests.support.surveys import PublishedSurvey, publish
from tests.support.waiting import soon

pytestmark = pytest.mark.xdist_group("stack")

SIZE = int(os.environ.get("HOSTILE_DAY_REQUESTS", "2000"))
WORKER_KILLS = 5
SECONDS = 60 + SIZE // 20


@pytest.mark.timeout(2 * SECONDS + 120)
async def test_each_genuine_event_becomes_one_response_and_nothing_else_does(stack: Stack, api: Api) -> None:
    chance = random.Random(46)
    requests = requests_of_a_day(SIZE, chance)
    with sender_api() as of_sender:
        fill(of_sender, requests)
        surveys = [await publish(api, questions=QUESTIONS) for _ in CASES]
        sources = [await _source(api, survey, number, of_sender) for number, survey in enumerate(surveys)]
        day = HostileDay(api.client, sources, surveys)
        sending = asyncio.create_task(day.send(requests))
        for kill in range(1, WORKER_KILLS + 1):
            # In the midst of it, and the last one while what was taken in is still being read.
            await _until(day, sending, SIZE * kill // (WORKER_KILLS + 1))
            stack.worker.kill()
            if kill == (WORKER_KILLS + 1) // 2:
                os.kill(stack.postgres.pid, signal.SIGKILL)
                await asyncio.sleep(0.5)
                await asyncio.to_thread(stack.postgres.start)
            stack.worker.start()
        await sending
        await soon(lambda: _waiting(stack) == 0, seconds=SECONDS, pause=0.2)

    genuine = {(request.case, request.number) for request in requests if request.kind is Kind.GENUINE}
    _assert_recorded(stack, surveys, genuine)
    _assert_answered(day, requests)
    _assert_log(stack, sources, requests, genuine)
    await _assert_figures(api, surveys, genuine)


async def _source(api: Api, survey: PublishedSurvey, number: int, of_sender: SenderApi) -> TestSource:
    case = CASES[number]
    source = await new_source(api, survey.id, case.sender)
    await api.put(f"/v1/sources/{source.id}/mapping", case.mapping, status=201)
    if case.connector is not None:
        connector = {"url": of_sender.url + case.connector, "token": "a-token"}
        await api.put(f"/v1/sources/{source.id}/connector", connector, status=201)
    return source


async def _until(day: HostileDay, sending: "asyncio.Task[None]", done: int) -> None:
    await soon(lambda: day.tally.done >= done or sending.done(), seconds=SECONDS, pause=0.01)


def _rows(stack: Stack, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        return connection.execute(statement, parameters).fetchall()


def _waiting(stack: Stack) -> object:
    return _rows(stack, "SELECT count(*) FROM delivery WHERE state = 'waiting'")[0][0]


def _assert_recorded(stack: Stack, surveys: list[PublishedSurvey], genuine: set[tuple[int, int]]) -> None:
    numbers = {survey.id: number for number, survey in enumerate(surveys)}
    found = _rows(
        stack,
        "SELECT survey_id::text, external_id, answers FROM response WHERE survey_id::text = ANY(%s)",
        list(numbers),
    )
    recorded = Counter((numbers[str(survey)], name) for survey, name, _ in found)
    expected = {(case, CASES[case].name(number)): CASES[case].answers(number) for case, number in genuine}
    assert set(recorded) == set(expected)
    assert set(recorded.values()) == {1}
    wrong = [name for survey, name, answers in found if expected[numbers[str(survey)], str(name)] != answers]
    assert not wrong


def _assert_answered(day: HostileDay, requests: list[Request]) -> None:
    sent = Counter(request.kind for request in requests)
    answers = day.tally.answers
    taken = {kind: sum(n for status, n in answers[kind].items() if status in {200, 202}) for kind in Kind}
    assert taken[Kind.FORGED] == 0
    assert answers[Kind.FORGED][401] == sent[Kind.FORGED]
    assert answers[Kind.MALFORMED][401] + taken[Kind.MALFORMED] >= sent[Kind.MALFORMED]
    assert taken[Kind.GENUINE] >= sent[Kind.GENUINE]
    assert {status for counts in answers.values() for status in counts} <= {200, 202, 401, 503}


def _assert_log(
    stack: Stack, sources: list[TestSource], requests: list[Request], genuine: set[tuple[int, int]]
) -> None:
    """Whatever was taken in is told of: what could be read is settled, the rest waits with its reason."""
    ids = [source.id for source in sources]
    found = _rows(stack, "SELECT state, count(*) FROM delivery WHERE source_id::text = ANY(%s) GROUP BY state", ids)
    states = {str(state): int(str(n)) for state, n in found}
    malformed = sum(request.kind is Kind.MALFORMED for request in requests)
    assert states.pop("processed") == len(genuine)
    assert set(states) <= {"unmapped", "ignored"}
    assert 0 < sum(states.values()) <= malformed
    reasons = _rows(
        stack,
        "SELECT DISTINCT reason ->> 'code' FROM delivery WHERE source_id::text = ANY(%s) AND state = 'unmapped'",
        ids,
    )
    assert {str(code) for (code,) in reasons} <= {"body_unreadable", "nothing_answered", "time_missing"}


async def _assert_figures(api: Api, surveys: list[PublishedSurvey], genuine: set[tuple[int, int]]) -> None:
    for number, survey in enumerate(surveys):
        answers = [CASES[case].answers(event) for case, event in genuine if case == number]
        expected = Counter(str(answer["nps"]) for answer in answers if "nps" in answer)
        if not expected:
            continue
        nps = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
        assert nps["counts"] == dict(expected)
