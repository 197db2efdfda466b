"""Whatever happens to an invitation in whatever order: it moves as the machine says, and is answered once at most."""

import json
import os
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import strategies as st

from feedback_core.db.session import Database
from feedback_core.invitations.types.states import ENDED, MOVES, InvitationState
from tests.support.api import Api
from tests.support.invitations import ADA, conduct, invitations_of, invited, token_in
from tests.support.mailbox import Mailbox
from tests.support.signing import standard
from tests.support.surveys import Json, PublishedSurvey
from tests.support.walks import each_of

pytestmark = pytest.mark.xdist_group("invitations")

SECRET: Final = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMgb3I="
BY_LINK: Final = ("", "/open-response", "/submission", "/refusal", "/opt-out")
NOTED: Final = ("sent", "delivered", "refused", "ineligible", "bounced")
NOTICED: Final = ("delivered", "opened", "bounced", "complained", "deferred")
WALKS = st.lists(
    st.one_of(
        st.tuples(st.just("link"), st.sampled_from(BY_LINK)),
        st.tuples(st.just("note"), st.sampled_from(NOTED)),
        st.tuples(st.just("notice"), st.sampled_from(NOTICED)),
        st.tuples(st.just("cancel"), st.just("")),
    ),
    min_size=3,
    max_size=9,
)


async def test_invitations_move_as_the_machine_says_whatever_happens(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "INVITATIONS_NOTICE_SECRETS", SECRET)
    people = [{"email": f"w{number}@example.org", "ref": f"W-{number}"} for number in range(14)]
    batch = await conduct(api, database, await invited(api, survey.id, recipients=people))
    waiting = iter(await _linked(api, batch, mailbox))
    seen: set[str] = set()

    async def follow(walk: list[tuple[str, str]]) -> None:
        one = next(waiting)
        for kind, what in walk:
            before = (await api.get(one["api"])).json()
            status = await _do(api, one, kind, what)
            assert status < 500, (kind, what, status)
            after = (await api.get(one["api"])).json()
            _check(before, after)
            seen.add(after["state"])
        assert [step["number"] for step in after["steps"]] == list(range(1, len(after["steps"]) + 1))
        states = [InvitationState(step["state"]) for step in after["steps"]]
        assert all(one is other or other in MOVES[one] for one, other in pairwise(states))
        assert (after["response_id"] is not None) <= (after["state"] in {"completed", "partial"})

    await each_of(WALKS, follow)
    assert {"completed", "opted_out", "bounced", "cancelled"} <= seen
    answered = [each for each in await invitations_of(api, batch) if each["state"] == "completed"]
    kept = (await api.get(f"/v1/surveys/{survey.id}/responses", params={"limit": 100})).json()["items"]
    assert {each["id"] for each in kept} == {each["response_id"] for each in answered}


def _check(before: Json, after: Json) -> None:
    """One move, as the machine allows; what has ended stays as it is."""
    states = InvitationState(before["state"]), InvitationState(after["state"])
    assert states[0] is states[1] or states[1] in MOVES[states[0]], states
    if states[0] in ENDED:
        assert (before["state"], before["ended_at"], before["completed_at"]) == (
            after["state"],
            after["ended_at"],
            after["completed_at"],
        )
    assert len(after["steps"]) - len(before["steps"]) <= 2


async def _do(api: Api, one: Json, kind: str, what: str) -> int:
    """One thing that somebody does."""
    match kind:
        case "link":
            method, body = ("GET", None) if what == "" else ("POST", {"answers": {"nps": 7}})
            body = body if what in {"/open-response", "/submission"} else None
            return (await api.client.request(method, one["link"] + what, json=body)).status_code
        case "note":
            return (await api.post(f"{one['api']}/steps", {"happening": what})).status_code
        case "cancel":
            return (await api.post(f"{one['api']}/cancel")).status_code
    said = json.dumps({"items": [{"message_id": one["message_id"], "event": what}]}).encode()
    headers = standard(SECRET, said, datetime.now(UTC))
    return (await api.client.post("/v1/invitation-notices", content=said, headers=headers)).status_code


async def _linked(api: Api, batch: Json, mailbox: Mailbox) -> list[Json]:
    """Each invitation with its mail."""
    found = []
    for each in await invitations_of(api, batch):
        identifier = each["id"].replace("-", "")
        mail = next(mail for mail in mailbox.mails if identifier in mail["Message-ID"])
        found.append(
            {
                "api": f"/v1/invitations/{each['id']}",
                "link": f"/v1/invited/{token_in(mail)}",
                "message_id": mail["Message-ID"],
            }
        )
    return found


async def test_a_second_of_the_same_person_is_another_invitation(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    for _ in range(2):
        await conduct(api, database, await invited(api, survey.id, recipients=[ADA]))
    first, second = (token_in(mail) for mail in mailbox.mails)
    answers = [
        await api.client.post(f"/v1/invited/{token}/submission", json={"answers": {"nps": 5}})
        for token in (first, second)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
