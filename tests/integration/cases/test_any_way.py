"""Whoever tries whatever: no case leaves its ways or loses its history, and nothing is shown that is not to be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import strategies as st

from feedback_core.organisations.types import Scope
from tests.integration.cases.conftest import Loop
from tests.integration.cases.test_you_said_we_did import begun, items_of, told
from tests.integration.recommendations.conftest import Ground, ground
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.walks import each_of

__all__ = ["ground"]

Json = dict[str, Any]

WAYS: Final = {
    "open": {"in_progress", "resolved", "closed"},
    "in_progress": {"resolved", "closed"},
    "resolved": {"in_progress", "closed"},
    "closed": set(),
}
"""Where a case may go, told apart from the code that decides it."""

ENDS: Final = {"resolved", "closed"}
KEYS: Final = ("front end", "desk", "reader")
"""One that may speak for others, one that may not, one that may only read."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody tries: with which key, for whom, on what was read how long ago."""

    what: str
    key: str
    who: str | None
    read: str
    to: str = ""
    outcome: str | None = None


def deeds(what: str, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.builds(
        Deed,
        what=st.just(what),
        key=st.sampled_from([*KEYS, "front end", "desk"]),
        who=st.sampled_from([None, None, "Grace"]),
        read=st.sampled_from(["now", "now", "before", "never"]),
        **more,
    )


MOVES = deeds("move", to=st.sampled_from(list(WAYS)), outcome=st.sampled_from([None, "helped", "not_reached"]))
WALKS = st.lists(st.one_of(MOVES, MOVES, deeds("edit"), deeds("note")), min_size=2, max_size=8)


async def test_random_deeds_of_random_keys_never_take_a_case_where_no_way_leads(loop: Loop) -> None:
    scopes = {
        "front end": [Scope.CASES_READ, Scope.CASES_WRITE, Scope.PEOPLE_REPRESENT],
        "desk": [Scope.CASES_READ, Scope.CASES_WRITE],
        "reader": [Scope.CASES_READ],
    }
    keys = {name: await _key(loop.api, name, given) for name, given in scopes.items()}
    spare = [await loop.give() for _ in range(12)]
    await loop.find()
    cases = {case["response_id"]: case["id"] for case in await loop.cases()}
    waiting = iter([cases[response] for response in spare])

    await each_of(WALKS, lambda walk: _walk(keys, next(waiting), walk))


async def _key(api: Api, name: str, scopes: Sequence[Scope]) -> Api:
    made = (await api.post("/v1/api-keys", {"name": name, "scopes": [str(each) for each in scopes]}, status=201)).json()
    return Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))


async def _walk(keys: dict[str, Api], case_id: str, walk: Sequence[Deed]) -> None:
    path, reader = f"/v1/cases/{case_id}", keys["reader"]
    first = await reader.get(path)
    here, ended, owner, tag, older = "open", None, first.json()["owner"], first.headers["ETag"], '"0"'
    told: list[tuple[str, str, str, str]] = []
    for number, deed in enumerate(walk):
        headers = {"now": {"If-Match": tag}, "before": {"If-Match": older}, "never": {}}[deed.read]
        expected = _expected(deed, here, ended)
        answer = await _try(keys[deed.key], path, deed, headers, f"Deed {number}")
        assert answer.status_code == expected, (deed, here, answer.text)
        if expected == 200:
            there = deed.to if deed.what == "move" else here
            if deed.what == "move":
                ended = (deed.outcome or ended) if there in ENDS else None
            owner = "Linus" if deed.what == "edit" else owner
            kind = {"move": "moved", "edit": "edited", "note": "noted"}[deed.what]
            told.append((kind, here, there, deed.who or deed.key))
            here, older, tag = there, tag, answer.headers["ETag"]
    read = (await reader.get(path)).json()
    assert (read["state"], read["outcome"], read["owner"]) == (here, ended, owner)
    assert [
        (entry["kind"], entry["from_state"], entry["to_state"], entry["written_by"]) for entry in read["entries"]
    ] == told


def _expected(deed: Deed, here: str, ended: str | None) -> int:
    """What is to be answered, told apart from the code that decides it."""
    if deed.key == "reader" or (deed.who is not None and deed.key != "front end"):
        return 403
    if deed.what == "note":
        return 200
    if deed.read == "before":
        return 412
    if deed.what == "edit":
        return 428 if deed.read == "never" else 409 if here == "closed" else 200
    if deed.to not in WAYS[here]:
        return 409
    said = deed.outcome or ended
    fits = said is not None if deed.to in ENDS else deed.outcome is None
    return 200 if fits else 422


async def _try(api: Api, path: str, deed: Deed, headers: dict[str, str], said: str) -> Any:
    who = {} if deed.who is None else {"on_behalf_of": deed.who}
    if deed.what == "note":
        return await api.post(f"{path}/notes", {"text": said, **who})
    if deed.what == "edit":
        body = {"owner": "Linus", "due_at": "2027-01-01T00:00:00Z", "reason": said, **who}
        return await api.put(path, body, headers=headers)
    outcome = {} if deed.outcome is None else {"outcome": deed.outcome}
    return await api.post(f"{path}/transitions", {"to": deed.to, "reason": said, **outcome, **who}, headers=headers)


@pytest.mark.parametrize("as_read", [True, False])
async def test_of_many_who_close_a_case_at_once_one_does(loop: Loop, *, as_read: bool) -> None:
    path = f"/v1/cases/{(await loop.case())['id']}"
    headers = {"If-Match": (await loop.api.get(path)).headers["ETag"]} if as_read else {}
    body = {"to": "closed", "reason": "At once.", "outcome": "helped"}

    answers = await asyncio.gather(*(loop.api.post(f"{path}/transitions", body, headers=headers) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200] + [412 if as_read else 409] * 4
    assert len((await loop.api.get(path)).json()["entries"]) == 1


STORIES = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.booleans(), st.booleans()),
        st.tuples(st.sampled_from(["completed", "closed"]), st.just(True), st.just(True)),
    ),
    min_size=1,
    max_size=7,
)


async def test_an_item_is_shown_to_everybody_exactly_while_it_is_published_and_something_is_done(
    ground: Ground,
) -> None:
    await each_of(STORIES, lambda story: _publish(ground, story), examples=8)


async def _publish(ground: Ground, story: Sequence[tuple[str, bool, bool]]) -> None:
    api, action = ground.api, await begun(ground)
    made = await api.post(items_of(ground), told(action), status=201)
    path, feed = made.headers["Location"], made.json()["public_url"].replace(".html", ".json")
    tag, older, published, said = made.headers["ETag"], '"0"', False, "A second desk."
    doing: str | None = "under_way"
    for number, (deed, publish, fresh) in enumerate(story):
        if deed == "write":
            body = told(action, we_did=f"Desk number {number}.", published=publish)
            answer = await api.put(path, body, headers={"If-Match": tag if fresh else older})
            expected = 412 if not fresh else 409 if publish and doing is None else 200
            assert answer.status_code == expected, answer.text
            if expected == 200:
                published, said, older, tag = publish, body["we_did"], tag, answer.headers["ETag"]
        else:
            more = {"outcome": "unknown"} if deed == "closed" else {}
            answer = await api.post(f"/v1/actions/{action}/transitions", {"to": deed, "reason": "So.", **more})
            if answer.status_code == 200:
                # What was completed stays done; what was given up before is not told of any more.
                doing = "done" if deed == "completed" or doing == "done" else None
        seen = await api.client.get(feed)
        items = seen.json()["items"] if seen.status_code == 200 else []
        ours = [each["progress"] for each in items if each["we_did"] == said]
        assert ours == ([doing] if published and doing else [])
    await api.call("DELETE", path, status=204)
