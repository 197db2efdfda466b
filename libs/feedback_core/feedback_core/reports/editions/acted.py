"""What was done about recommendations, whether it worked, and what is due: for those inside, and for customers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from feedback_core.kpis.wording import difference_of, quantity_of
from feedback_core.recommendations.actions.types import OPEN, ActionOutcome, ActionState
from feedback_core.recommendations.effect.charts import effects_charts
from feedback_core.recommendations.effect.types import EffectOutcome, EffectVerdict
from feedback_core.reports.editions.making import Making
from feedback_core.reports.editions.wording import day, ended
from feedback_core.reports.model import Block, Cell, Column, Figure, Nature, Picture, Points, Table, Words
from feedback_core.reports.source import ActionFact, Proposal

_STATES: Final = {
    ActionState.PLANNED: "planned",
    ActionState.AGREED: "agreed",
    ActionState.UNDER_WAY: "under way",
    ActionState.COMPLETED: "done",
}
_OUTCOMES: Final = {
    ActionOutcome.EFFECTIVE: "done, and it worked",
    ActionOutcome.NOT_EFFECTIVE: "done, and it did not work",
    ActionOutcome.UNKNOWN: "done; whether it worked is not known",
}
_VERDICTS: Final = {
    EffectVerdict.EFFECTIVE: "it worked",
    EffectVerdict.NOT_EFFECTIVE: "it did not work",
    EffectVerdict.CANNOT_BE_TOLD: "cannot be told",
}


def actions(making: Making) -> list[Block]:
    """Every action with who owns it, where the audience may know, until when, how it stands and what it changed."""
    pairs = [(proposal, action) for proposal in making.proposals for action in proposal.actions]
    if not pairs:
        return []
    columns = [
        Column("action", "Action", "What is done", is_quoted=True),
        Column("recommendation", "About", "Recommendation that it follows", is_quoted=True),
        Column("due", "Due", "Day by which it is to be done"),
        Column("state", "State", "How far it has come"),
        Column("changed", "Changed", "What it did to the figure, with its interval; see the analysis of its effect"),
        Column("worked", "Did it work?", "Told from the interval; otherwise it cannot be told"),
    ]
    if making.profile.owners:
        columns.insert(2, Column("owner", "Owner", "Who sees to it", is_quoted=True))
    rows = tuple(_row(proposal, action, owners=making.profile.owners) for proposal, action in pairs)
    blocks: list[Block] = [
        Table("actions", "What is done about it", tuple(columns), rows, Nature.FACT),
    ]
    told = [(action.title, action.effect.outcome) for _, action in pairs if action.effect]
    if told and making.profile.reasons:
        blocks.append(Points(tuple(ended(outcome.sentence) for _, outcome in told), Nature.JUDGEMENT))
    if making.profile.series:
        blocks += [Picture(chart, Nature.JUDGEMENT) for chart in effects_charts(told)]
    return blocks


def due(making: Making) -> list[Block]:
    """What is to be done by when, what was to be done by now, and whose effect is still to be looked at."""
    known = _known_on(making)
    waiting = sorted(
        (action for action in making.actions() if action.state in OPEN), key=lambda each: (each.due_on, each.title)
    )
    late = [action for action in waiting if action.due_on < known]
    ahead = [action for action in waiting if action.due_on >= known]
    blocks: list[Block] = []
    if late:
        blocks += [Words("This was to be done, and is not:"), Points(tuple(_due(making, a) for a in late), Nature.FACT)]
    if ahead:
        blocks += [Words("This is to be done:"), Points(tuple(_due(making, a) for a in ahead), Nature.FACT)]
    unseen = [action for action in making.actions() if action.state is ActionState.COMPLETED]
    if unseen:
        told = tuple(_to_be_seen(action) for action in unseen)
        blocks += [Words("Whether this worked is still to be told:"), Points(told, Nature.FACT)]
    return blocks


def done_for_customers(agreed: Sequence[Proposal]) -> list[Block]:
    """What was done, in the words in which it was published."""
    public = dict.fromkeys(words for proposal in agreed for action in proposal.actions for words in action.public)
    return [Words("What we did:"), Points(tuple(public), Nature.FACT)] if public else []


def worked_for_customers(proposal: Proposal) -> str:
    """What is known of whether it worked; empty where nothing is, and never in internal words."""
    found = [action for action in proposal.actions if action.outcome is not None and action.change_on is not None]
    if not found:
        return ""
    last = max(found, key=lambda action: (action.change_on or date.min, action.title))
    if last.outcome is ActionOutcome.UNKNOWN or last.effect is None or last.effect.outcome.effect is None:
        return "; whether it worked cannot be told"
    figure = _changed(last.effect.outcome)
    worked = "it worked" if last.outcome is ActionOutcome.EFFECTIVE else "it did not work"
    return f"; {worked}: the figure changed by {figure.text} ({figure.interval_text})"


def ahead_for_customers(agreed: Sequence[tuple[str, Proposal]]) -> Iterator[str]:
    """By when what was agreed is to be done, feature by feature."""
    for subject, proposal in agreed:
        days = [action.due_on for action in proposal.actions if action.state in OPEN]
        if days:
            yield f"{subject}: what we change is to be ready by {_date(max(days))}."


def _row(proposal: Proposal, action: ActionFact, *, owners: bool) -> tuple[Cell, ...]:
    effect = action.effect.outcome if action.effect else None
    cells: list[Cell] = [action.title, proposal.candidate.title]
    if owners:
        cells.append(action.owner)
    changed = _changed(effect) if effect is not None and effect.effect is not None else None
    return (*cells, _date(action.due_on), _state(action), changed, _worked(action, effect))


def _state(action: ActionFact) -> str:
    if action.state is not ActionState.CLOSED:
        return _STATES[action.state]
    if action.change_on is None or action.outcome is None:
        return "given up"
    return _OUTCOMES[action.outcome]


def _worked(action: ActionFact, effect: EffectOutcome | None) -> str:
    if effect is not None:
        return _VERDICTS[effect.verdict]
    return "not looked at yet" if action.change_on is not None else "too early to tell"


def _changed(outcome: EffectOutcome) -> Figure:
    """The effect as a reader sees it: signed, shares in percentage points."""
    assert outcome.effect is not None
    quantity, times = difference_of(quantity_of(outcome.subject, outcome.unit, outcome.bounds))
    unit = f" {quantity.unit}" if quantity.unit else ""

    def signed(value: float) -> str:
        return f"{'+' if value > 0 else ''}{quantity.text(value * times)}"

    limits = outcome.effect.interval
    return Figure(
        value=outcome.effect.value,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        level=limits.level if limits else None,
        n=outcome.effect.n,
        text=f"{signed(outcome.effect.value)}{unit}",
        interval_text=f"{signed(limits.low)} to {signed(limits.high)}" if limits else "",
        pointer="/effect",
    )


def _due(making: Making, action: ActionFact) -> str:
    who = f" ({action.owner})" if making.profile.owners else ""
    return f"{_date(action.due_on)}: {action.title}{who}, {_STATES[action.state]}."


def _to_be_seen(action: ActionFact) -> str:
    begun = "" if action.change_on is None else f", in force from {_date(action.change_on)}"
    possible = action.effect.outcome.possible_from if action.effect else None
    when = "" if possible is None else f"; at the pace of answers it can be told from {_date(possible)} on"
    return f"{action.title}{begun}{when}."


def _known_on(making: Making) -> date:
    """The day of the newest thing that the edition knows, so that nothing in it depends on when it is written."""
    known: list[datetime] = [making.source.run.read_at]
    known += [action.changed_at for action in making.actions()]
    known += [p.standing.decided_at for p in making.proposals if p.standing and p.standing.decided_at]
    return max(known).date()


def _date(found: date) -> str:
    return day(datetime(found.year, found.month, found.day))  # noqa: DTZ001 - a day, wherever it is
