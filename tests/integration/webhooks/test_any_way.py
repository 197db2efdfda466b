"""Whatever callers and receivers do: a webhook leaves none of its ways, no delivery is lost, and none out of order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any

from hypothesis import strategies as st

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.receivers import TestReceiver, receiving, status
from tests.support.walks import each_of
from tests.support.webhooks import CourierBench, TestWebhook, bench_now, new_webhook

DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["active", "paused"]), st.booleans()),
        st.tuples(st.sampled_from(["add secret", "drop secret", "test", "replay"]), st.just(True)),
        st.tuples(st.just("retire"), st.sampled_from([True, False, False])),
    ),
    min_size=2,
    max_size=9,
)


async def test_random_deeds_never_bring_a_webhook_back_nor_give_it_a_third_secret(api: Api) -> None:
    await each_of(DEEDS, lambda deeds: _follow(api, deeds))


async def _follow(api: Api, deeds: Sequence[tuple[str, bool]]) -> None:
    made = await api.post("/v1/webhooks", {"url": "http://127.0.0.1:9/hook", "events": ["action.*"]}, status=201)
    path = f"/v1/webhooks/{made.json()['id']}"
    here, secrets, tag, older = "active", list[str](), made.headers["ETag"], '"0"'
    for deed, really in deeds:
        retired = here == "retired"
        if deed in {"active", "paused"}:
            body = {"url": "http://127.0.0.1:9/hook", "events": ["action.*"], "state": deed}
            answer = await api.put(path, body, headers={"If-Match": tag if really else older})
            assert answer.status_code == (409 if retired else 200 if really else 412), answer.text
            if answer.status_code == 200:
                here, older, tag = deed, tag, answer.headers["ETag"]
        elif deed == "add secret":
            answer = await api.post(f"{path}/secrets", {})
            assert answer.status_code == (409 if retired or len(secrets) == 2 else 201), answer.text
            secrets += [answer.json()["id"]] if answer.status_code == 201 else []
        elif deed == "drop secret":
            dropped = secrets.pop() if secrets else made.json()["id"]
            answer = await api.call("DELETE", f"{path}/secrets/{dropped}")
            assert answer.status_code == (204 if dropped != made.json()["id"] else 404), answer.text
        elif deed == "test":
            answer = await api.post(f"{path}/test")
            assert answer.status_code == (202 if here == "active" and secrets else 409), answer.text
        elif deed == "replay":
            answer = await api.post(f"{path}/replay", {"what": "failed"})
            assert answer.status_code == (409 if retired else 202), answer.text
        elif really:
            answer = await api.post(f"{path}/retire", status=200)
            here, secrets = "retired", []
            older, tag = tag, answer.headers["ETag"]
        shown = (await api.get(path)).json()
        assert (shown["state"], sorted(each["id"] for each in shown["secrets"])) == (here, sorted(secrets))
    await api.post(f"{path}/retire", status=200)


async def test_of_many_who_change_a_webhook_at_once_one_does(api: Api) -> None:
    made = await api.post("/v1/webhooks", {"url": "http://127.0.0.1:9/hook"}, status=201)
    path, headers = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    bodies = [{"url": f"http://127.0.0.1:9/{number}", "state": "paused"} for number in range(5)]

    answers = await asyncio.gather(*(api.put(path, body, headers=headers) for body in bodies))

    (won,) = (answer.json()["url"] for answer in answers if answer.status_code == 200)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 4
    assert (await api.get(path)).json()["url"] == won


@dataclass(slots=True)
class Story:
    """What a receiver was told, and what it answered to each."""

    webhook: TestWebhook
    receiver: TestReceiver
    answers: list[int] = field(default_factory=list)
    replayed: set[str] = field(default_factory=set)
    workers_ended: int = 0

    @property
    def taken(self) -> list[tuple[str, str, int, int]]:
        """Of each request: the event, its subject and sequence, and what was answered."""
        told = []
        for request, answered in zip(self.receiver.requests, self.answers, strict=True):
            about = request.document["subject"]
            told.append((request.id, about["id"], about["sequence"], answered))
        return told


EVENTS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=4)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("happen"), EVENTS),
        st.tuples(st.just("answer"), st.lists(st.sampled_from([200, 200, 204, 400, 429, 500, 503]), min_size=1)),
        st.tuples(st.just("wait"), st.sampled_from([1, 30, 3_600, 40_000])),
        st.tuples(st.just("end"), st.integers(0, 3)),
        st.tuples(st.sampled_from(["deliver", "pause", "replay one", "replay failed"]), st.none()),
    ),
    min_size=4,
    max_size=12,
)


async def test_whatever_a_receiver_does_it_is_told_all_in_order_and_never_something_else(
    api: Api, database: Database
) -> None:
    async def follow(changes: Sequence[tuple[str, Any]]) -> None:
        with receiving() as receiver:
            bench = bench_now(database, timeout_seconds=5)
            story = Story(await new_webhook(api, receiver, ["action.*"]), receiver)
            _answer(story, [200])
            await bench.record(api, "a")
            for change, of in changes:
                await _happen(api, bench, story, change, of)
            _answer(story, [200])
            await story.webhook.change(state="paused")
            await story.webhook.change(state="active")
            bench.wait(hours=1)
            await bench.drain()
            await _holds(story)
            await api.post(f"{story.webhook.path}/retire", status=200)

    await each_of(CHANGES, follow, examples=6)


def _answer(story: Story, codes: Sequence[int]) -> None:
    """From now on these, one after the other and over again."""
    begun = len(story.answers)

    def next_one(handler: Any, taken: Any) -> None:
        code = codes[(len(story.answers) - begun) % len(codes)]
        story.answers.append(code)
        status(code, b"" if code == 204 else b"so")(handler, taken)

    story.receiver.answering = next_one


async def _happen(api: Api, bench: CourierBench, story: Story, change: str, of: Any) -> None:
    webhook = story.webhook
    if change == "happen":
        await bench.record(api, *of)
    elif change == "answer":
        _answer(story, of)
    elif change == "wait":
        bench.wait(seconds=of)
    elif change == "deliver":
        await bench.drain()
    elif change == "end":
        told = len(story.receiver.requests)
        await bench.end_amid(lambda: len(story.receiver.requests) >= told + of)
        story.workers_ended += 1
    elif change == "pause":
        await webhook.change(state="paused")
        await bench.drain()
        await webhook.change(state="active")
    else:
        settled = [one for one in await webhook.deliveries(limit=1000) if one["state"] != "pending"]
        again = [one["event_id"] for one in settled if change == "replay one" or one["state"] == "failed"]
        if change == "replay one" and again:
            await api.post(f"{webhook.path}/deliveries/{again[0]}/replay", status=202)
            story.replayed.add(again[0])
        elif change == "replay failed":
            await api.post(f"{webhook.path}/replay", {"what": "failed"}, status=202)
            story.replayed |= set(again)


async def _holds(story: Story) -> None:
    told: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    latest: dict[str, int] = defaultdict(int)
    for event, subject, sequence, answered in story.taken:
        if event not in told[subject]:
            assert sequence > latest[subject]
            assert all(_is_over(answers) for answers in told[subject].values()), "one before it waits still"
            latest[subject] = sequence
        told[subject][event].append(answered)
    answers = {event: given for events in told.values() for event, given in events.items()}
    for one in await story.webhook.deliveries(limit=1000):
        given = answers[one["event_id"]]
        assert one["state"] in {"delivered", "failed"}
        # Nothing is told again that is over, unless somebody has had it replayed, or nobody could write it down.
        if not story.workers_ended and one["event_id"] not in story.replayed:
            assert [code for code in given if _is_over([code])] == given[-1:]
        noted = [tried["status"] for tried in (await story.webhook.delivery(one["event_id"]))["log"]]
        assert noted == given or (story.workers_ended and set(noted) <= set(given))
    bodies = {(request.id, request.body) for request in story.receiver.requests}
    assert len(bodies) == len(answers)
    # The standard's client believes nothing that is of another time, and here time has been let pass.
    fresh = [each for each in story.receiver.requests if abs(int(each.headers["webhook-timestamp"]) - time()) < 240]
    assert all(request.verified(story.webhook.secret) for request in fresh)


def _is_over(answered: Sequence[int]) -> bool:
    """Whether it was taken, or refused for good."""
    return any(code < 300 or code == 400 for code in answered)
