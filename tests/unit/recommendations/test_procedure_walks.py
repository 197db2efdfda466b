"""A recommendation on its way: whoever decides, leaves, or takes over, it goes only where its procedure leads."""

from datetime import UTC, datetime
from itertools import chain, combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from feedback_core.kit.ids import new_id
from feedback_core.recommendations.procedures.calc import deciders, faults_of, is_stuck, may_decide
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

PEOPLE = ("Ada", "Grace", "Linus")
OUTSIDER = "Zoe"
ROLES = ("board", "clerk")
KEYS = ("a", "b", "c", "d")
CARRIED = [frozenset(some) for some in chain.from_iterable(combinations(ROLES, n) for n in range(3))]
NOW = datetime(2026, 3, 1, tzinfo=UTC)

people = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2).map(tuple)
somebody = st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1, max_size=2).map(tuple)
actors = st.builds(
    Actor, key_name=st.just(OUTSIDER), roles=st.sampled_from(CARRIED), on_behalf_of=st.sampled_from([*PEOPLE, None])
)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Steps a, b, …, the last an end, with ways on and back: by roles, by people, or by anybody."""
    count = draw(st.integers(2, 4))
    last, steps = KEYS[count - 1], []
    for place, key in enumerate(KEYS[: count - 1]):
        further = draw(st.lists(st.sampled_from(KEYS[:count]), unique=True, max_size=2))
        ways = tuple(
            StepTransition(to, tuple(draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=1))), draw(people))
            for to in dict.fromkeys([KEYS[place + 1], *further])
        )
        escalation = draw(st.none() | somebody.map(Escalation))
        steps.append(Step(key, key, State.PROPOSED if place == 0 else State.ACCEPTED, 7, escalation, ways))
    roles = (Role("board", "Board", draw(people)), Role("clerk", "Clerk"))
    of = Procedure("Ours", KEYS[0], (*steps, Step(last, last, State.DONE, None, None, ())), roles)
    assert faults_of(of) == []
    return of


class OnItsWay(RuleBasedStateMachine):
    """A recommendation under a procedure, told anew here: who may do what, and where it stands."""

    @initialize(of=procedures())
    def enters(self, of: Procedure) -> None:
        self.of, self.here = of, of.start
        self.path, self.gone = [of.start], set[str]()
        self.escalated = False
        self.given: Reassignment | None = None

    @property
    def step(self) -> Step:
        found = self.of.step(self.here)
        assert found is not None
        return found

    def may(self, actor: Actor, way: StepTransition) -> bool:
        return may_decide(
            actor, self.of, self.step, way, gone=self.gone, reassigned=self.given, escalated=self.escalated
        )

    def stuck(self) -> bool:
        return is_stuck(self.of, self.step, gone=self.gone, reassigned=self.given, escalated=self.escalated)

    @rule(actor=actors, to=st.sampled_from(KEYS))
    def somebody_decides(self, actor: Actor, to: str) -> None:
        way = self.step.transition(to)
        if way is None:
            return
        board = next(role for role in self.of.roles if role.key == "board")
        named = set(way.people) | (set(self.given.people) if self.given else set())
        if self.escalated and self.step.escalation:
            named |= set(self.step.escalation.to)
        by_role = ("clerk" in way.roles and "clerk" in actor.roles) or (
            "board" in way.roles and "board" in actor.roles and (not board.people or actor.name in board.people)
        )
        free = not way.people and not way.roles
        expected = actor.name not in self.gone and (free or actor.name in named or by_role)
        assert self.may(actor, way) == expected
        if expected:
            self.here, self.escalated, self.given = to, False, None
            self.path.append(to)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_leaves(self, who: str) -> None:
        self.gone.add(who)

    @precondition(lambda self: self.step.escalation is not None)
    @rule()
    def time_goes_by(self) -> None:
        self.escalated = True

    @precondition(lambda self: self.stuck())
    @rule(to=somebody)
    def it_is_given_to_others(self, to: tuple[str, ...]) -> None:
        self.given = Reassignment(new_id(), self.here, to, "All gone.", "admin", NOW)

    @invariant()
    def it_came_here_by_ways_of_the_procedure(self) -> None:
        for before, after in zip(self.path, self.path[1:], strict=False):
            step = self.of.step(before)
            assert step is not None
            assert step.transition(after) is not None

    @invariant()
    def it_is_stuck_exactly_when_nobody_at_all_could_take_a_way(self) -> None:
        everybody = [Actor(OUTSIDER, roles, on_behalf_of=name) for roles in CARRIED for name in (*PEOPLE, None)]
        could = any(self.may(actor, way) for actor in everybody for way in self.step.transitions)
        assert self.stuck() == (bool(self.step.transitions) and not could)

    @invariant()
    def whoever_is_said_to_decide_may(self) -> None:
        for way in self.step.transitions:
            who = deciders(self.of, self.step, way, gone=self.gone, reassigned=self.given, escalated=self.escalated)
            assert not who.people & self.gone
            assert all(self.may(Actor(OUTSIDER, frozenset(ROLES), on_behalf_of=name), way) for name in who.people)
            assert not who.anybody or self.may(Actor(OUTSIDER), way)


OnItsWay.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
TestOnItsWay = OnItsWay.TestCase
