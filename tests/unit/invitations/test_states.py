"""How invitations move: laws of the machine, and what each counts as."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.fieldwork.invited import disposition_of_invitation
from feedback_core.fieldwork.types import ContactPolicy, Disposition
from feedback_core.invitations.calc.steps import after
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import ENDED, MOVES, PROGRESS, EndReason, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, moved
from feedback_core.kit.ids import new_id
from feedback_core.planning.types import CollectionMethod

S = InvitationState
AT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
HAPPENINGS = st.lists(st.sampled_from(S), max_size=12)


def invitation(**fields: object) -> Invitation:
    """One that was just made."""
    names = dict.fromkeys(Invitation.__dataclass_fields__)
    values = {
        **names,
        "id": new_id(),
        "method": CollectionMethod.EMAIL,
        "state": S.CREATED,
        "created_at": AT,
        "expires_at": AT + timedelta(days=30),
        "next_at": AT,
        "messages_sent": 0,
        "reminders_sent": 0,
        "attempts": 0,
        "cost": 0.0,
        "revision": 1,
        "keeps_response": True,
        "resumable": True,
        **fields,
    }
    return Invitation(**values)  # type: ignore[arg-type]


def walked(happenings: list[S], **fields: object) -> list[Invitation]:
    """The invitation after each that could happen."""
    found = [invitation(**fields)]
    for number, state in enumerate(happenings):
        what = Happened(found[-1], state, response_id=new_id(), open_response_id=new_id())
        now = moved(what, at=AT + timedelta(hours=number))
        found += [now] if now is not None else []
    return found


def test_every_state_says_what_follows() -> None:
    assert set(MOVES) == set(S)
    assert all(not MOVES[state] for state in ENDED)
    assert all(S.CREATED not in following for following in MOVES.values())


@given(HAPPENINGS)
def test_states_follow_the_machine_and_progress_never_goes_back(happenings: list[S]) -> None:
    walk = walked(happenings)
    for one, other in pairwise(walk):
        assert other.state is one.state or other.state in MOVES[one.state]
        if one.state in PROGRESS and other.state in PROGRESS:
            assert PROGRESS.index(one.state) <= PROGRESS.index(other.state)
        if one.state in ENDED:
            assert (other.state, other.ended_at, other.completed_at) == (one.state, one.ended_at, one.completed_at)


@given(HAPPENINGS)
def test_what_was_dated_keeps_its_date(happenings: list[S]) -> None:
    columns = ("sent_at", "delivered_at", "opened_at", "started_at", "completed_at")
    for one, other in pairwise(walked(happenings)):
        for column in columns:
            assert getattr(one, column) in {None, getattr(other, column)}


@given(HAPPENINGS)
def test_nothing_more_is_sent_once_it_has_ended(happenings: list[S]) -> None:
    for found in walked(happenings):
        assert found.next_at is None or found.state in PROGRESS


@given(HAPPENINGS)
def test_an_anonymous_answer_leaves_a_day_and_nothing_that_leads_to_it(happenings: list[S]) -> None:
    for found in walked(happenings, keeps_response=False):
        assert found.response_id is found.open_response_id is None or not _answered(happenings)
        for at in (found.started_at, found.completed_at):
            assert at is None or (at.hour, at.minute) == (0, 0)
        assert found.state is not S.PARTIAL or (found.ended_at is not None and found.ended_at.hour == 0)


def _answered(happenings: list[S]) -> bool:
    return set(happenings) <= {S.STARTED, S.COMPLETED, S.PARTIAL}


def test_what_is_told_late_is_dated_and_changes_nothing_else() -> None:
    found = after(S.COMPLETED, S.DELIVERED)
    assert found is not None
    assert (found.state, found.column) == (S.COMPLETED, "delivered_at")
    assert after(S.COMPLETED, S.BOUNCED) is None


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"state": S.CREATED}, None),
        ({"state": S.CANCELLED}, None),
        ({"state": S.SENT, "sent_at": AT}, Disposition.UNKNOWN_OTHER),
        ({"state": S.OPENED, "opened_at": AT}, Disposition.REFUSAL),
        ({"state": S.STARTED, "started_at": AT}, Disposition.REFUSAL),
        ({"state": S.COMPLETED}, Disposition.COMPLETE),
        ({"state": S.PARTIAL}, Disposition.PARTIAL),
        ({"state": S.REFUSED}, Disposition.REFUSAL),
        ({"state": S.OPTED_OUT}, Disposition.REFUSAL),
        ({"state": S.INELIGIBLE}, Disposition.INELIGIBLE),
        ({"state": S.BOUNCED, "reason": EndReason.UNDELIVERABLE}, Disposition.UNKNOWN_OTHER),
        ({"state": S.EXPIRED, "sent_at": AT}, Disposition.UNKNOWN_OTHER),
        ({"state": S.EXPIRED, "sent_at": AT, "started_at": AT}, Disposition.REFUSAL),
    ],
)
def test_each_counts_as_what_it_is(fields: dict[str, object], counts: Disposition | None) -> None:
    assert disposition_of_invitation(replace(invitation(), **fields), ContactPolicy()) is counts  # type: ignore[arg-type]


def test_what_bounced_counts_as_the_policy_says_and_who_had_no_address_does_not() -> None:
    policy = ContactPolicy(bounce="ineligible")
    bounced = replace(invitation(), state=S.BOUNCED, reason=EndReason.UNDELIVERABLE)
    without = replace(bounced, reason=EndReason.NO_ADDRESS)
    assert disposition_of_invitation(bounced, policy) is Disposition.INELIGIBLE
    assert disposition_of_invitation(without, policy) is Disposition.UNKNOWN_OTHER
