"""What is wrong with a procedure, and who may decide: of data alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.ids import new_id
from feedback_core.recommendations.procedures.built_in import BUILT_IN
from feedback_core.recommendations.procedures.calc import (
    due_at,
    escalates_at,
    faults_of,
    is_stuck,
    may_decide,
)
from feedback_core.recommendations.procedures.types import (
    Actor,
    Escalation,
    Procedure,
    Reassignment,
    Role,
    Step,
    StepTransition,
)
from feedback_core.recommendations.types import RecommendationState as State

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOARD = Role("board", "Board", ("Ada", "Grace"))
CLERK = Role("clerk", "Clerk")


def way(to: str, *roles: str, people: tuple[str, ...] = ()) -> StepTransition:
    return StepTransition(to, roles, people)


def step(key: str, state: State, *ways: StepTransition, days: int | None = None) -> Step:
    return Step(key, key.title(), state, days, None, ways)


def procedure(*steps: Step, roles: tuple[Role, ...] = (BOARD, CLERK)) -> Procedure:
    return Procedure("Ours", steps[0].key, steps, roles)


DONE = step("done", State.DONE)


def told(of: Procedure, gone: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in faults_of(of, gone)}


def test_the_built_in_procedure_has_no_fault_and_equals_the_states() -> None:
    assert faults_of(BUILT_IN.procedure) == []
    assert {(each.key, each.state.value) for each in BUILT_IN.procedure.steps} == {(s.value, s.value) for s in State}


@pytest.mark.parametrize(
    ("of", "fault"),
    [
        (
            procedure(step("a", State.PROPOSED, way("done")), DONE, step("b", State.DONE)),
            ("/steps/2", "unreachable_step"),
        ),
        (
            procedure(step("a", State.PROPOSED, way("b"), way("done")), step("b", State.ACCEPTED), DONE),
            ("/steps/1/transitions", "step_without_exit"),
        ),
        (
            procedure(
                step("a", State.PROPOSED, way("b"), way("done")),
                step("b", State.ACCEPTED, way("c")),
                step("c", State.ACCEPTED, way("b")),
                DONE,
            ),
            ("/steps/1", "no_way_to_an_end"),
        ),
        (
            procedure(step("a", State.PROPOSED, way("done", "king")), DONE),
            ("/steps/0/transitions/0/roles/0", "unknown_role"),
        ),
        (procedure(step("a", State.PROPOSED, way("gone")), DONE), ("/steps/0/transitions/0/to", "unknown_step")),
        (procedure(step("a", State.ACCEPTED, way("done")), DONE), ("/steps/0/state", "start_is_decided")),
        (
            procedure(step("a", State.PROPOSED, way("done")), replace(DONE, days=3)),
            ("/steps/1/days", "deadline_at_end"),
        ),
        (
            procedure(
                replace(step("a", State.PROPOSED, way("done")), escalation=Escalation(("Ada",))),
                DONE,
            ),
            ("/steps/0/escalation", "escalation_without_deadline"),
        ),
        (procedure(step("a", State.PROPOSED, way("done")), DONE, DONE), ("/steps/2/key", "duplicate_key")),
    ],
)
def test_each_fault_is_named_where_it_is(of: Procedure, fault: tuple[str, str]) -> None:
    assert fault in told(of)


def test_nobody_who_left_can_be_named() -> None:
    of = procedure(step("a", State.PROPOSED, way("done", people=("Linus",))), DONE)

    assert told(of, ("Linus", "Grace")) == {
        ("/roles/0/people/1", "person_left"),
        ("/steps/0/transitions/0/people/0", "person_left"),
    }


def test_a_role_is_proved_by_the_key_and_the_person() -> None:
    decided = way("done", "board")
    here = step("a", State.PROPOSED, decided)
    of = procedure(here, DONE)

    def may(**who: object) -> bool:
        actor = Actor("key", **who)  # type: ignore[arg-type]
        return may_decide(actor, of, here, decided)

    board = frozenset({"board"})
    assert may(roles=board, on_behalf_of="Ada")
    assert not may(roles=board)  # the role names people, and the key's holder is none of them
    assert not may(roles=board, on_behalf_of="Linus")
    assert not may(on_behalf_of="Ada")  # named, but not by a key that carries the role


def test_a_role_without_people_is_the_keys_alone() -> None:
    decided = way("done", "clerk")
    here = step("a", State.PROPOSED, decided)

    assert may_decide(Actor("key", frozenset({"clerk"})), procedure(here, DONE), here, decided)
    assert not may_decide(Actor("key"), procedure(here, DONE), here, decided)


def test_a_step_is_stuck_once_all_its_people_have_left_until_it_is_given_to_others() -> None:
    here = Step("a", "A", State.PROPOSED, 3, Escalation(("Head",), 4), (way("done", "board"),))
    of = procedure(here, DONE)
    given_to = Reassignment(new_id(), "a", ("Linus",), "All gone.", "admin", NOW)

    def stuck(gone: set[str], given: Reassignment | None = None, *, escalated: bool = False) -> bool:
        return is_stuck(of, here, gone=gone, reassigned=given, escalated=escalated)

    assert not stuck({"Ada"})
    assert stuck({"Ada", "Grace"})
    assert not stuck({"Ada", "Grace"}, escalated=True)
    assert not stuck({"Ada", "Grace"}, given_to)
    assert stuck({"Ada", "Grace", "Linus"}, given_to)
    assert not is_stuck(of, DONE, gone={"Ada"}, reassigned=None)


def test_a_deadline_counts_from_when_the_step_was_entered() -> None:
    here = Step("a", "A", State.PROPOSED, 14, Escalation(("Head",), 7), (way("done"),))

    assert due_at(here, NOW) == NOW + timedelta(days=14)
    assert escalates_at(here, NOW) == NOW + timedelta(days=21)
    assert due_at(DONE, NOW) is None


KEYS = ["a", "b", "c", "d", "e"]


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    count = draw(st.integers(1, 5))
    keys = KEYS[:count]
    steps = []
    for place, key in enumerate(keys):
        state = State.PROPOSED if place == 0 else draw(st.sampled_from(list(State)))
        ways = draw(st.lists(st.sampled_from(keys), unique=True, max_size=3))
        steps.append(step(key, state, *(way(to) for to in ways)))
    return procedure(*steps)


@given(procedures())
def test_a_procedure_without_faults_leads_from_everywhere_to_an_end(of: Procedure) -> None:
    """The law behind the checks: whoever follows any ways from the start can still come to an end."""
    if faults_of(of):
        return
    reached, waiting = set(), [of.start]
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            here = of.step(key)
            assert here is not None
            waiting += [each.to for each in here.transitions]
    assert reached == {each.key for each in of.steps}
    for each in of.steps:
        seen, ahead = set(), [each.key]
        while ahead:
            key = ahead.pop()
            if key not in seen:
                seen.add(key)
                ahead += [other.to for other in (of.step(key) or DONE).transitions]
        assert any(not (of.step(key) or DONE).transitions for key in seen)
