"""Whoever tries whatever: no path outside the procedure, no lost history, and each edit only as it was read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st

from feedback_core.organisations.types import Scope
from tests.integration.recommendations.conftest import Ground, NewKey
from tests.integration.recommendations.test_actions import planned
from tests.integration.recommendations.test_procedures import BOARD, put_standard
from tests.support.api import Api
from tests.support.walks import each_of

Json = dict[str, Any]

STEPS: Final = ["proposed", "approved", "rejected", "done"]
BY: Final = {
    ("proposed", "approved"): {"Ada", "Grace"},
    ("proposed", "rejected"): {"Ada", "Grace"},
    ("approved", "done"): {"Grace"},
}
"""Who may decide what under ``BOARD``, told apart from the code that decides it."""


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt: by whom, with which key, to where, on what was read how many changes ago."""

    who: str
    role: bool
    to: str
    stale: bool


TRIES = st.lists(
    st.builds(
        Try,
        who=st.sampled_from(["Ada", "Grace", "Linus"]),
        role=st.booleans(),
        to=st.sampled_from(STEPS),
        stale=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


async def test_random_decisions_by_random_people_never_leave_the_procedure(ground: Ground, key_of: NewKey) -> None:
    await put_standard(ground.api, _without_fields())
    with_role = await key_of("front end", "board", scopes=[Scope.PEOPLE_REPRESENT])
    without = await key_of("portal", scopes=[Scope.PEOPLE_REPRESENT])

    await each_of(TRIES, lambda tries: _follow(ground, with_role, without, tries))


async def _follow(ground: Ground, with_role: Api, without: Api, tries: Sequence[Try]) -> None:
    path = f"/v1/recommendations/{await ground.propose()}"
    here, taken, tag = "proposed", [], (await ground.api.get(path)).headers["ETag"]
    older = '"0"'
    for attempt in tries:
        caller = with_role if attempt.role else without
        body = {"to": attempt.to, "reason": "Tried.", "on_behalf_of": attempt.who}
        headers = {"If-Match": older if attempt.stale else tag}
        answer = await caller.post(f"{path}/transitions", body, headers=headers)
        by = BY.get((here, attempt.to))
        # Grace is named by the second step, so that no role is asked for there.
        allowed = by is not None and attempt.who in by and (attempt.role or here == "approved")
        if attempt.stale:
            assert answer.status_code == 412
        elif by is None:
            assert answer.json()["code"] == "move_not_allowed"
        elif not allowed:
            assert answer.json()["code"] == "not_yours_to_decide"
        else:
            assert answer.status_code == 200
            taken.append((here, attempt.to, attempt.who))
            here, older, tag = attempt.to, tag, answer.headers["ETag"]
    read = (await ground.api.get(path)).json()
    assert read["step"] == here
    assert [(one["from_step"], one["to_step"], one["decided_by"]) for one in read["transitions"]] == taken


WAYS: Final = {
    "planned": {"agreed", "closed"},
    "agreed": {"under_way", "closed"},
    "under_way": {"completed", "closed"},
    "completed": {"closed"},
    "closed": set(),
}
"""Where an action may go, told apart from the code that decides it."""

STATES: Final = list(WAYS)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(STATES)),
        st.tuples(st.just("agreed"), st.sampled_from(["Grace", "Ada", "Linus"])),
        st.tuples(st.just("declined"), st.sampled_from(["Grace", "Ada"])),
    ),
    min_size=1,
    max_size=8,
)


async def test_random_deeds_never_take_an_action_past_those_who_are_to_agree(ground: Ground) -> None:
    await each_of(DEEDS, lambda deeds: _act(ground, deeds))


async def _act(ground: Ground, deeds: Sequence[tuple[str, str]]) -> None:
    path = f"/v1/actions/{await planned(ground)}"
    here, answers, states = "planned", dict.fromkeys(("Grace", "Ada"), ""), ["planned"]
    for deed, what in deeds:
        if deed == "move":
            outcome = {"outcome": "unknown"} if what == "closed" else {}
            answer = await ground.api.post(f"{path}/transitions", {"to": what, "reason": "Tried.", **outcome})
            # Whoever is to agree has not, as long as it is planned.
            allowed = what in WAYS[here] and not (here == "planned" and what == "agreed")
            there = what
        else:
            body = {"answer": deed, "reason": "So.", "on_behalf_of": what}
            answer = await ground.api.post(f"{path}/agreements", body)
            allowed = what in answers and here in {"planned", "agreed"}
            answers |= {what: deed} if allowed else {}
            there = "agreed" if set(answers.values()) == {"agreed"} else "planned"
        assert (answer.status_code == 200) == allowed, answer.text
        if allowed:
            here = there
            states.append(here)
    read = (await ground.api.get(path)).json()
    assert read["state"] == here
    assert [entry["to_state"] for entry in read["history"]] == states


async def test_of_many_who_decide_at_once_on_what_they_read_one_does(ground: Ground) -> None:
    for _ in range(3):
        path = f"/v1/recommendations/{await ground.propose()}"
        read = await ground.api.get(path)
        headers = {"If-Match": read.headers["ETag"]}
        bodies = [{"to": to, "reason": "At once."} for to in ("accepted", "rejected") * 4]

        answers = await asyncio.gather(
            *(ground.api.post(f"{path}/transitions", body, headers=headers) for body in bodies)
        )

        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
        (taken,) = (await ground.api.get(path)).json()["transitions"]
        (won,) = (answer.json() for answer in answers if answer.status_code == 200)
        assert taken["to_step"] == won["step"]


async def test_of_many_who_move_an_action_at_once_one_does(ground: Ground) -> None:
    path = f"/v1/actions/{await planned(ground)}"
    headers = {"If-Match": (await ground.api.get(path)).headers["ETag"]}
    body = {"to": "closed", "reason": "At once.", "outcome": "unknown"}
    spoken = {"answer": "agreed", "on_behalf_of": "Grace"}

    answers = await asyncio.gather(
        *(ground.api.post(f"{path}/transitions", body, headers=headers) for _ in range(3)),
        *(ground.api.post(f"{path}/agreements", spoken, headers=headers) for _ in range(3)),
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    assert len((await ground.api.get(path)).json()["history"]) == 2


def _without_fields() -> Json:
    steps = [
        {**step, "transitions": [{**way, "requires": []} for way in step["transitions"]]} for step in BOARD["steps"]
    ]
    return {**BOARD, "steps": steps}


async def test_of_many_who_free_what_is_stuck_at_once_one_does(ground: Ground) -> None:
    await put_standard(ground.api)
    path = f"/v1/recommendations/{await ground.propose()}"
    left = [{"name": name, "left_on": "2026-02-28"} for name in ("Ada", "Grace")]
    await ground.api.put("/v1/departures", {"people": left}, status=200)
    headers = {"If-Match": (await ground.api.get(path)).headers["ETag"]}
    bodies = [{"people": [name], "reason": "The board has been dissolved."} for name in ("Linus", "Barbara", "Ken")]

    answers = await asyncio.gather(
        *(ground.api.post(f"{path}/reassignments", body, headers=headers) for body in bodies)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412], [answer.text for answer in answers]
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    (given,) = (await ground.api.get(path)).json()["reassignments"]
    assert won["reassignments"] == [given]
