"""Vocabulary of how a collection goes: where people stop, which source is silent, what it costs, what is to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from feedback_core.kit.estimates import Estimate
from feedback_core.kit.money import Money


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Responses of a source, as they came.

    Attributes:
        source: a method, or a method and a key, as ``kiosk`` or ``kiosk:0192…``.
        gaps: pauses between the last of them.
        span: of all these pauses together, in seconds.
    """

    source: str
    last_at: datetime
    gaps: int
    span: float
    n: int


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has come of a source, against its usual pauses.

    Attributes:
        usual: mean of its last pauses, in seconds.
        silent: seconds since the last response.
        longest: seconds; a longer pause is a silence.
        false_alarm: share of the pauses of a source that goes on as usual that are as long.
        p: chance of a pause as long as this one.
    """

    source: str
    last_at: datetime
    n: int
    gaps: int
    usual: float
    silent: float
    longest: float
    false_alarm: float
    p: float

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come for longer than chance explains."""
        return self.silent > self.longest


@dataclass(frozen=True, slots=True)
class Spending:
    """What a method has cost so far; ``cost`` is in the smallest unit of its currency.

    Attributes:
        measured: part of it that was counted with each message; the rest is by the cost model.
    """

    method: str
    contacts: int
    completes: int
    cost: float
    currency: str
    measured: float = 0.0


@dataclass(frozen=True, slots=True)
class CostSoFar:
    """What the collection has cost, against what may be spent.

    Attributes:
        spent: in the currency of the budget, or the only one; ``None``: several currencies and no budget.
        share: of the budget.
        at_end: expected when all who are expected have answered.
    """

    methods: tuple[Spending, ...]
    spent: Money | None
    budget: Money | None
    share: float | None
    at_end: Money | None
    share_at_end: float | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many will have completed when the collection ends.

    Attributes:
        completed: so far.
        final: expected, with its prediction interval: never below ``completed``, nor above all who could still.
        outstanding: who could still, those not sent yet among them.
        days_left: until it ends; ``None``: it has no end, so as long as any was observed.
        method: ``response_curve`` of the invitations so far, or the ``plan``'s rate while there are too few.
    """

    completed: int
    final: Estimate
    outstanding: int
    days_left: int | None
    method: Literal["response_curve", "plan"]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where people stop: one question.

    Attributes:
        reached: who began and came at least so far: completed, or answered this or a later one.
        left: of them, those whose last answer this is.
        rate: the share of these.
        seconds: median from the answer before, where answers came one by one; ``None``: too few.
        timed: on how many that rests.
    """

    question: str
    reached: int
    left: int
    rate: Estimate | None
    seconds: float | None = None
    timed: int = 0


@dataclass(frozen=True, slots=True)
class DropOff:
    """Where people stop.

    Attributes:
        begun: began to answer and are not doing so now.
        answering: are doing so now.
        left_at_start: began and gave no answer.
    """

    begun: int
    answering: int
    left_at_start: int
    questions: tuple[Leaving, ...]
