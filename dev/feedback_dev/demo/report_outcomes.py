"""The second part of the report of the demonstration: what became of what was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from feedback_dev.demo.ferries import Truth
from feedback_dev.demo.outcomes import Acted, Decided, Effect, Outcomes, Written
from feedback_dev.demo.report import heading, line, show, table


def report_outcomes(console: Console, became: Outcomes, truth: Truth) -> None:
    """Print it."""
    _decided(console, became.decided)
    _acted(console, became.lane, truth.repair)
    _acted(console, became.signs, truth.signs)
    _told(console, became)
    _written(console, became.written)
    _events(console, became.events)


def _decided(console: Console, decided: Sequence[Decided]) -> None:
    heading(console, f"Decided by the line's own procedure, {decided[0].document}")
    for each in decided:
        met = ", ".join(kind.replace("_", " ") for kind in each.met_by)
        line(console, f"“{each.title}” (met by {met}) was {each.state} by {each.decided_by}: {each.reason}")
    codes = "; ".join(dict.fromkeys(code for each in decided for code in each.refusals))
    line(console, f"Tried before by others, and before its cost was known, and refused: {codes}.")


def _acted(console: Console, action: Acted, true: float) -> None:
    heading(console, action.title)
    line(console, f"Owned by {action.owner}; agreed to by {', '.join(action.agreed)}. Since January 2025.")
    line(console, action.effect.sentence)
    line(
        console, f"True effect: {round(true, 2) + 0:+.2f}. Told by {_method(action.effect)}; {_assumed(action.effect)}"
    )
    line(console, f"Closed as {action.outcome.replace('_', ' ')}; closing it as anything else was refused.")


def _method(effect: Effect) -> str:
    return (effect.method or "nothing").replace("_", " ")


def _assumed(effect: Effect) -> str:
    return f"it assumes: {' '.join(effect.assumes)}" if effect.assumes else "nothing could be compared."


def _told(console: Console, became: Outcomes) -> None:
    heading(console, "Told back")
    for told in became.public:
        line(console, told)
    followed = became.followed_up
    line(
        console,
        f"Of {followed.responses} visitors of the desk {followed.cases} was followed up, and {followed.outcome};"
        f" of the anonymous survey {followed.anonymous or 'nobody'}.",
    )
    sent = became.distributed
    line(console, f"“{sent.subject}” went to {sent.recipient} by mail: {', then '.join(sent.states)}.")


def _written(console: Console, written: Sequence[Written]) -> None:
    folder = written[0].path.parent
    heading(console, f"Reports, in {_near(folder)}")
    rows = table("audience", "files", "pages")
    for audience in dict.fromkeys(each.audience for each in written):
        of_it = [each for each in written if each.audience == audience]
        kinds = " ".join(each.format for each in of_it)
        rows.add_row(audience.replace("_", " "), kinds, str(max(each.pages for each in of_it)))
    show(console, rows)
    line(console, "Each page is there as a picture, and what everybody reads as you-said-we-did.html.")


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _events(console: Console, events: Mapping[str, int]) -> None:
    heading(console, "Events, as the feed tells them")
    line(console, ", ".join(f"{kind} {n:,}" for kind, n in events.items()) + ".")
